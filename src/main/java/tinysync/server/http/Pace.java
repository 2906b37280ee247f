package tinysync.server.http;

import tinysync.platform.SystemClock;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * How fast the peer of one request moves. Each wait for the peer uses up patience, each byte gives some back; when none
 * is left, the waiting thread is interrupted, which closes the connection. The time that the server itself takes does
 * not count, and a thread is only ever interrupted inside a wait for its peer.
 */
final class Pace {
    /** The pace of the request that this thread serves. */
    static final ScopedValue<Pace> CURRENT = ScopedValue.newInstance();

    private static final double NANOS_PER_SECOND = 1e9;

    private final Thread thread;
    private final SystemClock clock;
    private final long headNanos;
    private final long stallNanos;
    private final double nanosPerByte;

    private long patience;
    private long waitingSince;
    private boolean waiting;
    private boolean cut;

    /** Something that reads from the peer or writes to it; says how many bytes it moved. */
    interface Transfer {
        int run() throws IOException;
    }

    Pace(Thread thread, SystemClock clock, HttpTimes times) {
        this.thread = thread;
        this.clock = clock;
        this.headNanos = times.head().toNanos();
        this.stallNanos = times.stall().toNanos();
        this.nanosPerByte = NANOS_PER_SECOND / times.minBytesPerSecond();
    }

    /** The JDK reads the head now. */
    synchronized void awaitHead() {
        patience = headNanos;
        begin();
    }

    /** The head is there. */
    synchronized void headRead() throws IOException {
        finish(0);
        patience = stallNanos;
    }

    /** The request is over, in whatever way. */
    synchronized void end() {
        waiting = false;
    }

    /** Does {@code transfer}, which may wait for the peer. */
    int transfer(Transfer transfer) throws IOException {
        synchronized (this) {
            begin();
        }
        int moved = 0;
        try {
            moved = transfer.run();
            return moved;
        } finally {
            finish(Math.max(0, moved));
        }
    }

    private void begin() {
        waitingSince = clock.monotonicNanos();
        waiting = true;
    }

    private synchronized void finish(int moved) throws IOException {
        waiting = false;
        patience -= clock.monotonicNanos() - waitingSince;
        patience = Math.min(stallNanos, patience + (long) (moved * nanosPerByte));
        if (cut) {
            // It came too late to stop the wait; nothing else of this thread may feel it.
            Thread.interrupted();
            throw new InterruptedIOException("the peer is too slow");
        }
    }

    /** Called by the watchdog. */
    synchronized void check(long now) {
        if (waiting && !cut && now - waitingSince > patience) {
            cut = true;
            thread.interrupt();
        }
    }
}
