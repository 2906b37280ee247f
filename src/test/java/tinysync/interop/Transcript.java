package tinysync.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a peer has said of its connections, a line each: {@code LABEL EVENT}. Thread-safe. */
final class Transcript {
    private static final long PATIENCE_SECONDS = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<String> lines = new ArrayList<>();

    void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once it was said. */
    void await(String line) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!lines.contains(line)) {
                if (left <= 0) {
                    throw new AssertionError("never said: " + line + "; said: " + lines);
                }
                left = added.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** All that was said of one connection so far, in order. */
    List<String> of(String label) {
        lock.lock();
        try {
            return lines.stream()
                    .filter(line -> line.startsWith(label + " "))
                    .map(line -> line.substring(label.length() + 1))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
