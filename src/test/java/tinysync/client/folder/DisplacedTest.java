package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Slot;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.platform.Dir;
import tinysync.platform.RenameMode;
import tinysync.tree.ConflictNames;

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

class DisplacedTest {
    @TempDir Path temp;

    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void removeFile(String file) throws Exception {
        assertInstanceOf(
                DiskResult.Done.class,
                world.apply(new DiskOp.RemoveFile(world.item(), World.slot(file), world.look(file), Optional.empty())));
    }

    private Path displacedFile() throws Exception {
        try (var files = Files.list(temp.resolve(".tinysync/displaced"))) {
            return files.filter(file -> !file.toString().endsWith(".json")).findFirst().orElseThrow();
        }
    }

    private List<Slot> recover() throws Exception {
        return new Displaced(world.root, "laptop")
                .recover(world.clock.now(), Chunking.DEFAULT, id -> id.equals(World.ref("known").id()));
    }

    private void nothingIsLeft() throws Exception {
        assertEquals(List.of(), world.displacedContents());
        assertEquals(0, world.sidecars());
    }

    /** What a run that ended right before its first operation has left. */
    private Prepared.Incoming crashBefore(DiskOp op) {
        return (Prepared.Incoming)
                new Preparation(world.root, world.displaced, world.clock.now()).prepare(List.of(op)).getFirst();
    }

    /** What a run that ended right after the exchange has left. */
    private void crashAfterExchange(DiskOp.PlaceFile op) throws Exception {
        Prepared.Incoming incoming = crashBefore(op);
        try (Dir folder = world.root.folder().resolve(op.slot().folder())) {
            incoming.folder().rename(incoming.name(), folder, op.slot().name(), RenameMode.EXCHANGE);
        }
    }

    private DiskOp.PlaceFile replace(String file, Optional<String> keepAs) throws Exception {
        return world.place(file, "new", Optional.of(world.look(file)), keepAs);
    }

    @Test
    void untouchedFilesGoAfterAWhile() throws Exception {
        world.write("a", "x");
        Files.createSymbolicLink(temp.resolve("l"), Path.of("nowhere"));
        removeFile("a");
        removeFile("l");
        assertEquals(List.of(), world.displaced.sweep(world.clock.now(), World.AGE));
        assertEquals(List.of("->nowhere", "x"), world.displacedContents());
        assertEquals(List.of(), world.sweepLater());
        nothingIsLeft();
    }

    @Test
    void aFileThatAProgramStillWritesStaysUntilItIsClosedAndThenComesBack() throws Exception {
        world.write("docs/log.txt", "x");
        try (OutputStream writer = new FileOutputStream(temp.resolve("docs/log.txt").toFile(), true)) {
            assertInstanceOf(DiskResult.Done.class, world.apply(replace("docs/log.txt", Optional.empty())));
            assertEquals(List.of(), world.sweepLater());
            assertEquals(List.of("x"), world.displacedContents());
            writer.write("more".getBytes());
        }
        List<Slot> returned = world.sweepLater();
        assertEquals(1, returned.size());
        assertEquals("docs", returned.getFirst().folder());
        assertTrue(ConflictNames.isCopyName(returned.getFirst().name()), returned.toString());
        assertEquals("xmore", world.read(returned.getFirst().path()));
        assertEquals("new", world.read("docs/log.txt"));
        nothingIsLeft();
    }

    @Test
    void aChangeThatHidesItsTraceIsNoticed() throws Exception {
        world.write("a", "x");
        removeFile("a");
        FileTime before = Files.getLastModifiedTime(displacedFile());
        Files.writeString(displacedFile(), "y");
        Files.setLastModifiedTime(displacedFile(), before);
        List<Slot> returned = world.sweepLater();
        assertEquals("y", world.read(returned.getFirst().path()));
        nothingIsLeft();
    }

