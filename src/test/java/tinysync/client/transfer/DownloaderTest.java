package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Effect;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.content.Chunk;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.StartException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class DownloaderTest {
    private static final TransferOutcome COMPLETE = new TransferOutcome.Complete();
    private static final int LARGE = 6 << 20;

    @TempDir private Path temp;

    private Site site;
    private Downloader downloader;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
        downloader = new Downloader(site.api, site.vault.id(), site.root, site.staging, site.chunking);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void contentOfAnySizeIsStagedWhole() throws IOException {
        for (int size : new int[] {0, 1, 1_000, 70_000, site.chunking.min(), site.chunking.min() + 1, LARGE}) {
            byte[] bytes = Site.noise(size, size);
            Effect.Fetch fetch = fetch(site.atServer(bytes));
            assertEquals(COMPLETE, downloader.fetch(fetch), size + " bytes");
            assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
        }
    }

    @Test
    void whatIsStagedAlreadyIsNotAskedForAgain() throws IOException {
        Effect.Fetch fetch = fetch(site.atServer(Site.noise(LARGE, 1)));
        assertEquals(COMPLETE, downloader.fetch(fetch));
        site.gateway.forget();
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertEquals(0, site.gateway.asked().size());
    }

    @Test
    void aDownloadThatBrokeOffGoesOnWhereItWas() throws IOException {
        byte[] bytes = Site.noise(LARGE, 2);
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        int cut = LARGE / 2;
        site.gateway.spoil(request -> request.contains("/content/"), body -> Arrays.copyOf(body, cut));
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, downloader.fetch(fetch));
        assertEquals("offline", failed.reason());
        assertFalse(site.staging.isComplete(fetch.item(), fetch.content()));

        site.gateway.heal();
        TrafficMeter meter = new TrafficMeter(() -> 0);
        try (ServerApi metered = site.apiWith(meter)) {
            Downloader again = new Downloader(metered, site.vault.id(), site.root, site.staging, site.chunking);
            assertEquals(COMPLETE, again.fetch(fetch));
        }
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
        int kept = site.chunks(bytes).getFirst().length();
        assertTrue(kept < cut, "the cut lies behind the first chunk");
        assertTrue(meter.downloaded().total() <= LARGE - kept + 10_000, meter.downloaded().total() + " bytes came");
    }

    @Test
    void aCorruptChunkIsNotTakenAndTheGoodOnesBeforeItAreKept() throws IOException {
        byte[] bytes = Site.noise(LARGE, 3);
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        int first = site.chunks(bytes).getFirst().length();
        site.gateway.spoil(
                request -> request.contains("/content/"),
                body -> {
                    body[first] ^= 1;
                    return body;
                });
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, downloader.fetch(fetch));
        assertEquals("corrupt_content", failed.reason());
        assertFalse(site.staging.isComplete(fetch.item(), fetch.content()));
        site.gateway.heal();
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
    }

    @Test
    void oneSpoiltRangeOfSeveralFailsTheDownloadUntilItIsFetchedRight() throws IOException {
        // Long enough for early flushes, on both ways.
        int size = 72 << 20;
        byte[] bytes = Site.noise(size, 9);
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        site.gateway.spoil(
                request -> request.contains("/content/"),
                body -> {
                    // Only the last range is shorter than the least length of a range.
                    body[0] ^= (byte) (body.length < 16 << 20 ? 1 : 0);
                    return body;
                });
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, downloader.fetch(fetch));
        assertEquals("corrupt_content", failed.reason());
        assertFalse(site.staging.isComplete(fetch.item(), fetch.content()));
        site.gateway.heal();
        site.gateway.forget();
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
        assertEquals(1, site.gateway.count("GET", "/content/"));
    }

    @Test
    void corruptContentOfOneChunkIsNotTaken() throws IOException {
        Effect.Fetch fetch = fetch(site.atServer(Site.noise(100_000, 4)));
        site.gateway.spoil(
                request -> request.contains("/content/"),
                body -> {
                    body[50_000] ^= 1;
                    return body;
                });
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, downloader.fetch(fetch));
        assertEquals("corrupt_content", failed.reason());
        assertFalse(Files.exists(site.staged(fetch)));
    }

    @Test
    void stagedBytesThatRottedAreFetchedAnew() throws IOException {
        byte[] bytes = Site.noise(LARGE, 5);
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        try (var staged = site.staging.stage(fetch.item(), fetch.content())) {
            byte[] rotten = bytes.clone();
            rotten[LARGE / 2] ^= 1;
            staged.writeAt(0, ByteBuffer.wrap(rotten));
        }
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
        assertEquals(1, site.gateway.count("GET", "/content/"));
    }

    @Test
    void chunksOfAnEarlierVersionAreTakenFromTheDisk() throws IOException {
        byte[] old = Site.noise(LARGE, 6);
        byte[] bytes = old.clone();
        bytes[LARGE / 2] ^= 1;
        ContentRef content = site.atServer(bytes);
        site.write("old", old);
        Effect.Fetch fetch = new Effect.Fetch(site.item(), content, Optional.of(Site.slot("old")));
        List<Chunk> changed = new ArrayList<>(site.chunks(bytes));
        changed.removeAll(site.chunks(old));
        long size = changed.stream().mapToLong(Chunk::length).sum();
        assertTrue(size < LARGE / 2, size + " bytes of chunks have changed");
        site.gateway.spoil(
                request -> request.contains("/content/"), body -> body.length == size ? body : new byte[body.length]);
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
        assertEquals(1, site.gateway.count("GET", "/content/"));
    }

    @Test
    void anEarlierVersionThatIsGoneIsNoHindrance() throws IOException {
        byte[] bytes = Site.noise(LARGE, 7);
        Effect.Fetch fetch = new Effect.Fetch(site.item(), site.atServer(bytes), Optional.of(Site.slot("gone")));
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
    }

    @Test
    void aChunkThatOccursOftenIsFetchedWithItsRunOnly() throws IOException {
        byte[] bytes = new byte[3 * site.chunking.max()];
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        assertEquals(COMPLETE, downloader.fetch(fetch));
        assertArrayEquals(bytes, Files.readAllBytes(site.staged(fetch)));
    }

    @Test
    void aDiskThatIsTooFullIsSaidBeforeItIsFilled() throws IOException {
        Effect.Fetch fetch = fetch(site.atServer(Site.noise(LARGE, 8)));
        Downloader full =
                new Downloader(
                        site.api, site.vault.id(), site.root, site.staging, site.chunking, () -> LARGE + (1 << 20));
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, full.fetch(fetch));
        assertEquals("no_space", failed.reason());
        assertTrue(failed.retryable());
        assertEquals(0, site.gateway.count("GET", "/content/"));
    }

    @Test
    void holesThatABrokenDownloadLeftCountAsSpaceThatIsNeeded() throws IOException {
        byte[] bytes = Site.noise(LARGE, 10);
        Effect.Fetch fetch = fetch(site.atServer(bytes));
        try (var staged = site.staging.stage(fetch.item(), fetch.content())) {
            staged.writeAt(LARGE - 1, ByteBuffer.wrap(bytes, LARGE - 1, 1));
        }
        Downloader full =
                new Downloader(
                        site.api, site.vault.id(), site.root, site.staging, site.chunking, () -> LARGE + (1 << 20));
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, full.fetch(fetch));
        assertEquals("no_space", failed.reason());
    }

    @Test
    void contentThatTheServerDoesNotHaveIsSaidToBeMissing() {
        Effect.Fetch fetch = fetch(new ContentRef(Hash.of(new byte[] {1, 2}), LARGE));
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, downloader.fetch(fetch));
        assertEquals("not_found", failed.reason());
    }

    private Effect.Fetch fetch(ContentRef content) {
        return new Effect.Fetch(site.item(), content, Optional.empty());
    }
}
