package tinysync.sim;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/** All chance of a world, from one seed. */
public final class Chance {
    private final Random random;

    public Chance(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 17);
    }

    /** 0 … bound - 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** True this many times in a hundred. */
    public boolean percent(int percent) {
        return below(100) < percent;
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    public UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** 16 hex digits. */
    public String tag() {
        return String.format("%016x", random.nextLong());
    }
}
