package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Place;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What lies below deleted folders, and what a deletion has not seen. */
class BuriedTest {
    private static void deleteAll(Drive drive, String folder) {
        drive.applied(drive.deleteSubtree(drive.at(folder), drive.head().seq()));
    }

    @Test
    void ofTwoThatDiedUnderOneNameTheLaterComesBack() {
        Drive drive = Drive.of("d/{a=1 b=1 e/{x=1}}");
        ItemId folder = drive.at("d").id();
        deleteAll(drive, "d");
        drive.applied(drive.restore(folder));
        drive.applied(drive.file(drive.place("d/A"), "2"));
        drive.applied(drive.folder(drive.place("d/e")));
        drive.applied(drive.file(drive.place("d/e/y"), "2"));
        deleteAll(drive, "d");
        drive.applied(drive.restore(folder, Optional.empty(), true));
        assertEquals("d/{A=2 b=1 e/{y=2}}", drive.tree());
    }

    @Test
    void anEditThatTheDeleterHasNotSeenKeepsAFileAlive() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        long applied = drive.head().seq();
        drive.applied(drive.edit(seen, "2"));
        drive.refused("version_mismatch", drive.deleteSubtree(seen, applied));
        drive.applied(drive.deleteSubtree(seen, drive.head().seq()));
        assertEquals("", drive.tree());
    }

    @Test
    void whatTheDeleterHasNotSeenIsFoundHoweverMuchHappenedSince() {
        Drive drive = Drive.of("d/{e/{a=1}} x=1 y/{b=1} z/{c=1}");
        Item folder = drive.at("d");
        long applied = drive.head().seq();
        drive.applied(drive.moves(drive.move(drive.at("y/b"), "d/e/b")));
        drive.refused("changed_below", drive.deleteSubtree(folder, applied));
        for (int i = 0; i < 3; i++) {
            drive.applied(drive.edit(drive.at("x"), "x" + i));
        }
        drive.refused("changed_below", drive.deleteSubtree(folder, applied));
        long later = drive.head().seq();
        ItemId aside = drive.at("y").id();
        for (int i = 0; i < 1_001; i++) {
            drive.applied(drive.folder(new Place(aside, "n" + i)));
        }
        drive.applied(drive.edit(drive.at("d/e/a"), "2"));
        drive.refused("changed_below", drive.deleteSubtree(folder, later));
        drive.applied(drive.deleteSubtree(drive.at("z"), later));
        drive.applied(drive.deleteSubtree(folder, drive.head().seq()));
    }

    @Test
    void whatTheDeleterHasNotSeenIsFoundAlsoWhenTheLogForgotIt() {
        Drive drive = Drive.of("d/{a=1} e/");
        Item folder = drive.at("d");
        long applied = drive.head().seq();
        drive.applied(drive.edit(drive.at("d/a"), "2"));
        drive.make("x=1 y=1");
        long head = drive.head().seq();
        drive.vault.write(
                tx -> {
                    VaultRules.pruneLog(tx, head);
                    return true;
                });
        drive.refused("changed_below", drive.deleteSubtree(folder, applied));
        drive.applied(drive.deleteSubtree(drive.at("e"), applied));
        drive.applied(drive.deleteSubtree(folder, head));
    }

    @Test
    void whatChangedAndWasMovedOutOrDiedStopsNoDeletion() {
        Drive drive = Drive.of("d/{a=1 b=1}");
        Item folder = drive.at("d");
        long applied = drive.head().seq();
        drive.applied(drive.moves(drive.move(drive.at("d/a"), "a")));
        drive.applied(drive.delete(drive.at("d/b")));
        drive.applied(drive.deleteSubtree(folder, applied));
        assertEquals("a=1", drive.tree());
    }

    @Test
    void aRestoredFolderLeavesWhatLiesDeeperToBeBuriedLater() {
        Drive drive = Drive.of("d/{e/{a=1 b=2} c=3} x/{y=1}");
        ItemId folder = drive.at("d").id();
        ItemId below = drive.at("d/e").id();
        ItemId other = drive.at("x").id();
        deleteAll(drive, "x");
        deleteAll(drive, "d");
        drive.applied(drive.restore(folder));
        assertEquals(Set.of(below, other), Set.copyOf(drive.read(tx -> tx.dying(10))));
        drive.applied(drive.restore(below));
        assertEquals(List.of(other), drive.read(tx -> tx.dying(10)));
        while (drive.vault.<Boolean>write(tx -> Burial.some(tx, 1))) {
            assertEquals("d/{e/}", drive.tree());
        }
        assertEquals("d/{e/}", drive.tree());
    }

    @Test
    void manyEmptyFoldersAreBuriedAFewAtATime() {
        Drive drive = Drive.of("d/{a/ b/ c/ e/}");
        deleteAll(drive, "d");
        drive.vault.write(tx -> Burial.some(tx, 4));
        for (int left = 4; left > 0; left--) {
            assertTrue(drive.vault.<Boolean>write(tx -> Burial.some(tx, 1)));
            assertEquals(left, drive.read(tx -> tx.dying(10)).size());
        }
        assertFalse(drive.vault.<Boolean>write(tx -> Burial.some(tx, 1)));
    }

    @Test
    void aFolderComesBackWholeOrNotAtAll() {
        Drive drive = Drive.of("d/");
        Item folder = drive.at("d");
        drive.vault.write(
                tx -> {
                    for (int i = 0; i < 10_002; i++) {
                        Item twin = Item.root(drive.id());
                        twin = twin.withPlace(folder.id(), "n" + i / 2, twin.versions(), Drive.LAPTOP);
                        tx.putItem(new ItemRow(Tree.dead(twin), twin.name(), true));
                    }
                    return true;
                });
        deleteAll(drive, "d");
        drive.refused("limit_exceeded", drive.restore(folder.id(), Optional.empty(), true));
    }
}
