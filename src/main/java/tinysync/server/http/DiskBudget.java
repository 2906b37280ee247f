package tinysync.server.http;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all requests and answers that wait in files may take together. Nobody waits for room: who finds none
 * has been sending all the time, and comes again later. Thread-safe.
 */
final class DiskBudget {
    /** Sixty-four of the largest bodies; far below what a disk with vaults on it has to spare. */
    static final long USUAL = 1L << 30;

    private final AtomicLong free;

    DiskBudget(long bytes) {
        free = new AtomicLong(bytes);
    }

    /**
     * Takes room for so many bytes, until they are given back.
     *
     * @throws Refusal unavailable
     */
    void take(long bytes) {
        if (free.addAndGet(-bytes) < 0) {
            free.addAndGet(bytes);
            throw new Refusal(ErrorCode.UNAVAILABLE, "too many large requests wait at once; try again");
        }
    }

    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }

    /** The bytes that nobody has taken. */
    long free() {
        return free.get();
    }
}
