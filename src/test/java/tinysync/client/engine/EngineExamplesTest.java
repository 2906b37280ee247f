package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.sim.Device;
import tinysync.sim.Texts;
import tinysync.sim.TwoDevices;
import tinysync.tree.ItemId;

import java.time.Duration;
import java.util.List;

/** Daily life of two devices, one story each. */
class EngineExamplesTest extends TwoDevices {

    // First sync.

    @Test
    void aTreeGoesUpParentsFirstAndComesDown() {
        given("docs/{deep/{x.txt=x}} link->docs/deep");
        bothShow("docs/{deep/{x.txt=x}} link->docs/deep");
        List<String> all = world.server().opsAfter(0);
        assertEquals(List.of("create_folder", "create_folder"), all.subList(0, 2));
        assertEquals(4, all.size());
    }

    @Test
    void largeContentIsUploadedBeforeItIsNamed() {
        a.disk().write("film.mkv", Texts.BIG + "1");
        bothShow("film.mkv=big 1");
        assertEquals(1, a.count(Effect.Upload.class));
    }

    @Test
    void equalTreesOnBothSidesOnlyAgree() {
        given("d/{f=same}");
        Device c = world.join("c");
        c.disk().plant("d/{f=same}");
        world.settle();
        assertEquals(0, c.count(Effect.Fetch.class));
        assertFalse(c.disk().toString().contains("conflict"));
        assertTrue(sent().stream().allMatch(op -> op.equals("set_metadata")), sent().toString());
    }

    // Edits.

    @Test
    void anEditArrivesUnderTheSameItem() {
        given("f=1");
        ItemId f = item("f");
        a.disk().write("f", "2");
        bothShow("f=2");
        assertEquals(f, item("f"));
        assertEquals(2, versions("f"));
    }

    @Test
    void concurrentEditsGiveOneConflictCopyOnBoth() {
        String copy = editedOnBoth();
        assertEquals(a.disk().toString(), b.disk().toString());
        assertEquals(2, a.disk().paths().size(), a.disk().toString());
        assertEquals("from a", a.disk().read("f.txt"));
        assertTrue(copy.startsWith("f (conflicted copy, b, 2026-11-21 "), copy);
        assertEquals("from b", a.disk().read(copy));
    }

    /** The name of the conflict copy. */
    private String editedOnBoth() {
        given("f.txt=1");
        a.disconnect();
        b.disconnect();
        a.disk().write("f.txt", "from a");
        b.disk().write("f.txt", "from b");
        world.pass(Duration.ofSeconds(5));
        a.connect();
        world.pass(Duration.ofSeconds(5));
        b.connect();
        world.settle();
        return a.disk().paths().getFirst();
    }

    @Test
    void theConflictsOfTheVaultAreCountedOnEachDeviceUntilTheCopyHasAnotherName() {
        String copy = editedOnBoth();
        a.crash();
        assertEquals(1, a.status().conflicts());
        assertEquals(1, b.status().conflicts());
        b.disk().move(copy, "mine.txt");
        world.settle();
        assertEquals(0, a.status().conflicts());
        assertEquals(0, b.status().conflicts());
    }

    @Test
    void theSameEditOnBothIsNoConflict() {
        given("f=1");
        a.disconnect();
        a.disk().write("f", "2");
        b.disk().write("f", "2");
        world.runUntilQuiet();
        a.connect();
        bothShow("f=2");
    }

