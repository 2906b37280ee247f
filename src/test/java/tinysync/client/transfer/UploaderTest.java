package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Effect;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.remote.RemoteContent;
import tinysync.client.remote.RemoteException;
import tinysync.server.StartException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

class UploaderTest {
    private static final TransferOutcome COMPLETE = new TransferOutcome.Complete();
    private static final TransferOutcome CHANGED = new TransferOutcome.SourceChanged();
    private static final int LARGE = 6 << 20;

    @TempDir private Path temp;

    private Site site;
    private Uploader uploader;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
        uploader = new Uploader(site.api, site.vault.id(), site.root, site.chunking);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void whatWasSentCanBeReadAgain() throws IOException, RemoteException {
        byte[] bytes = Site.noise(LARGE, 1);
        site.write("a", bytes);
        Effect.Upload upload = site.upload("a");
        assertEquals(COMPLETE, uploader.upload(upload));
        try (RemoteContent content = site.api.content(site.vault.id(), upload.content().id())) {
            assertArrayEquals(bytes, content.readAllBytes());
        }
    }

    @Test
    void onlyMissingChunksTravel() throws IOException {
        byte[] bytes = Site.noise(LARGE, 2);
        site.atServer(bytes);
        byte[] edited = bytes.clone();
        edited[LARGE / 2] ^= 1;
        site.write("a", edited);
        assertEquals(COMPLETE, uploader.upload(site.upload("a")));
        long all = site.chunks(edited).size();
        long sent = site.gateway.count("PUT", "/chunks/");
        assertTrue(sent >= 1 && sent <= 2 && all > 3, sent + " of " + all);
    }

    @Test
    void contentThatTheServerHasIsNotEvenRead() throws IOException {
        byte[] bytes = Site.noise(LARGE, 3);
        site.atServer(bytes);
        site.write("a", bytes);
        Effect.Upload upload = site.upload("a");
        Files.delete(site.path("a"));
        assertEquals(COMPLETE, uploader.upload(upload));
        assertEquals(1, site.gateway.asked().size());
    }

    @Test
    void aChunkThatOccursOftenIsSentOnce() throws IOException {
        site.write("a", new byte[4 * site.chunking.max()]);
        assertEquals(COMPLETE, uploader.upload(site.upload("a")));
        assertEquals(1, site.gateway.count("PUT", "/chunks/"));
    }

    @Test
    void contentOfOneChunkGoesWithoutAManifest() throws IOException {
        site.write("a", Site.noise(100_000, 4));
        assertEquals(COMPLETE, uploader.upload(site.upload("a")));
        assertEquals(1, site.gateway.count("PUT", "/content/"));
        assertEquals(0, site.gateway.count("PUT", "/manifests/"));
    }

    @Test
    void aManifestThatWasForgottenIsFoundAgain() throws IOException {
        site.write("a", Site.noise(LARGE, 5));
        Effect.Upload known = site.upload("a");
        Effect.Upload restarted =
                new Effect.Upload(known.item(), known.slot(), known.fingerprint(), known.content(), Optional.empty());
        assertEquals(COMPLETE, uploader.upload(restarted));
        assertEquals(1, site.gateway.count("PUT", "/manifests/" + known.content().id()));
    }

    @Test
    void aFileThatLooksOtherIsNotSent() throws IOException {
        site.write("a", Site.noise(LARGE, 6));
        Effect.Upload upload = site.upload("a");
        site.write("a", Site.noise(LARGE + 1, 6));
        assertEquals(CHANGED, uploader.upload(upload));
        assertEquals(0, site.gateway.count("PUT", "/"));
    }

    @Test
    void aFileThatChangedBehindItsStatIsNotNamedToTheServer() throws IOException {
        byte[] bytes = Site.noise(LARGE, 7);
        site.write("a", bytes);
        var before = Files.getLastModifiedTime(site.path("a"));
        Effect.Upload upload = site.upload("a");
        bytes[LARGE - 1] ^= 1;
        Files.write(site.path("a"), bytes, StandardOpenOption.WRITE);
        Files.setLastModifiedTime(site.path("a"), before);
        assertEquals(CHANGED, uploader.upload(upload));
        assertEquals(0, site.gateway.count("PUT", "/manifests/"));
    }

    @Test
    void aFileThatIsGoneOrALinkByNowHasChanged() throws IOException {
        byte[] bytes = Site.noise(LARGE, 8);
        site.write("a", bytes);
        Effect.Upload upload = site.upload("a");
        Path elsewhere = Files.move(site.path("a"), temp.resolve("elsewhere"));
        assertEquals(CHANGED, uploader.upload(upload));
        Files.createSymbolicLink(site.path("a"), elsewhere);
        assertEquals(CHANGED, uploader.upload(upload));
    }

    @Test
    void aServerThatIsAwayIsWorthAnotherTry() throws IOException {
        site.write("a", Site.noise(LARGE, 9));
        Effect.Upload upload = site.upload("a");
        site.gateway.close();
        TransferOutcome.Failed failed = assertInstanceOf(TransferOutcome.Failed.class, uploader.upload(upload));
        assertEquals("offline", failed.reason());
        assertTrue(failed.retryable());
    }
}
