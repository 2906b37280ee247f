package tinysync.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.Slot;
import tinysync.client.engine.StatusView;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A program writes all the time; nothing else may suffer from it. */
class BusyFolderTest extends TwoDevices {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private int lines;

    @BeforeEach
    void aFolderWithALog() {
        given("logs/{log=line}");
    }

    private void logFor(Duration time) {
        Instant until = world.clock().now().plus(time);
        while (world.clock().now().isBefore(until)) {
            a.disk().write("logs/log", "line " + ++lines);
            world.pass(BETWEEN);
        }
    }

    @Test
    void aSaveArrivesThoughALogGrowsAllTheTimeAndLooksAreSlow() {
        a.lookTakes(Duration.ofMillis(300));
        logFor(Duration.ofSeconds(5));
        a.disk().write("logs/note", "1");
        a.disk().write("elsewhere", "2");
        logFor(Duration.ofSeconds(6));
        assertEquals("1", b.disk().read("logs/note"));
        assertEquals("2", b.disk().read("elsewhere"));
    }

    @Test
    void aLogThatGrowsAllTheTimeIsLookedAtEveryTwoSeconds() {
        logFor(Duration.ofSeconds(10));
        a.forgetEffects();
        logFor(Duration.ofSeconds(20));
        long looks = a.count(Effect.ListFolders.class);
        assertTrue(looks >= 8 && looks <= 12, "looks: " + looks);
        assertEquals(StatusView.State.SCANNING, a.state());
    }

    @Test
    void aLogThatGrowsAllTheTimeIsTakenOnceAMinute() {
        logFor(Duration.ofSeconds(150));
        int taken = versions("logs/log") - 1;
        assertTrue(taken >= 2 && taken <= 4, "versions: " + taken);
        world.settle();
        assertEquals("line " + lines, b.disk().read("logs/log"));
    }

    @Test
    void eachSaveInAQuietFolderIsLookedAtAtOnce() {
        for (int i = 1; i <= 20; i++) {
            a.disk().write("save " + i, "text");
            a.forgetHints();
            a.forgetEffects();
            a.tell(new Event.Hint(Set.of(new Slot("", "save " + i))));
            assertEquals(1, a.count(Effect.ListFolders.class));
            world.pass(Duration.ofMillis(200));
        }
        world.settle();
    }

    @Test
    void aLargeFolderIsLookedAtHalfOfTheTimeAtMost() {
        a.lookTakes(Duration.ofMillis(500));
        a.forgetEffects();
        for (int i = 0; i < 100; i++) {
            a.disk().write("new " + i, "text");
            world.pass(BETWEEN);
        }
        long looks = a.count(Effect.ListFolders.class);
        assertTrue(looks <= 11, "looks: " + looks);
        assertTrue(b.disk().paths().size() > 40, "arrived: " + b.disk().paths());
    }

    @Test
    void aFileMovedIntoAFolderThatWaitsToBeLookedAtIsStillAMove() {
        a.disk().write("f", "1");
        world.settle();
        logFor(Duration.ofSeconds(10));
        a.forgetEffects();
        while (a.count(Effect.ListFolders.class) == 0) {
            logFor(BETWEEN);
        }
        fromHereOn();
        a.disk().move("f", "logs/f");
        a.disk().write("logs/log", "line " + ++lines);
        a.forgetHints();
        a.tell(new Event.Hint(Set.of(new Slot("", "f"), new Slot("logs", "log"))));
        world.pass(Duration.ofMillis(1_900));
        sent("move_rename");
    }
}
