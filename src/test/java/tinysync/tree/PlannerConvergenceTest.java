package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.tree.ModelWorld.Work;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Two devices, worked on apart, always come to the same tree without losing what was written. A failure names its seed
 * and tells the story; {@code -Dtinysync.seed=N} runs that one alone, {@code -Dtinysync.seeds=N} another number of
 * them.
 */
class PlannerConvergenceTest {
    private static final int SEEDS = Integer.getInteger("tinysync.seeds", 3_000);

    @Test
    void workDoneApartComesTogether() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.ANYTHING),
                world -> {
                    world.workApart(6);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                });
    }

    @Test
    void aSingleConflictComesTogether() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.ANYTHING),
                world -> {
                    world.workApart(2);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                });
    }

    @Test
    void interruptedAndPartialPlansComeTogether() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.ANYTHING),
                world -> {
                    world.workApart(8);
                    world.syncInPieces(10, false);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                });
    }

    @Test
    void peopleWhoGoOnWorkingComeTogether() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.ANYTHING),
                world -> {
                    world.workApart(5);
                    world.syncInPieces(30, true);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                });
    }

    @Test
    void aDeviceThatLostItsMemoryLosesNothing() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.ANYTHING),
                world -> {
                    world.workApart(4);
                    world.syncInPieces(4, true);
                    world.forgetEverything();
                    world.workApart(2);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                });
    }

    @Test
    void renamesNeverCarryContent() {
        each(
                SEEDS,
                seed -> new ModelWorld(seed, Work.RENAMES),
                world -> {
                    int puts = world.left().puts() + world.right().puts();
                    int shows = world.left().shows() + world.right().shows();
                    world.workApart(6);
                    world.syncInPieces(6, true);
                    world.settle();
                    world.requireEqualTrees();
                    world.requireNoLoss();
                    assertEquals(puts, world.left().puts() + world.right().puts(), "mutations with content");
                    assertEquals(shows, world.left().shows() + world.right().shows(), "downloads");
                });
    }

    private static void each(int seeds, java.util.function.LongFunction<ModelWorld> make, Consumer<ModelWorld> run) {
        Long only = Long.getLong("tinysync.seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? seeds : only + 1); seed++) {
            ModelWorld world = make.apply(seed);
            try {
                world.populate(3 + new Random(seed).nextInt(8));
                run.accept(world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + world.story(), e);
            }
        }
    }
}
