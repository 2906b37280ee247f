package tinysync.client.transfer;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Counts bytes, and how many there were per second of late. Thread-safe. */
public final class RateMeter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SECONDS = 5;

    private final LongSupplier nanos;

    /** A ring of whole seconds; the one after the newest is the oldest. */
    private final long[] bySecond = new long[SECONDS];

    private long newest;
    private long total;

    /**
     * @param nanos a clock that never goes back, in nanoseconds
     */
    public RateMeter(LongSupplier nanos) {
        this.nanos = Objects.requireNonNull(nanos);
        this.newest = second();
    }

    public synchronized void add(long bytes) {
        advance();
        total += bytes;
        bySecond[slot(newest)] += bytes;
    }

    /** All bytes since the beginning. */
    public synchronized long total() {
        return total;
    }

    /** Bytes per second over the last five seconds, the running one included. */
    public synchronized long perSecond() {
        advance();
        return Arrays.stream(bySecond).sum() / SECONDS;
    }

    private void advance() {
        long now = second();
        if (now - newest >= SECONDS) {
            Arrays.fill(bySecond, 0);
            newest = now;
        }
        while (newest < now) {
            newest++;
            bySecond[slot(newest)] = 0;
        }
    }

    private long second() {
        return Math.floorDiv(nanos.getAsLong(), NANOS_PER_SECOND);
    }

    private static int slot(long second) {
        return Math.floorMod(second, SECONDS);
    }
}
