package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.content.Hash;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.AdminToken;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteCode;
import tinysync.wire.Registration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server that sends clients elsewhere, and somebody who waits there. The time limit only ends a test that would hang.
 */
@Timeout(60)
class RedirectTest {
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
    private static final String SECRET = "a".repeat(64);
    private static final DeviceToken TOKEN = new DeviceToken(new DeviceId(new UUID(1, 1)), SECRET);
    private static final VaultId VAULT = new VaultId(new UUID(1, 2));

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> stolen = new ConcurrentLinkedQueue<>();
    private volatile int status;
    private HttpServer server;
    private HttpServer elsewhere;

    @BeforeEach
    void start() throws IOException {
        server = listening();
        elsewhere = listening();
        server.createContext("/", this::redirect);
        elsewhere.createContext("/", this::steal);
        server.start();
        elsewhere.start();
    }

    private static HttpServer listening() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        elsewhere.stop(0);
    }

    private static URI base(HttpServer of) {
        return URI.create("http://127.0.0.1:" + of.getAddress().getPort());
    }

    private void redirect(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", base(elsewhere) + exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void steal(HttpExchange exchange) throws IOException {
        try (exchange) {
            stolen.add(exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private interface ApiCall {
        void on(ServerApi api) throws RemoteException;
    }

    private Map<String, ApiCall> calls() {
        Hash hash = Hash.of(new byte[3]);
        Registration.Request request =
                new Registration.Request(
                        TOKEN.device(),
                        TOKEN.secretSha256(),
                        "laptop",
                        Optional.of(new InviteCode(new UUID(1, 3), SECRET)));
        return Map.of(
                "GET /v1/me",
                ServerApi::me,
                "GET /v1/info",
                ServerApi::info,
                "POST /v1/session",
                api -> api.session(Optional.empty(), new UUID(1, 4)),
                "POST /v1/devices/clone",
                api -> api.cloneDevice(request),
                "GET /v1/vaults/" + VAULT + "/log",
                api -> api.log(VAULT, Cursor.start(new UUID(1, 5)), 10),
                "POST /v1/wait",
                api -> api.await(Map.of(VAULT, Cursor.start(new UUID(1, 5))), java.time.Duration.ZERO),
                "GET /v1/vaults/" + VAULT + "/manifests/" + hash,
                api -> api.manifest(VAULT, hash),
                "PATCH /v1/vaults/" + VAULT,
                api -> api.call("PATCH", "/v1/vaults/" + VAULT, Optional.of(new JsonObject())),
                "POST /v1/devices",
                api ->
                        ServerApi.register(
                                base(server), Optional.empty(), Optional.of(new AdminToken(SECRET)), request));
    }

    @Test
    void noRedirectIsFollowedAndWhatHappenedIsSaid() {
        try (ServerApi api = new ServerApi(new ServerConnection(base(server), TOKEN, Optional.empty()))) {
            for (int redirect : REDIRECTS) {
                status = redirect;
                calls().forEach(
                                (name, call) -> {
                                    asked.clear();
                                    RemoteException.Garbled told =
                                            assertThrows(RemoteException.Garbled.class, () -> call.on(api), name);
                                    assertEquals(List.of(name), List.copyOf(asked));
                                    String message = told.getMessage();
                                    assertTrue(
                                            message.startsWith(
                                                    "HTTP status "
                                                            + redirect
                                                            + " sends us elsewhere, to "
                                                            + base(elsewhere)),
                                            message);
                                });
            }
        }
        assertEquals(List.of(), List.copyOf(stolen));
    }

    @Test
    void theWakeSocketFollowsNoneEither() throws Exception {
        BlockingQueue<WakeDown> downs = new LinkedBlockingQueue<>();
        try (ServerApi api = new ServerApi(new ServerConnection(base(server), TOKEN, Optional.empty()))) {
            for (int redirect : REDIRECTS) {
                status = redirect;
                URI wake = URI.create("ws" + base(server).toString().substring("http".length()) + "/v1/wake");
                api.wake(wake, new UUID(1, 6)).run(new Ears(downs));
                assertTrue(!downs.take().detail().isEmpty());
            }
        }
        assertEquals(REDIRECTS.size(), asked.size());
        assertEquals(List.of(), List.copyOf(stolen));
    }

    private record Ears(BlockingQueue<WakeDown> downs) implements WakeListener {
        @Override
        public void onReady() {
            throw new IllegalStateException("nobody lets us in");
        }

        @Override
        public void onHead(VaultId vault, Cursor head) {
            throw new IllegalStateException("nobody lets us in");
        }

        @Override
        public void onGrants() {
            throw new IllegalStateException("nobody lets us in");
        }

        @Override
        public void onDown(WakeDown why) {
            downs.add(why);
        }

        @Override
        public void onSilence() {
            throw new IllegalStateException("nobody lets us in");
        }
    }
}
