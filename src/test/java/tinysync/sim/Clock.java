package tinysync.sim;

import java.time.Duration;
import java.time.Instant;

/** The time of a world: moves only when the world says so. */
public final class Clock {
    private Instant now = Instant.parse("2026-11-21T07:45:00Z");

    public Instant now() {
        return now;
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }

    /** Moves on to {@code at}, never back. */
    public void advanceTo(Instant at) {
        now = at.isAfter(now) ? at : now;
    }
}
