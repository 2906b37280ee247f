package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.client.engine.Event;
import tinysync.client.transfer.Standing.Task;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The test's own thread is the one that asks. The time limit only ends a test that would hang. */
@Timeout(60)
class StandingTest {
    private static final VaultId VAULT = new VaultId(new UUID(1, 1));

    private final AtomicLong nanos = new AtomicLong();
    private final Standing standing = new Standing(nanos::get, () -> 0);
    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        standing.stop().forEach(Watch::close);
    }

    @Test
    void firstItAsksThenItPollsAndWithASocketOnlyConfirms() {
        online();
        assertEquals(Task.POLL, standing.nextTask());
        assertEquals(Map.of(VAULT, head(1)), standing.heads());
        standing.endCall();
        assertEquals("poll", standing.mode());
        standing.socketReady();
        assertEquals("socket", standing.mode());
        standing.offline("gone");
        assertEquals("none", standing.mode());
        assertEquals(Task.ASK, standing.nextTask());
    }

    @Test
    void aSocketThatIsReadyEndsALongPoll() {
        online();
        assertEquals(Task.POLL, standing.nextTask());
        standing.socketReady();
        assertTrue(standing.endCall());
    }

    @Test
    void aSocketThatIsReadyDoesNotBreakOffWhatWasAskedAnew() {
        online();
        standing.ask();
        assertEquals(Task.ASK, standing.nextTask());
        standing.socketReady();
        assertFalse(standing.endCall());
    }

    @Test
    void newsOfGrantsBreakOffAnyCallAndAreAskedFor() {
        online();
        for (Task expected : List.of(Task.POLL, Task.ASK, Task.ASK)) {
            assertEquals(expected, standing.nextTask());
            standing.ask();
            assertTrue(standing.endCall());
        }
    }

    @Test
    void aVaultThatTheSocketWillNotTellOfIsAskedFor() {
        online();
        standing.watch(new VaultId(new UUID(2, 2)), new Watch(event -> {}));
        assertEquals(Task.ASK, standing.nextTask());
        standing.endCall();
        standing.socketReady();
        assertEquals(Task.ASK, standing.nextTask());
    }

    @Test
    void aHeadIsConfirmedForAMinute() {
        online();
        assertTrue(standing.isConfirmed(VAULT));
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        assertTrue(standing.isConfirmed(VAULT));
        nanos.addAndGet(1);
        assertFalse(standing.isConfirmed(VAULT));
        standing.confirmed(List.of(VAULT), Map.of());
        assertTrue(standing.isConfirmed(VAULT));
        standing.offline("gone");
        assertFalse(standing.isConfirmed(VAULT));
    }

    @Test
    void headsThatMovedAreToldAndKnownOnesAreNot() throws InterruptedException {
        online();
        standing.confirmed(List.of(VAULT), Map.of(VAULT, head(1)));
        standing.confirmed(List.of(VAULT), Map.of(VAULT, head(2)));
        assertEquals(new Event.Online(Optional.of(head(1))), told.take());
        assertEquals(new Event.HeadMoved(head(2)), told.take());
    }

    @Test
    void aRevokedDeviceReachesTheServerAndNoVault() throws InterruptedException {
        online();
        standing.revoked("revoked");
        assertInstanceOf(Event.Online.class, told.take());
        assertEquals(new Event.AccessLost("revoked"), told.take());
        assertEquals("poll", standing.mode());
        assertEquals(Map.of(), standing.heads());
        assertEquals(Task.ASK, standing.nextTask());
    }

    @Test
    void aSocketThatBreaksIsOfflineWhenTheServerDoesNotAnswer() throws InterruptedException {
        online();
        standing.socketReady();
        standing.socketDown("broken");
        assertEquals(Task.ASK, standing.nextTask());
        assertEquals("poll", standing.mode());
        assertInstanceOf(Event.Online.class, told.take());
        assertEquals(new Event.Offline("the connection was lost: broken"), told.take());
        assertEquals("none", standing.mode());
    }

    /** A dozen pauses of their own length are more than a minute. */
    @Test
    void whoIsInAHurryDoesNotWaitForTheNextTry() throws InterruptedException {
        Thread asking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int failure = 0; failure < 12; failure++) {
                                        standing.pauseAsking();
                                    }
                                });
        while (!asking.join(Duration.ofMillis(1))) {
            standing.hurry();
        }
        assertFalse(asking.isAlive());
    }

    @Test
    void whatStoppedHasNothingToDo() {
        online();
        standing.stop().forEach(Watch::close);
        assertTrue(standing.isStopped());
        assertEquals(Task.STOP, standing.nextTask());
        standing.pauseAsking();
        standing.pauseListening();
    }

    /** As after the first answers of a server. */
    private void online() {
        standing.watch(VAULT, new Watch(told::add));
        assertEquals(Task.ASK, standing.nextTask());
        standing.answered();
        standing.heard(VAULT, head(1));
        assertFalse(standing.endCall());
    }

    private static Cursor head(long seq) {
        return new Cursor(new UUID(3, 3), seq, "0123456789abcdef");
    }
}
