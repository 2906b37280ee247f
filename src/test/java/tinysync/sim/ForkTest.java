package tinysync.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tinysync.client.engine.Effect;
import tinysync.tree.Cursor;
import tinysync.tree.ItemId;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The server is restored from an older copy: no file of a person suffers from the history that was lost. */
class ForkTest {
    /** One story: what was before the copy, what happened after it and is lost, and what must be then. */
    private static final class Story {
        final World world = new World(1);
        final Device a = world.join("a");
        final Device b = world.join("b");
        final boolean declared;
        private int backup;

        Story(boolean declared) {
            this.declared = declared;
            a.disk().mkdir("d");
            a.disk().write("d/f", "1");
            a.disk().write("g", "1");
            world.settle();
        }

        void backup() {
            world.settle();
            backup = world.server().backup();
        }

        /** Nobody is connected when the server comes back. */
        void restore() {
            a.disconnect();
            b.disconnect();
            world.server().restore(backup, declared);
        }

        void restoreAndReconnect() {
            world.settle();
            restore();
            a.connect();
            b.connect();
        }

        void bothShow(String tree) {
            world.settle();
            assertEquals(tree, a.disk().toString());
            assertEquals(tree, b.disk().toString());
            assertEquals(tree, world.server().toString());
        }
    }

    private static Stream<DynamicTest> each(String what, Consumer<Story> story) {
        return Stream.of(
                DynamicTest.dynamicTest(what + ", declared", () -> story.accept(new Story(true))),
                DynamicTest.dynamicTest(what + ", undeclared", () -> story.accept(new Story(false))));
    }

    @TestFactory
    Stream<DynamicTest> whatTheServerLacksIsOfferedAgainUnderItsId() {
        return each(
                "a new file in a new folder",
                story -> {
                    story.backup();
                    story.a.disk().mkdir("new");
                    story.a.disk().write("new/x", "2");
                    story.world.settle();
                    ItemId folder = story.world.server().at("new").id();
                    ItemId file = story.world.server().at("new/x").id();
                    story.restoreAndReconnect();
                    story.bothShow("d/{f=1} g=1 new/{x=2}");
                    assertEquals(folder, story.world.server().at("new").id());
                    assertEquals(file, story.world.server().at("new/x").id());
                });
    }

    @TestFactory
    Stream<DynamicTest> whatTheServerKnowsOnlyInAnOlderVersionGoesUpWithoutACopy() {
        return each(
                "an edit, a rename and a new mode",
                story -> {
                    story.backup();
                    ItemId file = story.world.server().at("d/f").id();
                    story.a.disk().write("d/f", "2");
                    story.a.disk().move("g", "d/h");
                    story.b.disk().chmod("d", 0700);
                    story.restoreAndReconnect();
                    story.bothShow("d/{f=2 h=1}");
                    assertEquals(file, story.world.server().at("d/f").id());
                });
    }

    @TestFactory
    Stream<DynamicTest> whatWasEditedOnBothSidesOfTheForkIsKeptTwice() {
        return each(
                "an edit before and another one after",
                story -> {
                    story.backup();
                    story.a.disk().write("d/f", "lost history");
                    story.world.settle();
                    story.restore();
                    Device c = story.world.join("c");
                    story.world.pass(Duration.ofSeconds(5));
                    c.disk().write("d/f", "new history");
                    story.world.pass(Duration.ofSeconds(5));
                    story.a.connect();
                    story.b.connect();
                    story.world.settle();
                    List<String> texts =
                            story.a.disk().paths().stream()
                                    .filter(path -> path.startsWith("d/"))
                                    .map(story.a.disk()::read)
                                    .sorted()
                                    .toList();
                    assertEquals("new history", story.a.disk().read("d/f"));
                    assertTrue(texts.containsAll(List.of("lost history", "new history")), texts.toString());
                });
    }

    @TestFactory
    Stream<DynamicTest> whatWasEditedAgainWhileTheServerWasAwayGoesUp() {
        return each(
                "an edit before and after, here",
                story -> {
                    story.backup();
                    story.a.disk().write("d/f", "2");
                    story.world.settle();
                    story.restore();
                    story.a.disk().write("d/f", "3");
                    story.world.pass(Duration.ofSeconds(5));
                    story.a.connect();
                    story.world.pass(Duration.ofSeconds(5));
                    story.b.connect();
                    story.world.settle();
                    assertEquals("3", story.b.disk().read("d/f"));
                });
    }

