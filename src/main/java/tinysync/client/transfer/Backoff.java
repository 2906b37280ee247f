package tinysync.client.transfer;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How long to wait after the n-th failure in a row: 0.2 s doubling to 30 s, of which between half and all is taken, so
 * that a thousand clients do not come back to a restarted server in the same moment. Guarded by who uses it.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final LongSupplier chance;
    private Duration next = FIRST;

    /**
     * @param chance any 64 bits
     */
    Backoff(LongSupplier chance) {
        this.chance = Objects.requireNonNull(chance);
    }

    Duration next() {
        long half = next.toMillis() / 2;
        Duration pause = Duration.ofMillis(half + Math.floorMod(chance.getAsLong(), half + 1));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }

    void reset() {
        next = FIRST;
    }
}
