package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tinysync.sim.Device;
import tinysync.sim.Texts;
import tinysync.sim.TwoDevices;
import tinysync.sim.World;

import java.time.Duration;

/** Crashes, losses, full disks, and people who delete more than they meant: one story each. */
class EngineTroubleTest extends TwoDevices {

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
        assertEquals(30, world.server().seq());
    }

    /** The server took an edit of f, 1 to 2, without {@code a} hearing of it. */
    private void editWithALostReply() {
        given("f=1");
        world.loseNextReply();
        a.disk().write("f", "2");
        while (versions("f") < 2) {
            world.steps(1);
        }
        a.disconnect();
    }

    @Test
    void aLostReplyAndAnEditMeanwhileIsNoConflict() {
        editWithALostReply();
        a.disk().write("f", "3");
        world.pass(Duration.ofSeconds(5));
        a.connect();
        bothShow("f=3");
        assertEquals(0, a.durableOps());
    }

    @Test
    void aLostReplyACrashAndAnEditMeanwhileIsNoConflict() {
        editWithALostReply();
        a.disk().write("f", "3");
        a.crash();
        a.connect();
        bothShow("f=3");
    }

    @Test
    void aLostDatabaseOnlyLearnsAnew() {
        given("d/{f=1} g=2 l->g");
        long before = a.disk().changes();
        a.loseState();
        bothShow("d/{f=1} g=2 l->g");
        sent();
        assertEquals(before, a.disk().changes());
    }

    @Test
    void aLostDatabaseDeletesNothing() {
        given("f=1 g=2");
        a.disconnect();
        a.disk().delete("f");
        a.loseState();
        a.connect();
        bothShow("f=1 g=2");
    }

    @Test
    void aDeviceThatWasAwayForLongReadsASnapshot() {
        given("f=1");
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

    @Test
    void aLostRootStopsEverythingUntilItIsBack() {
        given("f=1");
        a.tell(new Event.RootLost("missing"));
        b.disk().write("g", "2");
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, a.state());
        assertEquals("root_missing", a.status().held().orElseThrow().reason());
        a.tell(new Event.RootLost("read_only"));
        assertEquals("root_read_only", a.status().held().orElseThrow().reason());
        assertEquals("f=1", a.disk().toString());
        a.tell(new Event.RootBack());
        assertTrue(a.status().held().isEmpty());
        bothShow("f=1 g=2");
    }

    // What cannot be read.

    /** {@code b} finds that it may not look into the folder; what happens on {@code a} meanwhile reaches it. */
    private void whileUnreadableOnB(String folder, Runnable onA) {
        // All is read a second time, and trusted from then on.
        world.pass(Duration.ofSeconds(3));
        b.order(Event.Order.RESCAN);
        world.runUntilQuiet();
        b.disk().lock(folder, true);
        b.order(Event.Order.RESCAN);
        world.runUntilQuiet();
        onA.run();
        world.runUntilQuiet();
        assertEquals(StatusView.State.SYNCED, b.state());
        b.disk().lock(folder, false);
    }

    @Test
    void anEditBelowAnUnreadableFolderComesDownWhenItCanBeRead() {
        given("d/{e/{f=1}}");
        whileUnreadableOnB("d", () -> a.disk().write("d/e/f", "2"));
        bothShow("d/{e/{f=2}}");
    }

    @Test
    void aDeletionBelowAnUnreadableFolderComesDownWhenItCanBeRead() {
        given("d/{e/{f=1} g=2}");
        whileUnreadableOnB("d", () -> a.disk().delete("d/e"));
        bothShow("d/{g=2}");
    }

    @Test
    void whatTookTheNameOfAnUnreadableFolderComesDownWhenThatCanBeRead() {
        given("x/{f=1}");
        whileUnreadableOnB(
                "x",
                () -> {
                    a.disk().move("x", "y");
                    a.disk().write("x", "new");
                });
        bothShow("x=new y/{f=1}");
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
        assertEquals(1, b.told(ClientEvent.What.PARKED));
        b.mend(Device.Lane.DISK);
        world.pass(Duration.ofMinutes(1));
        bothShow("f=1");
    }

    @Test
    void whatMayPassIsTriedSomeTimesBeforeItIsShown() {
        b.fail(Device.Lane.DISK, new TransferOutcome.Failed("in_use", "somebody has it", true));
        a.disk().write("f", "1");
        world.pass(Duration.ofSeconds(10));
        assertEquals(0, b.status().parkedTotal());
        assertEquals(StatusView.State.SYNCING, b.state());
        world.pass(Duration.ofSeconds(10));
        assertEquals(1, b.status().parkedTotal());
        assertEquals(StatusView.State.SYNCED, b.state());
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

    @ParameterizedTest
    @EnumSource(
            value = World.Taking.class,
            names = {"IN_VAIN", "IN_VAIN_UNSHOWN"})
    void whatTheServerTakesAndNeverTellsOfIsTriedAgainWithPatience(World.Taking taking) {
        world.take(taking);
        a.disk().write("f", "1");
        world.pass(Duration.ofMinutes(2));
        assertEquals("f=1", a.disk().toString());
        assertEquals("server_inconsistent", a.status().parked().getFirst().code());
        assertTrue(a.count(Effect.Commit.class) < 20, () -> a.count(Effect.Commit.class) + " times");
        world.take(World.Taking.HONEST);
        world.pass(Duration.ofMinutes(2));
        bothShow("f=1");
    }

    // The safety hold.

    /** A folder of 150 files is deleted, and that is held. */
    private void heldDeletion() {
        plantMany();
        a.disk().delete("d");
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, a.state());
        assertTrue(b.disk().exists("d/f149"));
        assertEquals(151, a.status().held().orElseThrow().deletes());
    }

    private void plantMany() {
        a.disk().plant("d/ other/");
        for (int i = 0; i < 150; i++) {
            a.disk().write("d/f" + i, "content " + i);
        }
        world.settle();
        fromHereOn();
    }

    @Test
    void aMassDeletionIsHeldUntilItIsConfirmed() {
        heldDeletion();
        a.order(Event.Order.CONFIRM);
        bothShow("other/");
        sent("delete_subtree");
        assertTrue(world.server().events().getLast().confirmed());
    }

    @Test
    void whatIsDeletedDuringAHoldIsCountedToo() {
        heldDeletion();
        a.disk().delete("other");
        world.pass(Duration.ofSeconds(3));
        assertEquals(152, a.status().held().orElseThrow().deletes());
        assertEquals(1, a.told(ClientEvent.What.HELD));
    }

    @Test
    void aRejectedMassDeletionBringsAllBack() {
        heldDeletion();
        a.order(Event.Order.REJECT);
        world.settle();
        assertEquals(152, a.disk().paths().size());
        sent();
    }

    @Test
    void aHoldEndsWhenThePersonPutsAllBack() {
        plantMany();
        a.disk().hide("d");
        world.runUntilQuiet();
        assertEquals(StatusView.State.HELD, a.state());
        a.disk().unhide("d");
        world.settle();
        assertEquals(152, b.disk().paths().size());
        sent();
    }

    @Test
    void manyRenamesAreNotHeld() {
        plantMany();
        a.disk().move("d", "other/d");
        world.settle();
        sent("move_rename");
    }
}
