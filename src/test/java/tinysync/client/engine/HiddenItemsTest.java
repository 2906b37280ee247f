package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.sim.TwoDevices;
import tinysync.tree.ItemId;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What a person does not want on the disk of {@code a}; the vault, and the disk of {@code b}, have it all the same. */
class HiddenItemsTest extends TwoDevices {
    private void hide(String... paths) {
        Set<ItemId> hidden = Arrays.stream(paths).map(this::item).collect(Collectors.toSet());
        a.choose(new Selection(hidden, Set.of()));
    }

    private void show(String onA, String inVault) {
        world.settleApartFromIgnored();
        assertEquals(onA, a.disk().toString());
        assertEquals(inVault, b.disk().toString());
        assertEquals(inVault, world.server().toString());
        assertEquals(0, a.status().upItems() + a.status().downItems() + a.status().parkedTotal());
    }

    private void all(String tree) {
        a.choose(Selection.WHOLE);
        bothShow(tree);
    }

    @Test
    void whatIsHiddenLeavesTheDiskAndComesBackWithAllThatWasDoneElsewhere() {
        given("d/{e/{f=1} g=2} h=3");
        hide("d");
        show("h=3", "d/{e/{f=1} g=2} h=3");
        b.disk().write("d/e/f", "edited");
        b.disk().delete("d/g");
        b.disk().write("d/new", "4");
        show("h=3", "d/{e/{f=edited} new=4} h=3");
        all("d/{e/{f=edited} new=4} h=3");
    }

    @Test
    void nothingIsSentToTheServerForIt() {
        given("d/{f=1 g=2}");
        hide("d");
        show("", "d/{f=1 g=2}");
        a.loseState();
        show("", "d/{f=1 g=2}");
        sent();
    }

    @Test
    void whatWasNotSentYetIsSentFirst() {
        given("d/{f=1 g=2} h=3");
        a.disconnect();
        a.disk().write("d/f", "edited");
        a.disk().write("d/new", "4");
        a.disk().move("d/g", "d/renamed");
        world.runUntilQuiet();
        hide("d");
        a.connect();
        show("h=3", "d/{f=edited new=4 renamed=2} h=3");
    }

    @Test
    void editsOnBothSidesAreBothKept() {
        given("d/{f.txt=1}");
        a.disconnect();
        a.disk().write("d/f.txt", "from a");
        b.disk().write("d/f.txt", "from b");
        b.disk().move("d", "e");
        world.runUntilQuiet();
        hide("e");
        a.connect();
        world.settleApartFromIgnored();
        assertEquals("", a.disk().toString());
        assertTrue(b.disk().toString().contains("=from a"), b.disk().toString());
        assertTrue(b.disk().toString().contains("=from b"), b.disk().toString());
    }

    @Test
    void whereItLiesAndWhatItIsCalledDoesNotMatter() {
        given("d/{f=1} e/{g=2}");
        hide("d");
        show("e/{g=2}", "d/{f=1} e/{g=2}");
        b.disk().move("d", "e/renamed");
        show("e/{g=2}", "e/{g=2 renamed/{f=1}}");
        b.disk().move("e/renamed/f", "e/f");
        show("e/{f=1 g=2}", "e/{f=1 g=2 renamed/}");
        b.disk().move("e/g", "e/renamed/g");
        show("e/{f=1}", "e/{f=1 renamed/{g=2}}");
    }

    @Test
    void aFolderAroundItThatIsDeletedHereComesBackForIt() {
        given("d/{hidden/{f=1} g=2}");
        hide("d/hidden");
        show("d/{g=2}", "d/{g=2 hidden/{f=1}}");
        a.disk().delete("d");
        show("d/", "d/{hidden/{f=1}}");
        assertTrue(sent().stream().noneMatch(op -> op.equals("delete_subtree")), sent().toString());
    }

    @Test
    void aFolderAroundItThatIsDeletedElsewhereGoes() {
        given("d/{hidden/{f=1} g=2} h=3");
        hide("d/hidden");
        show("d/{g=2} h=3", "d/{g=2 hidden/{f=1}} h=3");
        b.disk().delete("d");
        show("h=3", "h=3");
    }

    @Test
    void aNewFileOfItsNameIsATwinThatNothingHappensTo() {
        given("f=1 d/{g=2}");
        hide("f", "d");
        show("", "d/{g=2} f=1");
        a.disk().write("f", "mine");
        a.disk().plant("d/{h=mine2}");
        world.settleApartFromIgnored();
        assertEquals("d/{h=mine2} f=mine", a.disk().toString());
        assertEquals("d/{g=2} d (case twin)/{h=mine2} f=1 f (case twin)=mine", b.disk().toString());
        a.choose(Selection.WHOLE);
        world.settle();
        assertEquals("1", a.disk().read("f"));
        assertEquals(a.disk().toString(), b.disk().toString());
    }

    @Test
    void ignoredFilesStayWithTheirFolderAndTheFolderIsTheSameWhenItIsShownAgain() {
        given(".tinysyncignore=*.o d/{e/{f=1}}");
        a.disk().write("d/e/f.o", "code");
        world.settleApartFromIgnored();
        fromHereOn();
        hide("d");
        show(".tinysyncignore=*.o d/{e/{f.o=code}}", ".tinysyncignore=*.o d/{e/{f=1}}");
        b.disk().write("d/g", "2");
        show(".tinysyncignore=*.o d/{e/{f.o=code}}", ".tinysyncignore=*.o d/{e/{f=1} g=2}");
        a.choose(Selection.WHOLE);
        show(".tinysyncignore=*.o d/{e/{f=1 f.o=code} g=2}", ".tinysyncignore=*.o d/{e/{f=1} g=2}");
    }

    /** Dying at any moment while files are taken away, and wanting them again, or not, deletes nothing. */
    @Test
    void dyingInTheMiddleDeletesNothing() {
        String tree = "d/{e/{f=1 g=2 h=3} i=4} j=5";
        given(tree);
        for (int steps = 0; steps < 60; steps++) {
            hide("d");
            world.steps(steps);
            if (steps % 2 == 0) {
                a.crash();
                show("j=5", tree);
            }
            all(tree);
        }
        assertTrue(sent().isEmpty(), sent().toString());
    }
}
