package tinysync.sim;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Many random worlds. {@code -Dtinysync.seed=N} replays one; {@code -Dtinysync.seeds=N} runs that many, {@code
 * -Dtinysync.firstSeed=N} from another first one on.
 */
class RandomWorldsTest {
    private static final int PER_TEST = 100;

    @TestFactory
    Stream<DynamicTest> everyWorldComesToRestWithNothingLost() {
        Long one = Long.getLong("tinysync.seed");
        if (one != null) {
            return Stream.of(DynamicTest.dynamicTest("seed " + one, () -> new RandomLife(one).run()));
        }
        long first = Long.getLong("tinysync.firstSeed", 1);
        long count = Long.getLong("tinysync.seeds", 2_000);
        return LongStream.iterate(first, from -> from < first + count, from -> from + PER_TEST)
                .mapToObj(
                        from -> {
                            long to = Math.min(from + PER_TEST, first + count);
                            return DynamicTest.dynamicTest("seeds " + from + " to " + (to - 1), () -> run(from, to));
                        });
    }

    private static void run(long from, long to) {
        for (long seed = from; seed < to; seed++) {
            try {
                new RandomLife(seed).run();
            } catch (RuntimeException | AssertionError fault) {
                throw new AssertionError(
                        "seed " + seed + " (-Dtinysync.seed=" + seed + "): " + fault.getMessage(), fault);
            }
        }
    }
}
