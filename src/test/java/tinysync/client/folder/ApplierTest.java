package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.tree.Fingerprint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ApplierTest {
    @TempDir Path temp;

    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp.resolve("root").toFile().mkdir() ? temp.resolve("root") : temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Optional<Fingerprint> is(String file) throws Exception {
        return Optional.of(world.look(file));
    }

    private DiskOp.MakeFolder makeFolder(String path) {
        return new DiskOp.MakeFolder(world.item(), World.slot(path), 0755);
    }

    private DiskOp.Move move(String from, String to) throws Exception {
        return new DiskOp.Move(world.item(), World.slot(from), World.slot(to), world.look(from), Optional.empty());
    }

    private DiskOp.Move swap(String from, String to) throws Exception {
        return new DiskOp.Move(world.item(), World.slot(from), World.slot(to), world.look(from), is(to));
    }

    private DiskOp.RemoveFile remove(String file) throws Exception {
        return new DiskOp.RemoveFile(world.item(), World.slot(file), world.look(file), Optional.empty());
    }

    private DiskOp.RemoveFolder removeFolder(String path) throws Exception {
        return new DiskOp.RemoveFolder(world.item(), World.slot(path), world.look(path));
    }

    private String mode(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(world.path.resolve(file)));
    }

    @Test
    void aNewFileGetsContentModeAndTime() throws Exception {
        DiskResult.Done done = world.done(world.place("a.txt", "new", Optional.empty()));
        assertEquals("a.txt=new", world.tree());
        assertEquals(World.MTIME, Files.getLastModifiedTime(world.path.resolve("a.txt")).toInstant());
        assertEquals(world.find("a.txt"), done.now());
        assertTrue(mode("a.txt").startsWith("rw-"));
    }

    @Test
    void specialBitsAreNeverSetAndTheUmaskCounts() {
        assertEquals(0755, Preparation.mode(04777, 022));
        assertEquals(0600, Preparation.mode(06666, 077));
        assertEquals(0444, Preparation.mode(01444, 0222));
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() throws Exception {
        DiskOp.PlaceFile op = world.place("a.txt", "new", Optional.empty());
        world.write("a.txt", "mine");
        world.stale(op);
        assertEquals("a.txt=mine", world.tree());
        assertTrue(world.staging.isComplete(op.item(), op.content()));
    }

    @Test
    void aReplacedFileIsDisplaced() throws Exception {
        world.write("docs/a.txt", "old");
        DiskResult.Done done = world.done(world.place("docs/a.txt", "new", is("docs/a.txt")));
        assertEquals("docs/ docs/a.txt=new", world.tree());
        assertEquals(List.of("old"), world.displacedContents());
        assertEquals(Optional.empty(), done.kept());
    }

    @Test
    void aReplacedFileThatIsWantedStaysBesideIt() throws Exception {
        world.write("a.txt", "mine");
        DiskResult.Done done = world.done(world.place("a.txt", "new", is("a.txt"), Optional.of("a (copy).txt")));
        assertEquals("a (copy).txt=mine a.txt=new", world.tree());
        assertEquals(world.find("a (copy).txt"), done.kept());
        assertEquals(List.of(), world.displacedContents());
        assertEquals(0, world.sidecars());
    }

    @Test
    void aTakenNameForTheCopyGivesAnother() throws Exception {
        world.write("a.txt", "mine");
        world.write("a (copy).txt", "other");
        DiskResult.Done done = world.done(world.place("a.txt", "new", is("a.txt"), Optional.of("a (copy).txt")));
        assertEquals("mine", world.read(done.kept().orElseThrow().name()));
        assertEquals("other", world.read("a (copy).txt"));
    }

    @Test
    void aFileThatChangedSinceIsNotReplaced() throws Exception {
        world.write("a.txt", "old");
        DiskOp.PlaceFile op = world.place("a.txt", "new", is("a.txt"));
        world.write("a.txt", "edited");
        world.stale(op);
        assertEquals("a.txt=edited", world.tree());
        assertEquals(0, world.sidecars());
        assertTrue(world.staging.isComplete(op.item(), op.content()));
        assertInstanceOf(
                DiskResult.Done.class,
                world.apply(
                        new DiskOp.PlaceFile(
                                op.item(),
                                op.slot(),
                                op.content(),
                                0600,
                                World.MTIME,
                                is("a.txt"),
                                Optional.empty(),
                                Optional.empty())));
    }

    @Test
    void aFileThatNobodyMayReadIsPlacedAtTheSecondTry() throws Exception {
        world.write("a.txt", "old");
        DiskOp.PlaceFile op = world.place("a.txt", "new", is("a.txt"));
        DiskOp.PlaceFile locked =
                new DiskOp.PlaceFile(
                        op.item(),
                        op.slot(),
                        op.content(),
                        0,
                        World.MTIME,
                        op.expected(),
                        Optional.empty(),
                        Optional.empty());
        Path aside = world.path.resolve("aside");
        Files.move(world.path.resolve("a.txt"), aside);
        world.stale(locked);
        Files.move(aside, world.path.resolve("a.txt"));
        world.done(locked);
        assertEquals("---------", mode("a.txt"));
    }

    @Test
    void aFileThatVanishedIsNotReplaced() throws Exception {
        world.write("docs/a.txt", "old");
        DiskOp.PlaceFile op = world.place("docs/a.txt", "new", is("docs/a.txt"));
        Files.delete(world.path.resolve("docs/a.txt"));
        world.stale(op);
        Files.delete(world.path.resolve("docs"));
        world.stale(op);
        assertEquals("", world.tree());
        assertEquals(0, world.sidecars());
    }

    @Test
    void contentThatIsNotStagedIsNotPlaced() {
        world.stale(
                new DiskOp.PlaceFile(
                        world.item(),
                        World.slot("a"),
                        World.ref("x"),
                        0644,
                        World.MTIME,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void linksArePlacedAndReplacedAndNeverFollowed() throws Exception {
        world.write("target", "t");
        world.done(
                new DiskOp.PlaceSymlink(
                        world.item(), World.slot("l"), "target", Optional.empty(), Optional.empty(), Optional.empty()));
        world.done(
                new DiskOp.PlaceSymlink(
                        world.item(), World.slot("l"), "../gone", is("l"), Optional.empty(), Optional.empty()));
        assertEquals("l->../gone target=t", world.tree());
        assertEquals(List.of("->target"), world.displacedContents());
        world.done(world.place("l", "a file now", is("l")));
        assertEquals("l=a file now target=t", world.tree());
    }

    @Test
    void nothingIsWrittenThroughALinkOutOfTheRoot() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("a.txt"), "not ours");
        world.write("dir/a.txt", "ours");
        Fingerprint ours = world.look("dir/a.txt");
        Files.delete(world.path.resolve("dir/a.txt"));
        Files.delete(world.path.resolve("dir"));
        Files.createSymbolicLink(world.path.resolve("dir"), elsewhere);
        world.stale(world.place("dir/b.txt", "new", Optional.empty()));
        world.stale(world.place("dir/a.txt", "new", Optional.of(ours)));
        world.stale(makeFolder("dir/sub"));
        world.stale(makeFolder("dir"));
        world.apply(new DiskOp.RemoveFile(world.item(), World.slot("dir/a.txt"), ours, Optional.empty()));
        world.stale(new DiskOp.SetMeta(world.item(), World.slot("dir/a.txt"), ours, 0600, Optional.empty()));
        try (var files = Files.list(elsewhere)) {
            assertEquals(1, files.count());
        }
        assertEquals("not ours", Files.readString(elsewhere.resolve("a.txt")));
    }

    @Test
    void foldersAreMadeParentsFirstAndOneThatIsThereIsAsGood() throws Exception {
        List<DiskResult> results =
                world.applier.apply(
                        List.of(
                                makeFolder("a"),
                                makeFolder("a/b"),
                                world.place("a/b/c.txt", "x", Optional.empty()),
                                makeFolder("a")));
        results.forEach(result -> assertInstanceOf(DiskResult.Done.class, result));
        assertEquals("a/ a/b/ a/b/c.txt=x", world.tree());
        world.stale(makeFolder("a/b/c.txt"));
        world.stale(makeFolder("gone/b"));
    }

    @Test
    void aFailureDoesNotStopTheOthers() throws Exception {
        String tooLong = "x".repeat(300);
        List<DiskResult> results =
                world.applier.apply(
                        List.of(
                                makeFolder(tooLong),
                                world.place(tooLong + "/child", "x", Optional.empty()),
                                world.place("b.txt", "b", Optional.empty())));
        assertEquals("name_too_long", ((DiskResult.Failed) results.getFirst()).reason());
        assertInstanceOf(DiskResult.Failed.class, results.get(1));
        assertInstanceOf(DiskResult.Done.class, results.get(2));
        assertEquals("b.txt=b", world.tree());
    }

    @Test
    void moveRenamesAndRefusesATakenName() throws Exception {
        world.write("a.txt", "a");
        world.write("docs/b.txt", "b");
        DiskResult.Done done = world.done(move("a.txt", "docs/A.TXT"));
        assertEquals(world.find("docs/A.TXT"), done.now());
        world.stale(move("docs/b.txt", "docs/A.TXT"));
        assertEquals("docs/ docs/A.TXT=a docs/b.txt=b", world.tree());
        world.done(move("docs/A.TXT", "docs/a.txt"));
        assertEquals("docs/ docs/a.txt=a docs/b.txt=b", world.tree());
    }

    @Test
    void moveOntoAnotherNameOfTheSameFileIsStale() throws Exception {
        world.write("a", "x");
        Files.createLink(world.path.resolve("A"), world.path.resolve("a"));
        world.stale(move("a", "A"));
        assertEquals("A=x a=x", world.tree());
        assertEquals(0, world.sidecars());
    }

    @Test
    void moveChecksWhoIsThere() throws Exception {
        world.write("a", "1");
        world.write("b", "2");
        Fingerprint gone = world.look("a");
        Files.move(world.path.resolve("a"), world.path.resolve("c"));
        world.write("a", "3");
        world.stale(new DiskOp.Move(world.item(), World.slot("a"), World.slot("d"), gone, Optional.empty()));
        world.stale(
                new DiskOp.Move(world.item(), World.slot("b"), World.slot("a"), world.look("b"), Optional.of(gone)));
        assertEquals("a=3 b=2 c=1", world.tree());
    }

    @Test
    void foldersAndFilesChangePlaces() throws Exception {
        world.write("d/x", "1");
        world.write("f", "2");
        world.done(swap("d", "f"));
        assertEquals("d=2 f/ f/x=1", world.tree());
    }

    @Test
    void aFolderIsNotMovedIntoItself() throws Exception {
        world.write("a/b/x", "1");
        world.stale(move("a", "a/b/a"));
        world.stale(move("a", "a/a"));
        assertEquals("a/ a/b/ a/b/x=1", world.tree());
    }

    @Test
    void operationsAfterAMoveFindTheNewPaths() throws Exception {
        world.write("a/x", "1");
        world.write("b/y", "2");
        List<DiskResult> results =
                world.applier.apply(
                        List.of(
                                world.place("a/n", "in a", Optional.empty()),
                                swap("a", "b"),
                                world.place("a/m", "in what was b", Optional.empty())));
        results.forEach(result -> assertInstanceOf(DiskResult.Done.class, result));
        assertEquals("a/ a/m=in what was b a/y=2 b/ b/n=in a b/x=1", world.tree());
    }

    @Test
    void metaIsSetOnWhatIsExpectedOnly() throws Exception {
        world.write("a", "x");
        Files.createDirectory(world.path.resolve("d"));
        world.done(new DiskOp.SetMeta(world.item(), World.slot("a"), world.look("a"), 0700, Optional.of(World.MTIME)));
        world.done(new DiskOp.SetMeta(world.item(), World.slot("d"), world.look("d"), 0700, Optional.empty()));
        assertEquals("rwx------", mode("a"));
        assertEquals("rwx------", mode("d"));
        assertEquals(World.MTIME, world.look("a").mtime());
        Fingerprint before = world.look("a");
        world.write("a", "edited");
        world.stale(new DiskOp.SetMeta(world.item(), World.slot("a"), before, 0600, Optional.empty()));
        assertEquals("rwx------", mode("a"));
    }

    @Test
    void aRemovedFileIsDisplacedAndOneThatIsGoneIsDone() throws Exception {
        world.write("a", "x");
        DiskOp.RemoveFile op = remove("a");
        assertEquals(Optional.empty(), world.done(op).now());
        assertEquals(List.of("x"), world.displacedContents());
        assertEquals(Optional.empty(), world.done(op).now());
        assertEquals("", world.tree());
        assertEquals(1, world.sidecars());
    }

    @Test
    void aChangedFileIsNotRemoved() throws Exception {
        world.write("a", "x");
        DiskOp.RemoveFile op = remove("a");
        world.write("a", "edited");
        world.stale(op);
        assertEquals("a=edited", world.tree());
        assertEquals(0, world.sidecars());
    }

    @Test
    void onlyAnEmptyFolderOfThatIdentityIsRemoved() throws Exception {
        world.write("d/x", "1");
        DiskOp.RemoveFolder op = removeFolder("d");
        assertInstanceOf(DiskResult.NotEmpty.class, world.apply(op));
        Files.delete(world.path.resolve("d/x"));
        world.done(op);
        world.done(op);
        Files.createDirectory(world.path.resolve("d"));
        world.stale(op);
        assertEquals("d/", world.tree());
    }

    @Test
    void aLargeBatchOverManyFoldersIsDoneWhole() throws Exception {
        List<DiskOp> ops = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ops.add(makeFolder("d" + i));
            ops.add(world.place("d" + i + "/f", "new" + i, Optional.empty()));
        }
        for (int i = 0; i < 40; i++) {
            world.write("old" + i, "old");
            ops.add(world.place("old" + i, "new", is("old" + i)));
            ops.add(
                    new DiskOp.SetMeta(
                            world.item(),
                            World.slot("d" + i),
                            new Fingerprint("?", 0, World.MTIME, World.MTIME, 0),
                            0700,
                            Optional.empty()));
        }
        List<DiskResult> results = world.applier.apply(ops);
        assertEquals(120, results.stream().filter(DiskResult.Done.class::isInstance).count());
        assertEquals("new39", world.read("d39/f"));
        assertEquals(40, world.displacedContents().size());
        assertFalse(world.tree().contains("=old"));
    }
}
