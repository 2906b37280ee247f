package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.wire.ManifestCodec;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was taken from somebody is gone when the server says so, also for what was under way. */
class RevocationTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 5;

    /** More than what two sockets can hold. */
    private static final int CHUNKS = 16;

    private static final Pattern RECEIVED = Pattern.compile("\ntinysync_http_received_bytes_total (\\d+)\n");

    @TempDir Path folder;
    private RunningServer server;
    private Device phone;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        phone = server.join("phone");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer admin(String method, String path, JsonObject body) throws Exception {
        return server.send(method, path, server.adminToken(), body);
    }

    private void grant(String role) throws Exception {
        Answer done = admin("PUT", "/v1/groups/everyone/vaults/main", new JsonObject().add("role", role));
        assertEquals(204, done.status());
    }

    private void revoke() throws Exception {
        assertEquals(204, admin("DELETE", "/v1/devices/" + phone.token().device(), new JsonObject()).status());
    }

    private long head() throws Exception {
        JsonObject vault = admin("GET", "/v1/vaults/" + phone.vault(), new JsonObject()).json();
        return vault.get("head").asObject().get("seq").asLong();
    }

    /** Commits until it may not, and says how many were applied. */
    private long write() {
        try {
            for (long applied = 0; ; applied++) {
                Answer answer = phone.commit(phone.folder("folder " + server.id()));
                boolean done =
                        answer.status() == 200 && answer.lines().getFirst().get("result").asString().equals("applied");
                if (!done) {
                    assertTrue(answer.text().contains("forbidden") || answer.text().contains("revoked"), answer::text);
                    return applied;
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Taking {
        void run() throws Exception;
    }

    private void takenWhileManyWrite(Taking taking) throws Exception {
        long before = head();
        List<CompletableFuture<Long>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(CompletableFuture.supplyAsync(this::write));
        }
        while (head() < before + WRITERS) {
            Thread.onSpinWait();
        }
        taking.run();
        long after = head();
        long applied = writers.stream().mapToLong(CompletableFuture::join).sum();
        assertEquals(after, head(), "something was written after the answer");
        assertEquals(after - before, applied);
    }

    @Test
    void afterADowngradeNothingIsWrittenAndReadingGoesOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            grant("write");
            takenWhileManyWrite(() -> grant("read"));
            assertEquals(200, phone.get(phone.at("")).status());
        }
    }

    @Test
    void afterARevocationNothingIsWrittenAndNothingRead() throws Exception {
        takenWhileManyWrite(this::revoke);
        for (String path : List.of("/v1/me", phone.at(""), phone.at("/snapshot"), "/v1/devices")) {
            assertEquals("device_revoked", phone.get(path).code());
        }
    }

    @Test
    void aLongPollEndsWhenItsVaultIsTakenAway() throws Exception {
        JsonObject cursor = phone.get(phone.at("")).json().get("head").asObject();
        JsonObject wait =
                new JsonObject().add("cursors", new JsonObject().add(phone.vault(), cursor)).add("timeout", 50);
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return phone.send("POST", "/v1/wait", wait);
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        while (!metrics().contains("\ntinysync_waiters 1\n")) {
            Thread.onSpinWait();
        }
        grant("read");
        assertEquals(204, admin("DELETE", "/v1/groups/everyone/vaults/main", new JsonObject()).status());
        // Long before the poll would have ended by itself.
        assertEquals("not_found", waiting.get(30, TimeUnit.SECONDS).code());
    }

    private String metrics() throws Exception {
        return server.send("GET", "/metrics", "", new JsonObject()).text();
    }

    private long received() throws Exception {
        Matcher matcher = RECEIVED.matcher(metrics());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Sends half of a body, has the device revoked, sends the rest, and says what comes back. */
    private String revokedHalfWay(String method, String path, String type, String body) throws Exception {
        long before = received();
        try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
            String head =
                    method
                            + " "
                            + phone.at(path)
                            + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: Bearer "
                            + phone.token().format()
                            + "\r\nContent-Type: "
                            + type
                            + "\r\nContent-Length: "
                            + body.length()
                            + "\r\n\r\n";
            int half = body.length() / 2;
            socket.getOutputStream().write((head + body.substring(0, half)).getBytes(ISO_8859_1));
            while (received() < before + half) {
                Thread.onSpinWait();
            }
            revoke();
            socket.getOutputStream().write(body.substring(half).getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void whoIsRevokedWhileDownloadingGetsNoMoreThanWasOnItsWay() throws Exception {
        byte[] bytes = RunningServer.noise(Chunking.MAX_CHUNK);
        Chunk chunk = new Chunk(Hash.of(bytes), bytes.length);
        Manifest large = new Manifest(CHUNKS * (long) bytes.length, Collections.nCopies(CHUNKS, chunk));
        assertEquals(204, phone.put(phone.at("/chunks/" + chunk.hash()), bytes).status());
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(large, Optional.empty()));
        assertEquals(204, phone.send("PUT", phone.at("/manifests/" + large.id()), body).status());
        try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
            String head =
                    "GET "
                            + phone.at("/content/" + large.id())
                            + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer "
                            + phone.token().format()
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            assertEquals(bytes.length, in.readNBytes(bytes.length).length);
            revoke();
            long got = bytes.length;
            byte[] more = new byte[1 << 16];
            for (int n = read(in, more); n >= 0; n = read(in, more)) {
                got += n;
            }
            assertTrue(got < large.size(), "all of it came");
        }
    }

    /** A reset is an end, too. */
    private static int read(InputStream in, byte[] into) {
        try {
            return in.read(into);
        } catch (IOException reset) {
            return -1;
        }
    }

    @Test
    void whoIsRevokedWhileUploadingLeavesNothing() throws Exception {
        String content = "x".repeat(100_000);
        Hash hash = Hash.of(content.getBytes(ISO_8859_1));
        String answer = revokedHalfWay("PUT", "/chunks/" + hash, "application/octet-stream", content);
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        JsonObject ids = new JsonObject().add("ids", new JsonArray().add(hash.hex()));
        Answer missing = admin("POST", phone.at("/content/missing"), ids);
        assertEquals(1, missing.json().get("missing").asArray().size());
    }

    @Test
    void whoIsRevokedWhileAskingIsToldNothing() throws Exception {
        Hash hash = Hash.of("secret".getBytes(ISO_8859_1));
        assertEquals(204, phone.put(phone.at("/content/" + hash), "secret".getBytes(ISO_8859_1)).status());
        String ids = new JsonObject().add("ids", new JsonArray().add(hash.hex())).toString();
        String answer = revokedHalfWay("POST", "/content/fetch", "application/json", ids);
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertTrue(answer.contains("device_revoked"), answer);
    }
}
