package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.sim.TwoDevices;

import java.util.Set;

/** What a person takes out of the vault and keeps on the disk of {@code a}. */
class KeptLocalTest extends TwoDevices {
    /** As {@code rm --keep-local} on {@code a}: the deletion comes from outside of its engine, here from {@code b}. */
    private void takenOut(String path) {
        a.choose(new Selection(Set.of(), Set.of(path)));
        b.disk().delete(path);
        world.settleApartFromIgnored();
    }

    private void show(String onA, String onB) {
        world.settleApartFromIgnored();
        assertEquals(onA, a.disk().toString());
        assertEquals(onB, b.disk().toString());
        assertEquals(onB, world.server().toString());
    }

    @Test
    void aFileStaysHereAndGoesEverywhereElse() {
        given("f=1 g=2");
        takenOut("f");
        show("f=1 g=2", "g=2");
        a.disk().write("f", "edited");
        show("f=edited g=2", "g=2");
    }

    @Test
    void aFolderStaysWithAllThatIsAndComesToBeInIt() {
        given("d/{e/{f=1} g=2} h=3");
        takenOut("d");
        a.disk().write("d/e/new", "4");
        show("d/{e/{f=1 new=4} g=2} h=3", "h=3");
    }

    @Test
    void whatWasNotSentYetStaysToo() {
        given("d/{f=1}");
        a.disconnect();
        a.disk().write("d/f", "edited");
        a.disk().write("d/new", "2");
        world.runUntilQuiet();
        a.choose(new Selection(Set.of(), Set.of("d")));
        b.disk().delete("d");
        world.runUntilQuiet();
        a.connect();
        show("d/{f=edited new=2}", "");
    }

    @Test
    void itIsNotSentAgainAfterTheStateWasLost() {
        given("d/{f=1} g=2");
        takenOut("d");
        a.loseState();
        show("d/{f=1} g=2", "g=2");
    }

    @Test
    void itIsNotReadAnyMore() {
        given("f=1");
        takenOut("f");
        fromHereOn();
        a.order(Event.Order.RESCAN);
        a.disk().write("f", "edited");
        show("f=edited", "");
        assertEquals(0, a.count(Effect.HashFile.class));
    }

    @Test
    void underAnotherNameItIsAFileLikeOthers() {
        given("f=1");
        takenOut("f");
        a.disk().move("f", "g");
        show("g=1", "g=1");
    }

    @Test
    void untilItIsDeletedInTheVaultItIsSynced() {
        given("f=1");
        a.choose(new Selection(Set.of(), Set.of("f")));
        a.disk().write("f", "2");
        bothShow("f=2");
        b.disk().write("f", "3");
        bothShow("f=3");
    }

    @Test
    void whenTheVaultHasTheNameAgainBothAreKept() {
        given("f=1");
        takenOut("f");
        b.disk().write("f", "2");
        world.settle();
        assertEquals("2", a.disk().read("f"));
        assertEquals(2, a.disk().paths().size(), a.disk().toString());
        assertEquals(a.disk().toString(), b.disk().toString());
    }

    @Test
    void whatWasMovedOutOfItElsewhereIsNoPartOfIt() {
        given("d/{f=1 g=2}");
        a.choose(new Selection(Set.of(), Set.of("d")));
        b.disk().move("d/f", "f");
        b.disk().delete("d");
        show("d/{g=2} f=1", "f=1");
    }

    @Test
    void aFolderAroundItThatIsDeletedElsewhereStaysWithIt() {
        given("d/{f=1 g=2}");
        takenOut("d/f");
        show("d/{f=1 g=2}", "d/{g=2}");
        b.disk().delete("d");
        show("d/{f=1}", "");
    }
}
