package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.server.ServerOptions.Transport;
import tinysync.server.live.AttemptLimit;
import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteText;
import tinysync.wire.WakeCodec;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Who fails to authenticate too often, by whichever way in, is not looked at for a while. */
class AttemptsTest {
    private static final int AT_ONCE = 5;
    private static final AttemptLimit LIMIT = new AttemptLimit(AT_ONCE, Duration.ofHours(1));
    private static final String WRONG = "tsdev_" + "0".repeat(32) + "_" + "0".repeat(64);

    @TempDir Path folder;
    private RunningServer server;
    private Device device;

    private void start(Transport transport) throws Exception {
        server = RunningServer.start(folder.resolve("data"), LIMIT, transport);
        device = server.join("laptop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer with(String token, String... headers) throws Exception {
        return server.send("GET", "/v1/groups", token, "text/plain", BodyPublishers.noBody(), headers);
    }

    private void useUp() throws Exception {
        for (int i = 0; i < AT_ONCE; i++) {
            assertEquals(401, with(WRONG).status());
        }
    }

    private void refused(Answer answer) {
        assertEquals(429, answer.status(), answer.text());
        assertEquals("rate_limited", answer.code());
        assertEquals("3600", answer.header("retry-after"));
    }

    private Answer register(String invite) throws Exception {
        DeviceToken token = new DeviceToken(new DeviceId(server.id()), "4".repeat(64));
        JsonObject request = RunningServer.registration(token, "phone").add("invite", invite);
        return server.send("POST", "/v1/devices", "", request);
    }

    private String invite() throws Exception {
        JsonObject vault = new JsonObject().add("vault", "main");
        String text = device.send("POST", "/v1/invites", vault).json().getString("invite", "");
        return InviteText.parse(text).code().format();
    }

    @Test
    void everyWayInHasOneLimit() throws Exception {
        start(new Transport.LoopbackOnly());
        String invite = invite();
        assertEquals(401, with(WRONG).status());
        assertEquals(401, with("tsadm_" + "0".repeat(64)).status());
        assertEquals(401, with("what is no token at all").status());
        assertEquals(401, register("tsinv_" + "0".repeat(32) + "_" + "0".repeat(64)).status());
        assertEquals("unauthenticated", wake(WRONG));
        refused(with(WRONG));
        refused(with("tsadm_" + "0".repeat(64)));
        refused(with("what is no token at all"));
        refused(register(invite));
        assertEquals("rate_limited", wake(WRONG));
        assertEquals(401, with("").status(), "who shows nothing tries nothing");
        assertEquals(200, server.send("GET", "/v1/info", "", new JsonObject()).status());
        String metrics = server.send("GET", "/metrics", "", new JsonObject()).text();
        assertTrue(metrics.contains("tinysync_authentication_failures_total 5\n"), metrics);
        assertTrue(metrics.contains("tinysync_rate_limited_total 5\n"), metrics);
    }

    @Test
    void whoIsKnownGoesOn() throws Exception {
        start(new Transport.LoopbackOnly());
        Device stranger = server.join("stranger");
        useUp();
        refused(with(WRONG));
        assertEquals(200, device.get("/v1/me").status());
        assertEquals("ready", wake(device.token().format()));
        assertEquals(200, stranger.get("/v1/me").status());
        assertEquals(200, with(server.adminToken()).status());
    }

    @Test
    void aHeaderThatAnybodyMayWriteChangesNothing() throws Exception {
        start(new Transport.LoopbackOnly());
        useUp();
        refused(with(WRONG, "X-Forwarded-For", "192.0.2.1"));
    }

    @Test
    void behindAProxyEachOfItsCallersHasALimit() throws Exception {
        start(new Transport.BehindProxy());
        for (int i = 0; i < AT_ONCE; i++) {
            assertEquals(401, with(WRONG, "X-Forwarded-For", i + ".1.1.1, 192.0.2.1").status());
        }
        refused(with(WRONG, "X-Forwarded-For", "9.9.9.9, 192.0.2.1"));
        assertEquals(401, with(WRONG, "X-Forwarded-For", "192.0.2.1, 192.0.2.2").status());
    }

    /** What the wake socket says first to who shows this token. */
    private String wake(String token) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket.Listener listener =
                new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        return null;
                    }
                };
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket =
                    client.newWebSocketBuilder()
                            .subprotocols(WakeCodec.SUBPROTOCOL)
                            .buildAsync(server.server().wakeUrl(), listener)
                            .join();
            String auth =
                    new JsonObject()
                            .add("type", "auth")
                            .add("token", token)
                            .add("instance", server.id().toString())
                            .toString();
            socket.sendText(auth, true).join();
            String text = heard.poll(30, TimeUnit.SECONDS);
            socket.abort();
            JsonObject frame = Json.parse(text == null ? "{}" : text).asObject();
            return frame.getString("code", frame.getString("type", "nothing"));
        }
    }
}
