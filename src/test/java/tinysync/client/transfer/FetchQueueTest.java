package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.remote.RemoteException;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.StartException;
import tinysync.tree.ItemId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class FetchQueueTest {
    private static final TransferOutcome COMPLETE = new TransferOutcome.Complete();

    @TempDir private Path temp;

    private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();
    private Site site;
    private FetchQueue queue;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
        queue =
                new FetchQueue(
                        new Downloader(site.api, site.vault.id(), site.root, site.staging, site.chunking),
                        answers::add);
    }

    @AfterEach
    void stop() {
        queue.close();
        site.close();
    }

    @Test
    void manySmallContentsTakeFewRequests() throws IOException, InterruptedException {
        Map<ItemId, byte[]> wanted = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            byte[] bytes = Site.noise(100 + i, i);
            ContentRef content = site.atServer(bytes);
            wanted.put(new ItemId(new UUID(9, i)), bytes);
            assertEquals(Hash.of(bytes), content.id());
        }
        // The first requests wait at the door until all others are in the row.
        CountDownLatch door = new CountDownLatch(1);
        site.gateway.spoil(
                request -> request.contains("/content/fetch"),
                body -> {
                    await(door);
                    return body;
                });
        wanted.forEach(
                (item, bytes) ->
                        queue.submit(
                                new Effect.Fetch(
                                        item, new ContentRef(Hash.of(bytes), bytes.length), Optional.empty())));
        door.countDown();
        for (int i = 0; i < wanted.size(); i++) {
            Event.Fetched fetched = assertInstanceOf(Event.Fetched.class, answers.take());
            assertEquals(COMPLETE, fetched.outcome());
            Effect.Fetch fetch = new Effect.Fetch(fetched.item(), fetched.content(), Optional.empty());
            assertArrayEquals(wanted.get(fetched.item()), Files.readAllBytes(site.staged(fetch)));
        }
        long requests = site.gateway.count("POST", "/content/fetch");
        assertTrue(requests <= 4, requests + " requests");
    }

    @Test
    void oneContentForTwoItemsIsStagedForBoth() throws IOException, InterruptedException {
        ContentRef content = site.atServer(Site.noise(10, 1));
        queue.submit(new Effect.Fetch(site.item(), content, Optional.empty()));
        queue.submit(new Effect.Fetch(site.item(), content, Optional.empty()));
        for (int i = 0; i < 2; i++) {
            Event.Fetched fetched = assertInstanceOf(Event.Fetched.class, answers.take());
            assertEquals(COMPLETE, fetched.outcome());
            assertTrue(site.staging.isComplete(fetched.item(), fetched.content()));
        }
    }

    @Test
    void aMissingContentDoesNotKeepOthersFromComing() throws IOException, InterruptedException {
        ContentRef here = site.atServer(Site.noise(10, 2));
        ContentRef missing = new ContentRef(Hash.of(new byte[] {3}), 1);
        queue.submit(new Effect.Fetch(site.item(), missing, Optional.empty()));
        queue.submit(new Effect.Fetch(site.item(), here, Optional.empty()));
        Map<ContentRef, TransferOutcome> outcomes = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            Event.Fetched fetched = assertInstanceOf(Event.Fetched.class, answers.take());
            outcomes.put(fetched.content(), fetched.outcome());
        }
        assertEquals(COMPLETE, outcomes.get(here));
        assertInstanceOf(TransferOutcome.Failed.class, outcomes.get(missing));
    }

    @Test
    void largeContentsThatHangDoNotKeepSmallOnesWaiting() throws IOException, InterruptedException {
        ContentRef large = site.atServer(Site.noise(3 << 20, 3));
        ContentRef small = site.atServer(Site.noise(10, 4));
        CountDownLatch door = new CountDownLatch(1);
        site.gateway.spoil(
                request -> request.startsWith("GET") && request.contains("/content/"),
                body -> {
                    await(door);
                    return body;
                });
        for (int i = 0; i < 5; i++) {
            queue.submit(new Effect.Fetch(site.item(), large, Optional.empty()));
        }
        queue.submit(new Effect.Fetch(site.item(), small, Optional.empty()));
        assertEquals(small, assertInstanceOf(Event.Fetched.class, answers.take()).content());
        door.countDown();
        for (int i = 0; i < 5; i++) {
            Event.Fetched fetched = assertInstanceOf(Event.Fetched.class, answers.take());
            assertEquals(COMPLETE, fetched.outcome());
        }
    }

    @Test
    void everyFetchIsAnsweredWhenTheServerIsAway() throws InterruptedException {
        site.gateway.close();
        queue.submit(new Effect.Fetch(site.item(), new ContentRef(new Hash(1, 1, 1, 1), 10), Optional.empty()));
        queue.submit(new Effect.Fetch(site.item(), new ContentRef(new Hash(2, 2, 2, 2), 1 << 20), Optional.empty()));
        for (int i = 0; i < 2; i++) {
            Event.Fetched fetched = assertInstanceOf(Event.Fetched.class, answers.take());
            TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, fetched.outcome());
            assertEquals("offline", failed.reason());
        }
    }

    private static void await(CountDownLatch door) {
        try {
            door.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
