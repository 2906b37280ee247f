package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.SmallContents;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.StartException;
import tinysync.server.TinySyncServer;
import tinysync.tree.Cursor;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class LinkTest {
    private static final SystemClock CLOCK = new SystemClock();

    @TempDir private Path temp;

    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private Site site;
    private int ops;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void itGoesFromPollToSocketAndHearsOfEveryChange() throws Exception {
        try (ServerApi api = site.direct();
                Link link = link(api)) {
            assertEquals("none", link.mode());
            watchAndStart(link);
            online();
            moved(commit());
            awaitMode(link, "socket");
            moved(commit());
            assertTrue(link.isConfirmed(site.vault.id()));
        }
    }

    @Test
    void withoutASocketItPolls() throws Exception {
        withoutSocket();
        try (Link link = link(site.api)) {
            watchAndStart(link);
            online();
            assertEquals("poll", link.mode());
            moved(commit());
        }
    }

    @Test
    void aServerThatStopsIsOfflineAndOneThatComesBackIsOnline() throws Exception {
        try (ServerApi api = site.direct();
                Link link = link(api)) {
            watchAndStart(link);
            Cursor head = online();
            awaitMode(link, "socket");
            site.stopServer();
            assertInstanceOf(Event.Offline.class, next(Event.Offline.class));
            assertEquals("none", link.mode());
            assertFalse(link.isConfirmed(site.vault.id()));
            try (TinySyncServer back = site.restartServer()) {
                assertEquals(head, online(), () -> back.url().toString());
                awaitMode(link, "socket");
            }
        }
    }

    @Test
    void aPollThatLosesItsServerIsOffline() throws Exception {
        withoutSocket();
        try (Link link = link(site.api)) {
            watchAndStart(link);
            online();
            site.gateway.close();
            next(Event.Offline.class);
            assertEquals("none", link.mode());
        }
    }

    @Test
    void aVaultThatIsOutOfReachIsLostAndTheOthersAreNot() throws Exception {
        BlockingQueue<Event> foreign = new LinkedBlockingQueue<>();
        try (ServerApi api = site.direct();
                Link link = link(api)) {
            link.watch(new VaultId(new UUID(99, 99)), foreign::add);
            watchAndStart(link);
            online();
            assertInstanceOf(Event.AccessLost.class, foreign.take());
        }
    }

    @Test
    void aVaultThatIsWatchedLaterIsToldAtOnce() throws Exception {
        try (ServerApi api = site.direct();
                Link link = link(api)) {
            link.start();
            awaitMode(link, "socket");
            link.watch(site.vault.id(), heard::add);
            online();
            link.unwatch(site.vault.id());
            assertFalse(link.isConfirmed(site.vault.id()));
        }
    }

    @Test
    void aRevokedDeviceLosesItsAccess() throws Exception {
        try (ServerApi api = site.direct();
                Link link = link(api)) {
            watchAndStart(link);
            online();
            awaitMode(link, "socket");
            String device = api.me().device().id().toString();
            api.call("DELETE", "/v1/devices/" + device, Optional.empty());
            assertInstanceOf(Event.AccessLost.class, next(Event.AccessLost.class));
        }
    }

    @Test
    void ofHeadsThatWaitOnlyTheNewestIsTold() throws Exception {
        BlockingQueue<Event> told = new LinkedBlockingQueue<>();
        BlockingQueue<Boolean> door = new LinkedBlockingQueue<>();
        UUID epoch = new UUID(1, 1);
        try (Watch watch =
                new Watch(
                        event -> {
                            take(door);
                            told.add(event);
                        })) {
            for (int seq = 0; seq < 10; seq++) {
                watch.heard(new Cursor(epoch, seq, Cursor.ZERO_TAG), 0);
            }
            door.addAll(List.of(true, true));
            assertEquals(0, head(assertInstanceOf(Event.Online.class, told.take())).seq());
            assertEquals(9, assertInstanceOf(Event.HeadMoved.class, told.take()).head().seq());
            watch.offline("gone");
            watch.offline("gone");
            watch.heard(new Cursor(epoch, 9, Cursor.ZERO_TAG), 0);
            door.addAll(List.of(true, true));
            assertInstanceOf(Event.Offline.class, told.take());
            assertInstanceOf(Event.Online.class, told.take());
        }
    }

    private void withoutSocket() {
        site.gateway.spoil(
                request -> request.contains("/v1/info"),
                body ->
                        new String(body, StandardCharsets.UTF_8)
                                .replace("\"wake\"", "\"none\"")
                                .getBytes(StandardCharsets.UTF_8));
    }

    private static Link link(ServerApi api) {
        return new Link(api, Site.INSTANCE, new SystemRandom(), CLOCK, () -> {});
    }

    private void watchAndStart(Link link) {
        link.watch(site.vault.id(), heard::add);
        link.start();
    }

    private Cursor online() throws InterruptedException {
        return head(assertInstanceOf(Event.Online.class, next(Event.Online.class)));
    }

    private static Cursor head(Event.Online online) {
        return online.head().orElseThrow();
    }

    /** Skips what came before it. */
    private Event next(Class<? extends Event> kind) throws InterruptedException {
        Event event = heard.take();
        while (!kind.isInstance(event)) {
            event = heard.take();
        }
        return event;
    }

    /** Waits until this head was told, which it must be. */
    private void moved(Cursor to) throws InterruptedException {
        Event event = heard.take();
        while (!event.equals(new Event.HeadMoved(to))) {
            event = heard.take();
        }
    }

    private static void awaitMode(Link link, String mode) throws InterruptedException {
        while (!link.mode().equals(mode)) {
            CLOCK.sleep(Duration.ofMillis(5));
        }
    }

    private Cursor commit() throws RemoteException {
        Cursor at = site.api.vault(site.vault.id()).head();
        Mutation mutation =
                new Mutation.CreateFolder(
                        new OpId(new UUID(8, 8), ops++),
                        site.item(),
                        new Place(site.vault.root(), "folder " + ops),
                        Optional.empty(),
                        false);
        return site.api
                .commit(site.vault.id(), at, Site.INSTANCE, List.of(mutation), SmallContents.NONE)
                .head()
                .orElseThrow();
    }

    private static void take(BlockingQueue<Boolean> door) {
        try {
            door.take();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
