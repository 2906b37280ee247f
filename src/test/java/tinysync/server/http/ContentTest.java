package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Chunk;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.wire.FetchReader;
import tinysync.wire.ManifestCodec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class ContentTest {
    private static final byte[] WHOLE = RunningServer.noise(700_000);
    private static final int CUT = 300_000;
    private static final byte[] FIRST = Arrays.copyOfRange(WHOLE, 0, CUT);
    private static final byte[] SECOND = Arrays.copyOfRange(WHOLE, CUT, WHOLE.length);
    private static final byte[] SMALL = "small".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @TempDir Path folder;
    private RunningServer server;
    private Device device;
    private String id;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        device = server.join("laptop");
        id = manifest().id().hex();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Manifest manifest() {
        return Manifest.of(List.of(new Chunk(Hash.of(FIRST), FIRST.length), new Chunk(Hash.of(SECOND), SECOND.length)));
    }

    private Answer putChunk(byte[] bytes) throws Exception {
        return device.put(device.at("/chunks/" + Hash.of(bytes)), bytes);
    }

    private Answer putManifest() throws Exception {
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(manifest(), Optional.empty()));
        return device.send("PUT", device.at("/manifests/" + id), body);
    }

    private void upload() throws Exception {
        assertEquals(204, putChunk(FIRST).status());
        assertEquals(204, putChunk(SECOND).status());
        assertEquals(204, putManifest().status());
    }

    private static JsonObject ids(String... ids) {
        JsonArray array = new JsonArray();
        Stream.of(ids).forEach(array::add);
        return new JsonObject().add("ids", array);
    }

    @Test
    void chunksAndManifestMakeContentThatComesBackWhole() throws Exception {
        upload();
        Answer answer = device.get(device.at("/content/" + id));
        assertEquals(200, answer.status());
        assertArrayEquals(WHOLE, answer.response().body());
        assertEquals("\"" + id + "\"", answer.header("etag"));
        assertEquals("bytes", answer.header("accept-ranges"));
        assertEquals("no-store", answer.header("cache-control"));
    }

    @Test
    void aRangeMayCrossChunks() throws Exception {
        upload();
        Answer answer = device.get(device.at("/content/" + id), "Range", "bytes=299990-300009");
        assertEquals(206, answer.status());
        assertEquals("bytes 299990-300009/700000", answer.header("content-range"));
        assertArrayEquals(Arrays.copyOfRange(WHOLE, 299_990, 300_010), answer.response().body());
    }

    @Test
    void aRangeBehindTheEndIsToldTheSize() throws Exception {
        upload();
        Answer answer = device.get(device.at("/content/" + id), "Range", "bytes=700000-");
        assertEquals(416, answer.status());
        assertEquals("bytes */700000", answer.header("content-range"));
    }

    @Test
    void aRangeOfOtherContentIsAnsweredWithAll() throws Exception {
        upload();
        Answer answer = device.get(device.at("/content/" + id), "Range", "bytes=0-1", "If-Range", "\"other\"");
        assertEquals(200, answer.status());
        assertEquals(304, device.get(device.at("/content/" + id), "If-None-Match", "\"" + id + "\"").status());
    }

    @Test
    void headTellsTheSizeAndNothingElse() throws Exception {
        upload();
        Answer answer =
                server.send(
                        "HEAD",
                        device.at("/content/" + id),
                        device.token().format(),
                        "text/plain",
                        BodyPublishers.noBody());
        assertEquals(200, answer.status());
        assertEquals("700000", answer.header("content-length"));
        assertEquals(0, answer.response().body().length);
    }

    @Test
    void onlyWhatIsMissingIsNamed() throws Exception {
        putChunk(FIRST);
        Answer answer =
                device.send(
                        "POST",
                        device.at("/content/missing"),
                        ids(Hash.of(FIRST).hex(), Hash.of(SECOND).hex(), Hash.of(new byte[0]).hex()));
        assertEquals("{\"missing\":[\"" + Hash.of(SECOND).hex() + "\"]}", answer.text());
    }

    @Test
    void bytesOfAnotherHashAreRefused() throws Exception {
        Answer answer = device.put(device.at("/chunks/" + Hash.of(FIRST)), SECOND);
        assertEquals(400, answer.status());
        assertEquals("bad_hash", answer.code());
        assertEquals("bad_hash", device.put(device.at("/chunks/xyz"), SECOND).code());
    }

    @Test
    void aChunkThatIsTooLongIsRefused() throws Exception {
        byte[] large = new byte[(4 << 20) + 1];
        Answer answer = device.put(device.at("/chunks/" + Hash.of(large)), large);
        assertEquals(413, answer.status());
        assertEquals("body_too_large", answer.code());
    }

    @Test
    void aManifestNeedsItsChunks() throws Exception {
        putChunk(FIRST);
        Answer answer = putManifest();
        assertEquals(409, answer.status());
        assertEquals("content_missing", answer.code());
    }

    @Test
    void theManifestComesBackAsItWasSent() throws Exception {
        upload();
        Answer answer = device.get(device.at("/manifests/" + id));
        assertEquals(ManifestCodec.encode(new ManifestCodec.Body(manifest(), Optional.empty())), answer.json());
    }

    @Test
    void manySmallContentsComeInOneStream() throws Exception {
        device.put(device.at("/content/" + Hash.of(SMALL)), SMALL);
        putChunk(FIRST);
        Answer answer =
                device.send(
                        "POST",
                        device.at("/content/fetch"),
                        ids(Hash.of(SMALL).hex(), Hash.of(SECOND).hex(), Hash.of(FIRST).hex()));
        FetchReader reader = new FetchReader(new ByteArrayInputStream(answer.response().body()));
        FetchReader.Fetched first = reader.next().orElseThrow();
        assertArrayEquals(SMALL, ((FetchReader.Fetched.Found) first).content().bytes());
        assertEquals(new FetchReader.Fetched.Missing(Hash.of(SECOND)), reader.next().orElseThrow());
        assertEquals(new FetchReader.Fetched.Missing(Hash.of(FIRST)), reader.next().orElseThrow());
        assertTrue(reader.next().isEmpty());
    }

    @Test
    void emptyContentIsEverywhere() throws Exception {
        Answer answer = device.get(device.at("/content/" + Hash.of(new byte[0])));
        assertEquals(200, answer.status());
        assertEquals(0, answer.response().body().length);
    }

    @Test
    void damagedBytesAreNeverServed() throws Exception {
        upload();
        damage(Hash.of(SECOND));
        assertThrows(IOException.class, () -> device.get(device.at("/content/" + id)));
        assertEquals(200, device.get(device.at("/content/" + Hash.of(FIRST))).status());
        Answer alone = device.get(device.at("/content/" + Hash.of(SECOND)));
        assertEquals(500, alone.status());
        assertEquals("internal", alone.code());
    }

    @Test
    void aDamagedChunkIsHealedBySendingItAgain() throws Exception {
        upload();
        damage(Hash.of(SECOND));
        assertEquals(204, putChunk(SECOND).status());
        assertArrayEquals(WHOLE, device.get(device.at("/content/" + id)).response().body());
    }

    private String missing(String... ids) throws Exception {
        JsonArray asked = new JsonArray();
        List.of(ids).forEach(asked::add);
        JsonObject request = new JsonObject().add("ids", asked);
        return device.send("POST", device.at("/content/missing"), request).json().get("missing").toString();
    }

    @Test
    void whoWouldSendADamagedChunkIsAskedForIt() throws Exception {
        upload();
        String first = Hash.of(FIRST).hex();
        String second = Hash.of(SECOND).hex();
        damage(Hash.of(SECOND));
        assertEquals("[]", missing(id, first, second));
        assertThrows(IOException.class, () -> device.get(device.at("/content/" + id)));
        assertEquals("[\"" + id + "\",\"" + second + "\"]", missing(id, first, second, id));
        assertEquals(204, putChunk(SECOND).status());
        assertEquals("[]", missing(id, first, second));
    }

    @Test
    void whoWouldSendAChunkThatIsLostIsAskedForIt() throws Exception {
        upload();
        String second = Hash.of(SECOND).hex();
        Files.delete(file(Hash.of(SECOND)));
        assertThrows(IOException.class, () -> device.get(device.at("/content/" + id)));
        assertEquals("[\"" + second + "\"]", missing(Hash.of(FIRST).hex(), second));
    }

    private void damage(Hash chunk) throws IOException {
        Path file = file(chunk);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    private Path file(Hash chunk) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data/blobs"))) {
            return files.filter(path -> path.getFileName().toString().startsWith(chunk.hex()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
