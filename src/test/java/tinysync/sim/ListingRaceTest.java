package tinysync.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.client.engine.Event;
import tinysync.client.engine.Slot;

import java.time.Duration;
import java.util.Set;

/** A listing says what was; acting on it as if it were what is would undo what happened meanwhile. */
class ListingRaceTest extends TwoDevices {
    @BeforeEach
    void oneFile() {
        given("f=1");
    }

    @Test
    void aFolderIsNotLookedAtWhileItIsBeingChanged() {
        b.hold(Device.Lane.DISK, true);
        a.disk().move("f", "g");
        world.pass(Duration.ofSeconds(1));
        b.keepBackAnswers(Device.Lane.LIST, true);
        b.tell(new Event.Hint(Set.of(new Slot("", "f"))));
        world.pass(Duration.ofSeconds(1));
        b.hold(Device.Lane.DISK, false);
        world.pass(Duration.ofSeconds(1));
        b.forgetHints();
        fromHereOn();
        b.keepBackAnswers(Device.Lane.LIST, false);
        world.settle();
        assertEquals("g=1", b.disk().toString());
        sent();
    }

    @Test
    void whatOneLookMissesIsNotDeleted() {
        b.overlookOnce(new Slot("", "f"));
        b.order(Event.Order.RESCAN);
        world.settle();
        assertEquals("f=1", a.disk().toString());
        sent();
    }
}
