package tinysync.server.http;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How much memory the request bodies that are held whole may take together. Thread-safe. */
final class MemoryBudget {
    private static final int UNIT = 1 << 10;
    private static final long PATIENCE_SECONDS = 10;

    private final int units;
    private final Semaphore free;

    MemoryBudget(long bytes) {
        this.units = Math.toIntExact(Math.max(1, bytes / UNIT));
        this.free = new Semaphore(units, true);
    }

    /** A part of the budget, until it is closed. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for room. More than there is at all counts as all there is.
     *
     * @throws Refusal unavailable
     */
    Share take(long bytes) {
        int wanted = (int) Math.min(units, bytes / UNIT + 1);
        try {
            if (!free.tryAcquire(wanted, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new Refusal(ErrorCode.UNAVAILABLE, "too many large requests at once; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(ErrorCode.UNAVAILABLE, "interrupted; try again");
        }
        return () -> free.release(wanted);
    }
}
