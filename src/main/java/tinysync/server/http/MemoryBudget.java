package tinysync.server.http;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much memory all that is held for requests may take together: bodies, what was parsed of them, and what of them
 * waits for a vault. Whoever holds a share takes no second one, so nobody waits for room while he fills it.
 * Thread-safe.
 *
 * <p>Half of it is only for who needs nothing more from his peer: peers that are slow can fill the other half for long,
 * and never stop those whose request is here whole.
 */
final class MemoryBudget {
    private static final int UNIT = 1 << 10;
    private static final long MAX = 256L << 20;

    /** The rest of the heap is for what every request costs, for the databases' statements, and for the collector. */
    private static final int HEAP_PARTS = 3;

    private final int units;
    private final Duration patience;
    private final Semaphore free;
    private final Semaphore freeForPeers;

    MemoryBudget(long bytes, Duration patience) {
        this.units = Math.toIntExact(Math.max(2, bytes / UNIT));
        this.patience = patience;
        this.free = new Semaphore(units, true);
        this.freeForPeers = new Semaphore(units / 2);
    }

    /** The budget of a process with so large a heap. */
    static MemoryBudget ofHeap(long heapBytes) {
        return new MemoryBudget(Math.min(MAX, heapBytes / HEAP_PARTS), Duration.ofSeconds(30));
    }

    /** A part of the budget, until it is closed; closing it again changes nothing. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for room, for work that waits for no peer.
     *
     * @throws Refusal unavailable after a while; body_too_large where there can never be so much room
     */
    Share take(long bytes) {
        long wanted = units(bytes);
        if (wanted > units) {
            throw new Refusal(
                    ErrorCode.BODY_TOO_LARGE,
                    "this request takes " + bytes + " bytes of memory, and the server has " + (long) units * UNIT);
        }
        try {
            if (!free.tryAcquire((int) wanted, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refusal(ErrorCode.UNAVAILABLE, "too many large requests at once; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(ErrorCode.UNAVAILABLE, "interrupted; try again");
        }
        return new Taken(() -> free.release((int) wanted));
    }

    /** Takes room for bytes that a peer is still to send, if there is some right now. */
    Optional<Share> tryTakeForPeer(long bytes) {
        long wanted = units(bytes);
        if (wanted > units / 2 || !freeForPeers.tryAcquire((int) wanted)) {
            return Optional.empty();
        }
        // Fair to those who wait: a plain tryAcquire would pass them by.
        boolean taken = !free.hasQueuedThreads() && free.tryAcquire((int) wanted);
        if (!taken) {
            freeForPeers.release((int) wanted);
            return Optional.empty();
        }
        return Optional.of(
                new Taken(
                        () -> {
                            free.release((int) wanted);
                            freeForPeers.release((int) wanted);
                        }));
    }

    private static long units(long bytes) {
        return bytes / UNIT + 1;
    }

    /** The bytes that nobody has taken. */
    long free() {
        return (long) free.availablePermits() * UNIT;
    }

    private static final class Taken implements Share {
        private Optional<Runnable> release;

        Taken(Runnable release) {
            this.release = Optional.of(release);
        }

        @Override
        public synchronized void close() {
            release.ifPresent(Runnable::run);
            release = Optional.empty();
        }
    }
}
