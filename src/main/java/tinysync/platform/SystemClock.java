package tinysync.platform;

import java.time.Duration;
import java.time.Instant;

/** The clocks of this machine; the only class that may read them. Thread-safe. */
public final class SystemClock {
    /** The time of day, which may jump when someone sets it: for display and for records, not for measuring. */
    public Instant now() {
        return Instant.now();
    }

    /** Nanoseconds since an arbitrary moment, never going back while this process runs. */
    public long monotonicNanos() {
        return System.nanoTime();
    }

    /** Waits at least this long; returns at once for zero or less. */
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