    @TestFactory
    Stream<DynamicTest> anEditThatHadNotComeDownYetIsNotTakenBackBecauseARenameIsLost() {
        return each(
                "an edit, kept by the copy, and a rename, lost",
                story -> {
                    story.backup();
                    story.b.hold(Device.Lane.FETCH, true);
                    story.a.disk().write("d/f", "2");
                    story.world.pass(Duration.ofSeconds(5));
                    story.backup = story.world.server().backup();
                    story.b.disconnect();
                    story.a.disk().move("d/f", "d/h");
                    story.world.pass(Duration.ofSeconds(5));
                    story.b.hold(Device.Lane.FETCH, false);
                    story.world.pass(Duration.ofSeconds(1));
                    story.b.hold(Device.Lane.FETCH, true);
                    story.b.connect();
                    story.world.pass(Duration.ofMillis(500));
                    assertEquals("1", story.b.disk().read("d/h"));
                    story.restore();
                    story.b.hold(Device.Lane.FETCH, false);
                    story.b.connect();
                    story.world.pass(Duration.ofSeconds(10));
                    story.a.connect();
                    story.bothShow("d/{h=2} g=1");
                });
    }

    @TestFactory
    Stream<DynamicTest> aDeletionThatWasLostIsUndone() {
        return each(
                "a deleted folder",
                story -> {
                    story.backup();
                    story.a.disk().delete("d");
                    story.restoreAndReconnect();
                    story.bothShow("d/{f=1} g=1");
                });
    }

    @TestFactory
    Stream<DynamicTest> nothingIsDeletedThoughTheNewHistoryDeletesTheFolder() {
        return each(
                "a folder with a file of the lost history",
                story -> {
                    story.backup();
                    story.a.disk().write("d/x", "lost history");
                    story.world.settle();
                    story.restore();
                    Device c = story.world.join("c");
                    story.world.pass(Duration.ofSeconds(5));
                    c.disk().delete("d");
                    story.world.pass(Duration.ofSeconds(15));
                    story.a.connect();
                    story.b.connect();
                    story.bothShow("d/{x=lost history} g=1");
                });
    }

    @TestFactory
    Stream<DynamicTest> aSecondRestoreWhileTheFirstIsBeingDealtWithIsNoticed() {
        return each(
                "restored twice",
                story -> {
                    story.backup();
                    int older = story.backup;
                    // Nobody but a has it, so nobody could bring it back.
                    story.b.disconnect();
                    story.a.disk().write("d/f", "2");
                    story.world.pass(Duration.ofSeconds(10));
                    story.backup = story.world.server().backup();
                    story.a.disk().write("g", "2");
                    story.world.pass(Duration.ofSeconds(10));
                    story.restore();
                    story.a.forgetEffects();
                    story.a.connect();
                    while (story.a.count(Effect.PullSnapshot.class) == 0) {
                        story.world.steps(1);
                    }
                    story.backup = older;
                    story.restore();
                    story.a.connect();
                    story.b.connect();
                    story.bothShow("d/{f=2} g=2");
                });
    }

    @TestFactory
    Stream<DynamicTest> placesOfTheLostHistoryAreForgotten() {
        return each(
                "restored, and later once more",
                story -> {
                    story.backup();
                    for (int i = 0; i < 5; i++) {
                        story.a.disk().write("d/f", "edit " + i);
                        story.world.settle();
                    }
                    story.restoreAndReconnect();
                    story.world.settle();
                    story.a.disk().write("d/f", "new history");
                    story.world.settle();
                    story.a.forgetEffects();
                    story.restoreAndReconnect();
                    story.world.settle();
                    List<Long> asked =
                            story.a.effects().stream()
                                    .filter(Effect.FindCommon.class::isInstance)
                                    .flatMap(effect -> ((Effect.FindCommon) effect).checkpoints().stream())
                                    .map(Cursor::seq)
                                    .toList();
                    assertEquals(asked.stream().sorted().toList(), asked);
                    story.bothShow("d/{f=new history} g=1");
                });
    }

    @TestFactory
    Stream<DynamicTest> anAcceptedOperationThatWasLostIsForgotten() {
        return each(
                "an edit, accepted but not read back, lost, and taken back",
                story -> {
                    story.backup();
                    story.b.disconnect();
                    story.a.keepBackAnswers(Device.Lane.PULL, true);
                    story.a.disk().write("d/f", "2");
                    story.world.pass(Duration.ofSeconds(5));
                    assertEquals(1, story.a.durableOps());
                    story.restore();
                    story.a.disk().write("d/f", "1");
                    story.a.keepBackAnswers(Device.Lane.PULL, false);
                    story.world.pass(Duration.ofSeconds(5));
                    story.b.connect();
                    story.b.disk().write("new", "x");
                    story.world.pass(Duration.ofSeconds(5));
                    story.a.connect();
                    story.bothShow("d/{f=1} g=1 new=x");
                    assertEquals(0, story.a.durableOps());
                });
    }

    @TestFactory
    Stream<DynamicTest> aDeviceThatCrashesWhileItDealsWithTheForkDealsWithItAfterwards() {
        return each(
                "a crash at any step",
                story -> {
                    story.backup();
                    story.a.disk().write("d/f", "2");
                    story.a.disk().write("x", "2");
                    story.world.settle();
                    story.restore();
                    story.a.connect();
                    for (int i = 0; i < 10; i++) {
                        story.world.steps(2);
                        story.a.crash();
                    }
                    story.b.connect();
                    story.bothShow("d/{f=2} g=1 x=2");
                });
    }
}
