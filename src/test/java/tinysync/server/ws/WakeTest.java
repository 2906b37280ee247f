package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;
import tinysync.server.http.HttpTimes;
import tinysync.wire.WakeCodec;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class WakeTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir Path folder;
    private RunningServer server;
    private Device device;

    private void start(WakeTimes times) throws Exception {
        server = RunningServer.start(folder.resolve("data"), HttpTimes.DEFAULT, times);
        device = server.join("laptop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The JDK's client; what comes is kept as text, {@code ping} or {@code close CODE}. */
    private final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Client() {
            socket =
                    HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .subprotocols(WakeCodec.SUBPROTOCOL)
                            .buildAsync(server.server().wakeUrl(), this)
                            .join();
            assertEquals(WakeCodec.SUBPROTOCOL, socket.getSubprotocol());
        }

        Client authenticated(Device who) throws InterruptedException {
            say(auth(who.token().format()));
            assertEquals("ready", next().get("type").asString());
            return this;
        }

        String auth(String token) {
            return "{\"type\":\"auth\",\"token\":\"" + token + "\",\"instance\":\"" + server.id() + "\"}";
        }

        void say(String text) {
            socket.sendText(text, true).join();
        }

        JsonObject next() throws InterruptedException {
            return Json.parse(raw()).asObject();
        }

        String raw() throws InterruptedException {
            String text = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return text == null ? "nothing" : text;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            heard.add(text.toString());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            heard.add("ping");
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add("close " + code);
            return null;
        }
    }

    private long seq(JsonObject frame) {
        assertEquals("head", frame.get("type").asString(), frame.toString());
        return frame.get("head").asObject().get("seq").asLong();
    }

    @Test
    void aCommitWakesWhoListens() throws Exception {
        start(WakeTimes.DEFAULT);
        Client client = new Client().authenticated(device);
        JsonObject first = client.next();
        assertEquals(0, seq(first));
        assertEquals(device.vault(), first.get("vault").asString());
        device.commit(device.folder("docs"));
        assertEquals(1, seq(client.next()));
    }

    @Test
    void aTokenThatIsNotKnownIsTurnedAway() throws Exception {
        start(WakeTimes.DEFAULT);
        Client client = new Client();
        client.say(client.auth("tsdev_" + "0".repeat(32) + "_" + "0".repeat(64)));
        assertEquals("unauthenticated", client.next().get("code").asString());
        assertEquals("close 4401", client.raw());
    }

    @Test
    void whoDoesNotAuthenticateInTimeIsClosed() throws Exception {
        start(
                new WakeTimes(
                        Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofSeconds(75), Duration.ofSeconds(1)));
        Client client = new Client();
        assertEquals("error", client.next().get("type").asString());
        assertEquals("close 4408", client.raw());
    }

    @Test
    void aRevokedDeviceIsClosedAtOnce() throws Exception {
        start(WakeTimes.DEFAULT);
        Device phone = server.join("phone");
        Client client = new Client().authenticated(phone);
        client.next();
        device.send("DELETE", "/v1/devices/" + phone.token().device(), new JsonObject());
        assertEquals("device_revoked", client.next().get("code").asString());
        assertEquals("close 4403", client.raw());
    }

    @Test
    void aNewGrantIsToldAndItsHeadFollows() throws Exception {
        start(WakeTimes.DEFAULT);
        Client client = new Client().authenticated(device);
        client.next();
        JsonObject made =
                server.send("POST", "/v1/vaults", server.adminToken(), new JsonObject().add("name", "other")).json();
        server.send(
                "PUT", "/v1/groups/everyone/vaults/other", server.adminToken(), new JsonObject().add("role", "write"));
        assertEquals("{\"type\":\"grants\"}", client.raw());
        JsonObject one = client.next();
        JsonObject two = client.next();
        String vaults = one.get("vault").asString() + two.get("vault").asString();
        assertTrue(vaults.contains(made.get("id").asString()), vaults);
    }

    @Test
    void aNewNameOrPolicyIsToldToWhomTheVaultIsOpen() throws Exception {
        start(WakeTimes.DEFAULT);
        JsonObject made =
                server.send("POST", "/v1/vaults", server.adminToken(), new JsonObject().add("name", "other")).json();
        Client client = new Client().authenticated(device);
        client.next();
        JsonObject policy = new JsonObject().add("quota_bytes", 10);
        String other = "/v1/vaults/" + made.get("id").asString();
        server.send("PATCH", other, server.adminToken(), new JsonObject().add("policy", policy));
        device.send("PATCH", device.at(""), new JsonObject().add("policy", policy));
        assertEquals("{\"type\":\"grants\"}", client.raw());
        assertEquals(device.vault(), client.next().get("vault").asString());
        device.send("PATCH", device.at(""), new JsonObject().add("name", "family"));
        assertEquals("{\"type\":\"grants\"}", client.raw());
    }

    @Test
    void aVaultOutOfReachWakesNobody() throws Exception {
        start(WakeTimes.DEFAULT);
        Device stranger = server.join("stranger");
        String admin = server.adminToken();
        server.send("PUT", "/v1/groups/strangers", admin, new JsonObject());
        server.send("POST", "/v1/vaults", admin, new JsonObject().add("name", "other"));
        server.send("PUT", "/v1/groups/strangers/vaults/other", admin, new JsonObject().add("role", "write"));
        server.send("PUT", "/v1/groups/strangers/devices/" + stranger.token().device(), admin, new JsonObject());
        JsonObject other =
                stranger.get("/v1/me").json().get("vaults").asArray().values().stream()
                        .map(vault -> vault.asObject())
                        .filter(vault -> vault.get("name").asString().equals("other"))
                        .findFirst()
                        .orElseThrow();
        Device there = new Device(server, stranger.token(), other.getString("id", ""), other.getString("root", ""));
        Client client = new Client().authenticated(device);
        assertEquals(device.vault(), client.next().get("vault").asString());
        assertEquals("applied", there.commit(there.folder("docs")).lines().getFirst().get("result").asString());
        device.commit(device.folder("docs"));
        JsonObject woken = client.next();
        assertEquals(device.vault(), woken.get("vault").asString());
        assertEquals(1, seq(woken));
    }

    @Test
    void aStoppingServerSaysThatItRestarts() throws Exception {
        start(WakeTimes.DEFAULT);
        Client client = new Client().authenticated(device);
        client.next();
        server.server().close();
        assertEquals("close 1012", client.raw());
    }

    @Test
    void theServerPings() throws Exception {
        start(
                new WakeTimes(
                        Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(75), Duration.ofSeconds(1)));
        Client client = new Client();
        assertEquals("ping", client.raw());
    }

    @Test
    void binaryAndTooLongMessagesAreClosed() throws Exception {
        start(WakeTimes.DEFAULT);
        Client binary = new Client();
        binary.socket.sendBinary(ByteBuffer.wrap(new byte[1]), true).join();
        assertEquals("close 1003", binary.raw());
        Client longer = new Client();
        longer.say("x".repeat(5_000));
        assertEquals("close 1009", longer.raw());
    }

    @Test
    void aSilentPeerIsDropped() throws Exception {
        start(
                new WakeTimes(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(300),
                        Duration.ofMillis(300)));
        try (Socket socket = raw()) {
            socket.getOutputStream().write(WsFramesTest.frame(0x81, auth()));
            InputStream in = socket.getInputStream();
            int last = in.read();
            while (last >= 0) {
                last = in.read();
            }
            assertEquals(-1, last);
        }
    }

    @Test
    void aPeerThatNeverReadsCostsNothingAndOthersAreWoken() throws Exception {
        start(WakeTimes.DEFAULT);
        try (Socket deaf = raw()) {
            deaf.getOutputStream().write(WsFramesTest.frame(0x81, auth()));
            Client client = new Client().authenticated(device);
            for (int i = 0; i < 50; i++) {
                device.commit(device.folder("folder " + i));
            }
            long seq = 0;
            while (seq < 50) {
                seq = seq(client.next());
            }
            assertEquals(50, seq);
        }
    }

    private String auth() {
        return "{\"type\":\"auth\",\"token\":\"" + device.token().format() + "\",\"instance\":\"" + server.id() + "\"}";
    }

    private Socket raw() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.server().wakeUrl().getPort());
        socket.setReceiveBufferSize(4 << 10);
        String head =
                "GET /v1/wake HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return socket;
    }
}
