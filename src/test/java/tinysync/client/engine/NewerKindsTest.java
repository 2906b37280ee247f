package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.sim.TwoDevices;
import tinysync.tree.Item;

import java.time.Duration;
import java.util.List;

/** Items of kinds that only newer programs know: carried along, shown nowhere, and never lost by an older one. */
class NewerKindsTest extends TwoDevices {
    private Item portal;

    @BeforeEach
    void aNewerProgramWasHere() {
        given("docs/{f=1} g=2");
        portal = world.server().plantNewer("docs", "portal");
        world.headMoved();
        world.pass(Duration.ofMinutes(2));
        fromHereOn();
    }

    /** Both are done with all they can do, and the item is as it was made. */
    private void atRest(String tree) {
        world.pass(Duration.ofMinutes(2));
        for (var device : List.of(a, b)) {
            assertEquals(tree, device.disk().toString());
            assertEquals(StatusView.State.SYNCED, device.state());
        }
    }

    @Test
    void theyAreShownNowhereAndNothingIsSent() {
        atRest("docs/{f=1} g=2");
        sent();
        assertEquals(portal, world.server().at("docs/portal"));
        assertEquals(0, a.status().parkedTotal());
    }

    @Test
    void whatLiesBesideThemIsSynced() {
        a.disk().write("docs/f", "11");
        b.disk().write("docs/h", "3");
        atRest("docs/{f=11 h=3} g=2");
        assertEquals(portal, world.server().at("docs/portal"));
    }

    @Test
    void theyGoWhereTheirFolderGoes() {
        a.disk().move("docs", "papers");
        atRest("g=2 papers/{f=1}");
        assertEquals(portal, world.server().at("papers/portal"));
    }

    @Test
    void aFolderThatHoldsOneIsNotDeletedByAProgramThatDoesNotSeeIt() {
        a.disk().delete("docs");
        world.pass(Duration.ofMinutes(2));
        assertEquals(portal, world.server().at("docs/portal"));
        assertTrue(a.disk().exists("docs"), "it comes back, with what nobody here may delete");
    }

    @Test
    void aFileOfThatNameGoesUpUnderAnother() {
        a.disk().write("docs/portal", "mine");
        world.pass(Duration.ofMinutes(2));
        assertEquals(portal, world.server().at("docs/portal"));
        assertEquals("mine", a.disk().read("docs/portal"));
        assertEquals("docs/{f=1 portal (case twin)=mine} g=2", b.disk().toString());
        sent("put_file");
        StatusView.Disguised told = new StatusView.Disguised("docs/portal", "portal (case twin)");
        assertEquals(List.of(told), a.status().disguised());
    }
}