    @Test
    void bytesThatAreOthersThanOnceReadComeBackThoughNoStatTells() throws Exception {
        world.write("same", "x");
        world.write("other", "x");
        Optional<ContentRef> read = Optional.of(World.ref("x"));
        Optional<ContentRef> readBefore = Optional.of(World.ref("w"));
        world.done(new DiskOp.RemoveFile(world.item(), World.slot("same"), world.look("same"), read));
        world.done(new DiskOp.RemoveFile(world.item(), World.slot("other"), world.look("other"), readBefore));
        List<Slot> returned = world.sweepLater();
        assertEquals(1, returned.size());
        assertTrue(returned.getFirst().name().startsWith("other ("), returned.toString());
        assertEquals("x", world.read(returned.getFirst().path()));
        nothingIsLeft();
    }

    @Test
    void aReplacedFileIsReadOnceMoreBeforeItGoes() throws Exception {
        world.write("a", "x");
        DiskOp.PlaceFile plain = replace("a", Optional.empty());
        world.done(
                new DiskOp.PlaceFile(
                        plain.item(),
                        plain.slot(),
                        plain.content(),
                        plain.mode(),
                        plain.mtime(),
                        plain.expected(),
                        Optional.of(World.ref("w")),
                        plain.keepAs()));
        List<Slot> returned = world.sweepLater();
        assertEquals("x", world.read(returned.getFirst().path()));
        assertEquals("new", world.read("a"));
        nothingIsLeft();
    }

    @Test
    void whatLostItsFolderComesBackToTheNearestOneAbove() throws Exception {
        world.write("a/b/c", "x");
        removeFile("a/b/c");
        Files.writeString(displacedFile(), "edited");
        Files.delete(temp.resolve("a/b"));
        List<Slot> returned = world.sweepLater();
        assertEquals("a", returned.getFirst().folder());
        assertEquals("edited", world.read(returned.getFirst().path()));
    }

    @Test
    void aCrashBeforeTheExchangeLeavesTheOldFile() throws Exception {
        world.write("a", "old");
        crashBefore(replace("a", Optional.empty()));
        assertEquals(List.of(), recover());
        assertEquals("a=old", world.tree());
        nothingIsLeft();
    }

    @Test
    void aCrashAfterTheExchangeLeavesTheNewFileAndTheOldOneWaits() throws Exception {
        world.write("a", "old");
        crashAfterExchange(replace("a", Optional.empty()));
        assertEquals(List.of(), recover());
        assertEquals("a=new", world.tree());
        assertEquals(List.of("old"), world.displacedContents());
        assertEquals(List.of(), world.sweepLater());
        nothingIsLeft();
    }

    @Test
    void aCrashBeforeTheCopyGotItsNameGivesItThatName() throws Exception {
        world.write("a", "mine");
        crashAfterExchange(replace("a", Optional.of("a (copy)")));
        assertEquals(List.of(new Slot("", "a (copy)")), recover());
        assertEquals("a=new a (copy)=mine", world.tree());
        nothingIsLeft();
    }

    @Test
    void whatAPersonPutThereInTheLastMomentComesBackAfterACrash() throws Exception {
        world.write("a", "old");
        DiskOp.PlaceFile op = replace("a", Optional.empty());
        Prepared.Incoming incoming = crashBefore(op);
        world.write("a.tmp", "a person's");
        Files.move(temp.resolve("a.tmp"), temp.resolve("a"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        incoming.folder().rename(incoming.name(), world.root.folder(), "a", RenameMode.EXCHANGE);
        List<Slot> returned = recover();
        assertEquals("a person's", world.read(returned.getFirst().path()));
        assertEquals("new", world.read("a"));
        nothingIsLeft();
    }

    @Test
    void whatHasNoRecordGoesOnlyWhenTheServerKnowsIt() throws Exception {
        Files.writeString(temp.resolve(".tinysync/displaced/one"), "known");
        Files.writeString(temp.resolve(".tinysync/displaced/two"), "unknown");
        Files.writeString(temp.resolve(".tinysync/displaced/two.json"), "\0\0\0");
        world.write("recovered two", "taken");
        assertEquals(List.of(new Slot("", "recovered two 2")), recover());
        assertEquals("recovered two=taken recovered two 2=unknown", world.tree());
        nothingIsLeft();
    }
}
