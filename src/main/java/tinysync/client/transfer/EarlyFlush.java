package tinysync.client.transfer;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes a large file durable beside other work: whoever needs it durable in the end waits only for the rest. On a
 * thread of the system's, since a flush that takes seconds must not hold one of the few that carry virtual threads.
 */
final class EarlyFlush {
    /** Below this size the flush is quicker than what it would save; many files are better flushed all at once. */
    static final long WORTH_BYTES = 64L << 20;

    /** The flush of one file. */
    @FunctionalInterface
    interface Flushing {
        void run() throws IOException;
    }

    private final FutureTask<Optional<IOException>> task;

    private EarlyFlush(FutureTask<Optional<IOException>> task) {
        this.task = task;
    }

    static EarlyFlush begin(Flushing flushing) {
        FutureTask<Optional<IOException>> task = new FutureTask<>(() -> tried(flushing));
        Thread.ofPlatform().name("early-flush").daemon().start(task);
        return new EarlyFlush(task);
    }

    private static Optional<IOException> tried(Flushing flushing) {
        try {
            flushing.run();
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(failed);
        }
    }

    /** Waits for its end, and throws what went wrong. */
    void await() throws IOException, InterruptedException {
        try {
            Optional<IOException> failed = task.get();
            if (failed.isPresent()) {
                throw failed.get();
            }
        } catch (ExecutionException fault) {
            throw new IllegalStateException("a flush broke", fault.getCause());
        }
    }
}
