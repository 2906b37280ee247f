package tinysync.client.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Jobs in a row, and up to so many threads that take them from its head, several at once where that pays. A thread
 * lives only while there are jobs. Thread-safe.
 */
final class Lane<T> implements AutoCloseable {
    private final int threadsMax;
    private final Function<Deque<T>, List<T>> take;
    private final Consumer<List<T>> work;
    private final Deque<T> waiting = new ArrayDeque<>();
    private final Set<Thread> threads = new HashSet<>();
    private boolean closed;

    /**
     * @param take removes at least one job from the head of the row
     * @param work does them; interrupted when the lane closes
     */
    Lane(int threadsMax, Function<Deque<T>, List<T>> take, Consumer<List<T>> work) {
        this.threadsMax = threadsMax;
        this.take = Objects.requireNonNull(take);
        this.work = Objects.requireNonNull(work);
    }

    /** After closing, jobs are dropped. */
    synchronized void add(T job) {
        if (closed) {
            return;
        }
        waiting.add(job);
        startThread();
    }

    /** Guarded by the caller. */
    private void startThread() {
        if (threads.size() < threadsMax) {
            Thread thread = Thread.ofVirtual().unstarted(this::run);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        try {
            for (List<T> jobs = next(); !jobs.isEmpty(); jobs = next()) {
                work.accept(jobs);
            }
        } finally {
            leave();
        }
    }

    private synchronized List<T> next() {
        if (closed || waiting.isEmpty()) {
            // Under the same lock as add: a job that comes now finds the place free.
            threads.remove(Thread.currentThread());
            return List.of();
        }
        return take.apply(waiting);
    }

    /** After a fault, which ends its thread, another takes what waits. */
    private synchronized void leave() {
        threads.remove(Thread.currentThread());
        if (!waiting.isEmpty()) {
            startThread();
        }
    }

    /** Drops what waits, interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            waiting.clear();
            ending = new ArrayList<>(threads);
        }
        ending.remove(Thread.currentThread());
        ending.forEach(Thread::interrupt);
        try {
            for (Thread thread : ending) {
                thread.join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