    @Test
    void editsMadeOfflineGoUpLater() {
        given("f=1");
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
        given("f=1");
        a.disk().chmod("f", 0755);
        bothShow("f=1");
        assertEquals(0755, b.disk().mode("f"));
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    // Moves.

    @Test
    void aRenamedFileIsOneMove() {
        given("f=1");
        a.disk().move("f", "g");
        bothShow("g=1");
        sent("move_rename");
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    @Test
    void aMovedFolderOfAHundredFilesIsOneMove() {
        a.disk().plant("from/ to/");
        for (int i = 0; i < 100; i++) {
            a.disk().write("from/f" + i, "content " + i);
        }
        world.settle();
        fromHereOn();
        a.disk().move("from", "to/moved");
        world.settle();
        sent("move_rename");
        assertEquals(0, b.count(Effect.Fetch.class));
        assertEquals(102, b.disk().paths().size());
    }

    @Test
    void twoFilesThatSwapNamesSwapPlaces() {
        given("x=1 y=2");
        ItemId x = item("x");
        a.disk().exchange("x", "y");
        bothShow("x=2 y=1");
        sent("move_rename");
        assertEquals(x, item("y"));
        assertEquals(0, b.count(Effect.Fetch.class));
    }

    @Test
    void aNewFolderUnderTheNameOfAMovedOneIsNewAndTheMovedOneMoves() {
        given("d/{f=1}");
        ItemId d = item("d");
        a.disk().move("d", "e");
        a.disk().mkdir("d");
        bothShow("d/ e/{f=1}");
        assertEquals(d, item("e"));
    }

    @Test
    void aFileMovedIntoANewFolderKeepsItsItem() {
        given("f=1");
        ItemId f = item("f");
        a.disk().mkdir("d");
        a.disk().move("f", "d/f");
        bothShow("d/{f=1}");
        assertEquals(f, item("d/f"));
    }

    // How programs save.

    @Test
    void savingByRenameOverTheOldFileIsOneNewVersion() {
        given("f=1");
        ItemId f = item("f");
        a.disk().write("f.new", "2");
        a.disk().move("f.new", "f");
        bothShow("f=2");
        assertEquals(f, item("f"));
        assertEquals(2, versions("f"));
    }

    @Test
    void savingByMovingTheOldFileAsideIsOneNewVersion() {
        given("f=1");
        ItemId f = item("f");
        a.disk().move("f", "f~");
        a.disk().write("f", "2");
        bothShow("f=2 f~=1");
        assertEquals(f, item("f"));
        assertEquals(2, versions("f"));
    }

    @Test
    void savingByWritingAnewIsOneNewVersion() {
        given("f=a-longer-text");
        ItemId f = item("f");
        a.disk().write("f", "");
        world.pass(Duration.ofMillis(100));
        a.disk().write("f", "another long text");
        bothShow("f=another long text");
        assertEquals(f, item("f"));
        assertEquals(2, versions("f"));
    }

    // Deletions.

    @Test
    void aDeletedFolderIsOneMutation() {
        given("d/{e/{g=2} f=1} stays=3");
        a.disk().delete("d");
        bothShow("stays=3");
        sent("delete_subtree");
    }

    @Test
    void anEditBeatsADeletion() {
        given("d/{f=1 g=2}");
        b.disconnect();
        a.disk().delete("d");
        b.disk().write("d/f", "edited");
        world.pass(Duration.ofSeconds(5));
        b.connect();
        bothShow("d/{f=edited}");
    }

    @Test
    void whatIsMissingOnceIsNotAbsent() {
        given("f=1");
        a.disk().move("f", "g");
        world.steps(1);
        a.disk().move("g", "f");
        bothShow("f=1");
        sent();
    }

    @Test
    void nothingIsDeletedWhileAFolderCannotBeRead() {
        given("d/{f=1}");
        a.disk().lock("d", true);
        a.order(Event.Order.RESCAN);
        world.runUntilQuiet();
        sent();
        assertEquals(
                new StatusView.Parked("d", "permission_denied", "cannot be read; nothing is decided about it"),
                a.status().parked().getFirst());
        assertEquals(1, a.status().parkedTotal());
        a.disk().lock("d", false);
        bothShow("d/{f=1}");
        sent();
    }

    @Test
    void ignoredFilesStayInAFolderThatWasDeletedElsewhere() {
        given(".tinysyncignore=*.o src/{sub/{main.c=1}}");
        b.disk().write("src/sub/main.o", "machine code");
        world.settleApartFromIgnored();
        a.disk().delete("src");
        world.settleApartFromIgnored();
        assertEquals(".tinysyncignore=*.o", a.disk().toString());
        assertEquals(".tinysyncignore=*.o src/{sub/{main.o=machine code}}", b.disk().toString());
        assertEquals(StatusView.State.SYNCED, b.state());
        b.disk().write("src/sub/new.c", "2");
        world.settleApartFromIgnored();
        assertEquals(".tinysyncignore=*.o src/{sub/{new.c=2}}", a.disk().toString());
    }

    @Test
    void aLinkThatWasTouchedHereIsDeletedThereAllTheSame() {
        given("l->f");
        b.disk().touch("l");
        world.settle();
        a.disk().delete("l");
        bothShow("");
    }

    // Names.

    @Test
    void caseTwinsStayOnTheirDiskAndGetAnotherNameInTheVault() {
        given("Readme=1");
        a.disk().write("README", "2");
        world.settle();
        assertEquals("README=2 Readme=1", a.disk().toString());
        assertEquals("README (case twin)=2 Readme=1", b.disk().toString());
        assertEquals(List.of(new StatusView.Disguised("README", "README (case twin)")), a.status().disguised());
        fromHereOn();
        a.order(Event.Order.RESCAN);
        world.settle();
        sent();
    }

    @Test
    void aRenameInCaseOnlyIsAMove() {
        given("readme=1");
        a.disk().move("readme", "README");
        bothShow("README=1");
        sent("move_rename");
    }

    @Test
    void aNameThatNoVaultTakesIsSyncedOnceItIsAnother() {
        String tooLong = "x".repeat(256);
        a.disk().write(tooLong, "1");
        world.runUntilQuiet();
        assertEquals("bad_name", a.status().parked().getFirst().code());
        assertEquals(StatusView.State.SYNCED, a.state());
        assertEquals(1, a.told(ClientEvent.What.PARKED));
        a.disk().move(tooLong, "f");
        world.pass(Duration.ofSeconds(2));
        bothShow("f=1");
    }

    @Test
    void hardLinksAreItemsOfTheirOwn() {
        given("d/ f=1");
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
        a.disk().plant("d/{x=1}");
        b.disk().plant("d/{y=2}");
        world.runUntilQuiet();
        a.connect();
        b.connect();
        bothShow("d/{x=1 y=2}");
    }

    // Silence.

    @Test
    void anIdleEngineIsSilent() {
        given("d/{f=1}");
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
}
