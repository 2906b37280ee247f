package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.sim.Device;
import tinysync.sim.Texts;
import tinysync.sim.World;
import tinysync.tree.ItemId;

import java.time.Duration;
import java.util.List;

/** Daily life of two devices, {@code a} and {@code b}, one story each. */
class EngineExamplesTest {
    private World world;
    private Device a;
    private Device b;

    @BeforeEach
    void twoDevices() {
        world = new World(1);
        a = world.join("a");
        b = world.join("b");
        world.settle();
    }

    private List<String> opsSince(long seq) {
        return world.server().opsAfter(seq);
    }

    private void bothShow(String tree) {
        world.settle();
        assertEquals(tree, a.disk().toString());
        assertEquals(tree, b.disk().toString());
        assertEquals(tree, world.server().toString());
    }

    // First sync.

    @Test
    void aTreeGoesUpParentsFirstAndComesDown() {
        a.disk().mkdir("docs");
        a.disk().mkdir("docs/deep");
        a.disk().write("docs/deep/x.txt", "x");
        a.disk().symlink("link", "docs/deep");
        bothShow("docs/{deep/{x.txt=x}} link->docs/deep");
        assertEquals(List.of("create_folder", "create_folder"), opsSince(0).subList(0, 2));
        assertEquals(4, opsSince(0).size());
    }

    @Test
    void largeContentIsUploadedBeforeItIsNamed() {
        a.disk().write("film.mkv", Texts.BIG + "1");
        bothShow("film.mkv=big 1");
        assertEquals(1, a.count(Effect.Upload.class));
    }

