package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.sim.TwoDevices;

import java.time.Duration;
import java.util.List;

/** Deletions that come from elsewhere and that nobody there was asked about. */
class IncomingHoldTest extends TwoDevices {
    private static final int FILES = 150;

    /** While {@code b} is away, {@code a} deletes so slowly that nobody asks there; to {@code b} it comes at once. */
    private void manyAreDeletedWhileAway() {
        a.disk().plant("d/ other/");
        for (int i = 0; i < FILES; i++) {
            a.disk().write("d/f" + i, "content " + i);
        }
        world.settle();
        fromHereOn();
        b.disconnect();
        for (int i = 0; i < FILES; i++) {
            a.disk().delete("d/f" + i);
            if (i % 30 == 0) {
                world.pass(Duration.ofMinutes(11));
            }
        }
        world.pass(Duration.ofMinutes(11));
        assertEquals(FILES, sent().size(), "what a deleted is in the log");
        b.connect();
        world.runUntilQuiet();
    }

    private int files() {
        return (int) b.disk().paths().stream().filter(path -> path.startsWith("d/")).count();
    }

    @Test
    void manyAtOnceAreHeldAndNothingIsTouched() {
        manyAreDeletedWhileAway();
        StatusView.Held held = b.status().held().orElseThrow();
        assertEquals(StatusView.State.HELD, b.state());
        assertEquals(List.of("mass_delete", "down"), List.of(held.reason(), held.direction()));
        assertEquals(FILES, held.deletes());
        assertEquals(FILES, files());
    }

    @Test
    void aRestartHoldsThemAgain() {
        manyAreDeletedWhileAway();
        b.crash();
        b.connect();
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, b.state());
        assertEquals(FILES, files());
    }

    @Test
    void confirmedTheyAreDone() {
        manyAreDeletedWhileAway();
        b.order(Event.Order.CONFIRM);
        bothShow("d/ other/");
    }

    @Test
    void rejectedTheyComeBackEverywhere() {
        manyAreDeletedWhileAway();
        b.order(Event.Order.REJECT);
        world.settle();
        assertEquals(FILES, files());
        assertEquals(a.disk().toString(), b.disk().toString());
    }

    @Test
    void anEditSavesOneOfThem() {
        manyAreDeletedWhileAway();
        b.disk().write("d/f7", "edited here");
        world.pass(Duration.ofSeconds(30));
        assertEquals(FILES - 1, b.status().held().orElseThrow().deletes());
        b.order(Event.Order.CONFIRM);
        bothShow("d/{f7=edited here} other/");
    }

    @Test
    void whatIsHeldInBothDirectionsIsAnsweredOneAfterTheOther() {
        a.disk().plant("mine/");
        for (int i = 0; i < FILES; i++) {
            a.disk().write("mine/f" + i, "content " + i);
        }
        manyAreDeletedWhileAway();
        b.disk().delete("mine");
        world.pass(Duration.ofSeconds(30));
        assertEquals("down", b.status().held().orElseThrow().direction(), "what a person was told of first");
        b.order(Event.Order.CONFIRM);
        world.runUntilQuiet();
        assertEquals(0, files());
        assertEquals("up", b.status().held().orElseThrow().direction(), "what nobody was told of yet");
        b.order(Event.Order.REJECT);
        world.settle();
        assertEquals(FILES + 3, b.disk().paths().size());
    }

    @Test
    void aFewAreNotHeld() {
        given("d/{f=1 g=2} h=3");
        a.disk().delete("d");
        bothShow("h=3");
        assertTrue(b.status().held().isEmpty());
    }
}
