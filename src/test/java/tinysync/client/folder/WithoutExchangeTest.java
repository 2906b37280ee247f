package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.DiskOp;
import tinysync.platform.Capabilities;
import tinysync.platform.FsException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A disk on which two names cannot be exchanged, and that has no leases either. */
class WithoutExchangeTest {
    @TempDir Path temp;

    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp, Optional.of(new Capabilities(false, true, false)));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aReplacedFileIsDisplacedAndGoesLater() throws Exception {
        world.write("a", "old");
        world.done(world.place("a", "new", Optional.of(world.look("a"))));
        assertEquals("a=new", world.tree());
        assertEquals(List.of("old"), world.displacedContents());
        assertEquals(List.of(), world.sweepLater());
        assertEquals(List.of(), world.displacedContents());
        assertEquals(0, world.sidecars());
    }

    @Test
    void aReplacedFileThatIsWantedStaysBesideIt() throws Exception {
        world.write("a", "mine");
        world.done(world.place("a", "new", Optional.of(world.look("a")), Optional.of("a (copy)")));
        assertEquals("a=new a (copy)=mine", world.tree());
        assertEquals(0, world.sidecars());
    }

    @Test
    void aReplacementThatFailsLeavesTheOldFileAndNothingElse() throws Exception {
        world.write("a", "old");
        DiskOp.PlaceFile op = world.place("a", "new", Optional.of(world.look("a")));
        Instant now = world.clock.now();
        Prepared.Incoming incoming =
                (Prepared.Incoming) new Preparation(world.root, world.displaced, now).prepare(List.of(op)).getFirst();
        String staged = Staging.wholeName(op.item(), op.content());
        Files.delete(temp.resolve(".tinysync/stage").resolve(staged));
        try (Folders folders = new Folders(world.root)) {
            Placement placement = new Placement(world.root, world.displaced, folders, now);
            assertThrows(
                    FsException.class,
                    () -> placement.place(op.item(), op.slot(), incoming, op.expected(), op.keepAs(), staged));
        }
        assertEquals("a=old", world.tree());
        assertEquals(List.of(), world.displacedContents());
        assertEquals(0, world.sidecars());
    }

    @Test
    void aFileThatChangedOrVanishedIsNotReplaced() throws Exception {
        world.write("a", "old");
        DiskOp.PlaceFile op = world.place("a", "new", Optional.of(world.look("a")));
        world.write("a", "edited");
        world.stale(op);
        assertEquals("a=edited", world.tree());
        Files.delete(temp.resolve("a"));
        world.stale(op);
        assertEquals("", world.tree());
        assertEquals(0, world.sidecars());
    }
}