    @Test
    void equalTreesOnBothSidesOnlyAgree() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "same");
        world.settle();
        Device c = world.join("c");
        long seq = world.server().seq();
        c.disk().mkdir("d");
        c.disk().write("d/f", "same");
        world.settle();
        assertEquals(0, c.count(Effect.Fetch.class));
        assertFalse(c.disk().toString().contains("conflict"));
        assertTrue(opsSince(seq).stream().allMatch(op -> op.equals("set_metadata")), opsSince(seq).toString());
    }

    // Edits.

    @Test
    void anEditArrivesUnderTheSameItem() {
        a.disk().write("f", "1");
        world.settle();
        ItemId item = world.server().at("f").id();
        a.disk().write("f", "2");
        bothShow("f=2");
        assertEquals(item, world.server().at("f").id());
        assertEquals(2, world.server().versions(item));
    }

    @Test
    void concurrentEditsGiveOneConflictCopyOnBoth() {
        a.disk().write("f.txt", "1");
        world.settle();
        a.disconnect();
        b.disconnect();
        a.disk().write("f.txt", "from a");
        b.disk().write("f.txt", "from b");
        world.pass(Duration.ofSeconds(5));
        a.connect();
        world.pass(Duration.ofSeconds(5));
        b.connect();
        world.settle();
        assertEquals(a.disk().toString(), b.disk().toString());
        assertEquals(2, a.disk().paths().size(), a.disk().toString());
        assertEquals("from a", a.disk().read("f.txt"));
        String copy = a.disk().paths().getFirst();
        assertTrue(copy.startsWith("f (conflicted copy, b, 2026-11-21 "), copy);
        assertEquals("from b", a.disk().read(copy));
        assertEquals(1, b.status().conflicts());
        assertEquals(1, a.status().conflicts());
        a.crash();
        assertEquals(1, a.status().conflicts());
        b.disk().move(copy, "mine.txt");
        world.settle();
        assertEquals(0, a.status().conflicts());
        assertEquals(0, b.status().conflicts());
    }

    @Test
    void theSameEditOnBothIsNoConflict() {
        a.disk().write("f", "1");
        world.settle();
        a.disconnect();
        a.disk().write("f", "2");
        b.disk().write("f", "2");
        world.runUntilQuiet();
        a.connect();
        bothShow("f=2");
    }

    @Test
    void editsMadeOfflineGoUpLater() {
        a.disk().write("f", "1");
        world.settle();
        a.disconnect();
        a.disk().write("f", "2");
        a.disk().write("g", "new");
        world.pass(Duration.ofSeconds(10));
        assertEquals(StatusView.State.OFFLINE, a.state());
        assertEquals("f=1", b.disk().toString());
        a.connect();
        bothShow("f=2 g=new");
    }

    @Test
    void changedModeAndTimeTravelWithoutContent() {
        a.disk().write("f", "1");
        world.settle();
        a.forgetEffects();
        b.forgetEffects();
        a.disk().chmod("f", 0755);
        bothShow("f=1");
        assertEquals(0755, b.disk().mode("f"));
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    // Moves.

    @Test
    void aRenamedFileIsOneMove() {
        a.disk().write("f", "1");
        world.settle();
        long seq = world.server().seq();
        a.forgetEffects();
        b.forgetEffects();
        a.disk().move("f", "g");
        bothShow("g=1");
        assertEquals(List.of("move_rename"), opsSince(seq));
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    @Test
    void aMovedFolderOfAHundredFilesIsOneMove() {
        a.disk().mkdir("from");
        a.disk().mkdir("to");
        for (int i = 0; i < 100; i++) {
            a.disk().write("from/f" + i, "content " + i);
        }
        world.settle();
        long seq = world.server().seq();
        b.forgetEffects();
        a.disk().move("from", "to/moved");
        world.settle();
        assertEquals(List.of("move_rename"), opsSince(seq));
        assertEquals(0, b.count(Effect.Fetch.class));
        assertEquals(102, b.disk().paths().size());
    }

    @Test
    void twoFilesThatSwapNamesSwapPlaces() {
        a.disk().write("x", "1");
        a.disk().write("y", "2");
        world.settle();
        long seq = world.server().seq();
        ItemId x = world.server().at("x").id();
        b.forgetEffects();
        a.disk().exchange("x", "y");
        bothShow("x=2 y=1");
        assertEquals(List.of("move_rename"), opsSince(seq));
        assertEquals(x, world.server().at("y").id());
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    @Test
    void aNewFolderUnderTheNameOfAMovedOneIsNewAndTheMovedOneMoves() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "1");
        world.settle();
        ItemId d = world.server().at("d").id();
        a.disk().move("d", "e");
        a.disk().mkdir("d");
        bothShow("d/ e/{f=1}");
        assertEquals(d, world.server().at("e").id());
    }

    @Test
    void aFileMovedIntoANewFolderKeepsItsItem() {
        a.disk().write("f", "1");
        world.settle();
        ItemId f = world.server().at("f").id();
        a.disk().mkdir("d");
        a.disk().move("f", "d/f");
        bothShow("d/{f=1}");
        assertEquals(f, world.server().at("d/f").id());
    }

    // How programs save.

    @Test
    void savingByRenameOverTheOldFileIsOneNewVersion() {
        a.disk().write("f", "1");
        world.settle();
        ItemId f = world.server().at("f").id();
        a.disk().write("f.new", "2");
        a.disk().move("f.new", "f");
        bothShow("f=2");
        assertEquals(f, world.server().at("f").id());
        assertEquals(2, world.server().versions(f));
    }

    @Test
    void savingByMovingTheOldFileAsideIsOneNewVersion() {
        a.disk().write("f", "1");
        world.settle();
        ItemId f = world.server().at("f").id();
        a.disk().move("f", "f~");
        a.disk().write("f", "2");
        bothShow("f=2 f~=1");
        assertEquals(f, world.server().at("f").id());
        assertEquals(2, world.server().versions(f));
    }

    @Test
    void savingByWritingAnewIsOneNewVersion() {
        a.disk().write("f", "a longer text");
        world.settle();
        ItemId f = world.server().at("f").id();
        a.disk().write("f", "");
        world.pass(Duration.ofMillis(100));
        a.disk().write("f", "another long text");
        bothShow("f=another long text");
        assertEquals(f, world.server().at("f").id());
        assertEquals(2, world.server().versions(f));
    }

    // Deletions.

    @Test
    void aDeletedFolderIsOneMutation() {
        a.disk().mkdir("d");
        a.disk().mkdir("d/e");
        a.disk().write("d/f", "1");
        a.disk().write("d/e/g", "2");
        a.disk().write("stays", "3");
        world.settle();
        long seq = world.server().seq();
        a.disk().delete("d");
        bothShow("stays=3");
        assertEquals(List.of("delete_subtree"), opsSince(seq));
    }

    @Test
    void anEditBeatsADeletion() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "1");
        a.disk().write("d/g", "2");
        world.settle();
        b.disconnect();
        a.disk().delete("d");
        b.disk().write("d/f", "edited");
        world.pass(Duration.ofSeconds(5));
        b.connect();
        bothShow("d/{f=edited}");
    }

    @Test
    void whatIsMissingOnceIsNotAbsent() {
        a.disk().write("f", "1");
        world.settle();
        long seq = world.server().seq();
        a.disk().move("f", "g");
        world.steps(1);
        a.disk().move("g", "f");
        bothShow("f=1");
        assertEquals(List.of(), opsSince(seq));
    }

    @Test
    void nothingIsDeletedWhileAFolderCannotBeRead() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "1");
        world.settle();
        long seq = world.server().seq();
        a.disk().lock("d", true);
        a.order(Event.Order.RESCAN);
        world.runUntilQuiet();
        assertEquals(List.of(), opsSince(seq));
        assertEquals("d", a.status().parked().getFirst().path());
        a.disk().lock("d", false);
        bothShow("d/{f=1}");
        assertEquals(List.of(), opsSince(seq));
    }

    @Test
    void ignoredFilesStayInAFolderThatWasDeletedElsewhere() {
        a.disk().write(".tinysyncignore", "*.o\n");
        a.disk().mkdir("src");
        a.disk().mkdir("src/sub");
        a.disk().write("src/sub/main.c", "1");
        world.settle();
        b.disk().write("src/sub/main.o", "machine code");
        world.settleApartFromIgnored();
        a.disk().delete("src");
        world.settleApartFromIgnored();
        assertEquals(".tinysyncignore=*.o\n", a.disk().toString());
        assertEquals(".tinysyncignore=*.o\n src/{sub/{main.o=machine code}}", b.disk().toString());
        assertEquals(StatusView.State.SYNCED, b.state());
        b.disk().write("src/sub/new.c", "2");
        world.settleApartFromIgnored();
        assertEquals(".tinysyncignore=*.o\n src/{sub/{new.c=2}}", a.disk().toString());
    }

    // Names.

    @Test
    void caseTwinsStayOnTheirDiskAndGetAnotherNameInTheVault() {
        a.disk().write("Readme", "1");
        world.settle();
        a.disk().write("README", "2");
        world.settle();
        assertEquals("README=2 Readme=1", a.disk().toString());
        assertEquals("README (case twin)=2 Readme=1", b.disk().toString());
        assertEquals(1, a.status().disguised().size());
        long seq = world.server().seq();
        a.order(Event.Order.RESCAN);
        world.settle();
        assertEquals(seq, world.server().seq());
    }

    @Test
    void aLinkThatWasTouchedHereIsDeletedThereAllTheSame() {
        a.disk().symlink("l", "f");
        world.settle();
        b.disk().touch("l");
        world.settle();
        a.disk().delete("l");
        bothShow("");
    }

    @Test
    void aNameThatNoVaultTakesIsSyncedOnceItIsAnother() {
        a.disk().write("x".repeat(256), "1");
        world.runUntilQuiet();
        assertEquals("bad_name", a.status().parked().getFirst().code());
        assertEquals(StatusView.State.SYNCED, a.state());
        assertEquals(1, a.told().stream().filter(e -> e.what() == ClientEvent.What.PARKED).count());
        a.disk().move("x".repeat(256), "f");
        world.pass(Duration.ofSeconds(2));
        bothShow("f=1");
    }

    @Test
    void aRenameInCaseOnlyIsAMove() {
        a.disk().write("readme", "1");
        world.settle();
        a.disk().move("readme", "README");
        bothShow("README=1");
    }

    @Test
    void hardLinksAreItemsOfTheirOwn() {
        a.disk().write("f", "1");
        world.settle();
        a.disk().mkdir("d");
        a.disk().link("f", "g");
        a.disk().link("f", "d/h");
        bothShow("d/{h=1} f=1 g=1");
        a.disk().write("f", "2");
        a.order(Event.Order.RESCAN);
        bothShow("d/{h=2} f=2 g=2");
    }

    @Test
    void bothMakeTheSameFolderAndItIsOne() {
        a.disconnect();
        b.disconnect();
        a.disk().mkdir("d");
        a.disk().write("d/x", "1");
        b.disk().mkdir("d");
        b.disk().write("d/y", "2");
        world.runUntilQuiet();
        a.connect();
        b.connect();
        bothShow("d/{x=1 y=2}");
    }

    // Crashes and losses.

    @Test
    void aRestartInTheMiddleGoesOn() {
        for (int i = 0; i < 30; i++) {
            a.disk().write("f" + i, "content " + i);
        }
        for (int i = 0; i < 40; i++) {
            world.steps(7);
            a.crash();
            b.crash();
        }
        world.settle();
        assertEquals(30, b.disk().paths().size());
        assertEquals(30, opsSince(0).size());
    }

    @Test
    void aLostReplyAndAnEditMeanwhileIsNoConflict() {
        a.disk().write("f", "1");
        world.settle();
        world.loseNextReply();
        a.disk().write("f", "2");
        while (world.server().versions(world.server().at("f").id()) < 2) {
            world.steps(1);
        }
        a.disconnect();
        a.disk().write("f", "3");
        world.pass(Duration.ofSeconds(5));
        a.connect();
        bothShow("f=3");
        assertEquals(0, a.durableOps());
    }

    @Test
    void aLostReplyACrashAndAnEditMeanwhileIsNoConflict() {
        a.disk().write("f", "1");
        world.settle();
        world.loseNextReply();
        a.disk().write("f", "2");
        while (world.server().versions(world.server().at("f").id()) < 2) {
            world.steps(1);
        }
        a.disconnect();
        a.disk().write("f", "3");
        a.crash();
        a.connect();
        bothShow("f=3");
    }

    @Test
    void aLostDatabaseOnlyLearnsAnew() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "1");
        a.disk().write("g", "2");
        a.disk().symlink("l", "g");
        world.settle();
        long seq = world.server().seq();
        long before = a.disk().changes();
        a.loseState();
        bothShow("d/{f=1} g=2 l->g");
        assertEquals(List.of(), opsSince(seq));
        assertEquals(before, a.disk().changes());
    }

    @Test
    void aLostDatabaseDeletesNothing() {
        a.disk().write("f", "1");
        a.disk().write("g", "2");
        world.settle();
        a.disconnect();
        a.disk().delete("f");
        a.loseState();
        a.connect();
        bothShow("f=1 g=2");
    }

    @Test
    void aDeviceThatWasAwayForLongReadsASnapshot() {
        a.disk().write("f", "1");
        world.settle();
        b.disconnect();
        a.disk().write("g", "2");
        a.disk().delete("f");
        world.pass(Duration.ofSeconds(10));
        world.server().pruneLog();
        a.disk().write("h", "3");
        world.pass(Duration.ofSeconds(10));
        world.server().pruneLog();
        b.connect();
        bothShow("g=2 h=3");
    }

    // What only a person can mend.

    @Test
    void aFullDiskIsShownAtOnceAndTriedAgainLater() {
        b.fail(Device.Lane.DISK, new TransferOutcome.Failed("no_space", "the disk is full", true));
        a.disk().write("f", "1");
        world.pass(Duration.ofSeconds(2));
        assertEquals("no_space", b.status().parked().getFirst().code());
        assertEquals(1, b.status().parkedTotal());
        assertEquals(StatusView.State.SYNCED, b.state());
        world.pass(Duration.ofMinutes(5));
        assertEquals(1, b.told().stream().filter(e -> e.what() == ClientEvent.What.PARKED).count());
        b.mend(Device.Lane.DISK);
        world.pass(Duration.ofMinutes(1));
        bothShow("f=1");
    }

    @Test
    void aTransferThatWaitingCannotHelpIsParkedAtOnce() {
        a.fail(Device.Lane.UPLOAD, new TransferOutcome.Failed("bad_hash", "refused", false));
        b.fail(Device.Lane.FETCH, new TransferOutcome.Failed("not_found", "refused", false));
        a.disk().write("big", Texts.BIG);
        a.disk().write("f", "1");
        world.pass(Duration.ofSeconds(5));
        assertEquals(1, a.count(Effect.Upload.class));
        assertEquals(1, b.count(Effect.Fetch.class));
        assertEquals("bad_hash", a.status().parked().getFirst().code());
        assertEquals("not_found", b.status().parked().getFirst().code());
    }

    // The safety hold.

    private void manyFiles() {
        a.disk().mkdir("d");
        for (int i = 0; i < 150; i++) {
            a.disk().write("d/f" + i, "content " + i);
        }
        world.settle();
        a.disk().delete("d");
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, a.state());
        assertEquals(151, b.disk().paths().stream().filter(path -> path.startsWith("d")).count());
        assertEquals(151, a.status().held().orElseThrow().deletes());
    }

    @Test
    void aMassDeletionIsHeldUntilItIsConfirmed() {
        manyFiles();
        long seq = world.server().seq();
        a.order(Event.Order.CONFIRM);
        bothShow("");
        assertEquals(List.of("delete_subtree"), opsSince(seq));
        assertTrue(world.server().events().getLast().confirmed());
    }

    @Test
    void whatIsDeletedDuringAHoldIsCountedToo() {
        a.disk().write("other", "1");
        manyFiles();
        a.disk().delete("other");
        world.pass(Duration.ofSeconds(3));
        assertEquals(152, a.status().held().orElseThrow().deletes());
        assertEquals(1, a.told().stream().filter(e -> e.what() == ClientEvent.What.HELD).count());
    }

    @Test
    void aRejectedMassDeletionBringsAllBack() {
        manyFiles();
        long seq = world.server().seq();
        a.order(Event.Order.REJECT);
        world.settle();
        assertEquals(151, a.disk().paths().size());
        assertEquals(List.of(), opsSince(seq));
    }

    @Test
    void aHoldEndsWhenThePersonPutsAllBack() {
        a.disk().mkdir("d");
        for (int i = 0; i < 150; i++) {
            a.disk().write("d/f" + i, "content " + i);
        }
        world.settle();
        long seq = world.server().seq();
        a.disk().mkdir("other");
        world.settle();
        a.disk().move("d", "other/d");
        a.disk().move("other/d", "d");
        world.settle();
        assertEquals(List.of("create_folder"), opsSince(seq));
    }

    // Silence.

    @Test
    void anIdleEngineIsSilent() {
        a.disk().mkdir("d");
        a.disk().write("d/f", "1");
        world.settle();
        world.pass(Duration.ofMinutes(11));
        a.forgetEffects();
        long changes = a.changes();
        world.pass(Duration.ofMinutes(5));
        assertEquals(List.of(), a.effects());
        assertEquals(changes, a.changes());
        assertEquals(StatusView.State.SYNCED, a.state());
        a.order(Event.Order.RESCAN);
        world.settle();
        assertEquals(0, a.count(Effect.HashFile.class));
        assertEquals(changes, a.changes());
    }

    @Test
    void nothingHappensWhilePaused() {
        a.order(Event.Order.PAUSE);
        a.disk().write("f", "1");
        world.pass(Duration.ofMinutes(1));
        assertEquals(StatusView.State.PAUSED, a.state());
        assertEquals("", b.disk().toString());
        a.crash();
        assertEquals(StatusView.State.PAUSED, a.state());
        a.order(Event.Order.RESUME);
        bothShow("f=1");
    }

    @Test
    void aLostRootStopsEverythingUntilItIsBack() {
        a.disk().write("f", "1");
        world.settle();
        a.tell(new Event.RootLost("missing"));
        b.disk().write("g", "2");
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, a.state());
        assertNotEquals("f=1 g=2", a.disk().toString());
        a.tell(new Event.RootBack());
        bothShow("f=1 g=2");
    }
}
