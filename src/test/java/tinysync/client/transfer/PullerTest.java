package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.SmallContents;
import tinysync.server.StartException;
import tinysync.tree.Cursor;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

class PullerTest {
    @TempDir private Path temp;

    private Site site;
    private Puller puller;
    private Cursor start;
    private Cursor head;
    private ItemId folder;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
        puller = new Puller(site.api, site.vault.id());
        start = site.api.vault(site.vault.id()).head();
        folder = site.item();
        Mutation mutation =
                new Mutation.CreateFolder(
                        new OpId(new UUID(8, 8), 0),
                        folder,
                        new Place(site.vault.root(), "docs"),
                        Optional.empty(),
                        false);
        head =
                site.api
                        .commit(site.vault.id(), start, Site.INSTANCE, List.of(mutation), SmallContents.NONE)
                        .head()
                        .orElseThrow();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theLogAfterACursorIsPulled() {
        Event.LogPulled pulled = assertInstanceOf(Event.LogPulled.class, puller.pullLog(new Effect.PullLog(start)));
        assertEquals(start, pulled.after());
        assertEquals(head, pulled.head());
        assertEquals(folder, pulled.events().getFirst().items().getFirst().id());
    }

    @Test
    void anotherHistoryIsToldFromAFailure() {
        Cursor foreign = new Cursor(head.epoch(), head.seq(), "00000000000000ff");
        assertEquals(new Event.HistoryForked(), puller.pullLog(new Effect.PullLog(foreign)));
    }

    @Test
    void theSnapshotIsPulled() {
        Event.SnapshotPulled pulled =
                assertInstanceOf(
                        Event.SnapshotPulled.class, puller.pullSnapshot(new Effect.PullSnapshot(Optional.empty())));
        assertEquals(Optional.of(head), pulled.at());
        assertTrue(pulled.items().stream().anyMatch(item -> item.id().equals(folder)));
        assertEquals(Optional.empty(), pulled.next());
    }

    @Test
    void theForkPointIsFound() {
        Cursor foreign = new Cursor(head.epoch(), head.seq() + 5, "00000000000000ff");
        assertEquals(
                new Event.CommonFound(head), puller.findCommon(new Effect.FindCommon(List.of(start, head, foreign))));
    }

    @Test
    void aForkPointThatNobodyAskedForIsNotTaken() {
        site.gateway.spoil(
                request -> request.contains("/log/common"),
                body ->
                        new String(body, StandardCharsets.UTF_8)
                                .replace(head.tag(), "00000000000000fe")
                                .getBytes(StandardCharsets.UTF_8));
        assertInstanceOf(Event.PullFailed.class, puller.findCommon(new Effect.FindCommon(List.of(head))));
    }

    @Test
    void aVaultOutOfReachIsLost() {
        Puller elsewhere = new Puller(site.api, new VaultId(new UUID(99, 99)));
        assertInstanceOf(Event.AccessLost.class, elsewhere.pullLog(new Effect.PullLog(start)));
    }

    @Test
    void nonsenseAndSilenceAreFailures() {
        site.gateway.spoil(request -> request.contains("/log"), body -> new byte[body.length]);
        assertInstanceOf(Event.PullFailed.class, puller.pullLog(new Effect.PullLog(start)));
        site.gateway.close();
        assertInstanceOf(Event.PullFailed.class, puller.pullLog(new Effect.PullLog(start)));
        assertInstanceOf(Event.PullFailed.class, puller.pullSnapshot(new Effect.PullSnapshot(Optional.empty())));
    }
}
