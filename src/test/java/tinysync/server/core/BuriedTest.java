package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.Optional;

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
}
