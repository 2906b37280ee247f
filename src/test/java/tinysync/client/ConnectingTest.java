package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Event;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.wire.Me;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A server that says yes, no, or not now. The time limit only ends a test that would hang. */
@Timeout(50)
class ConnectingTest {
    @TempDir Path temp;

    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Me> learned = new LinkedBlockingQueue<>();
    private volatile int status;
    private volatile Consumer<Me> whenLearned = learned::add;
    private HttpServer server;
    private Joined joined;
    private ServerSide side;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        joined = Joined.at(temp.resolve("home"));
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        Identity identity = joined.account().update(known -> at(base, known));
        side =
                new ServerSide(
                        joined.account(), identity, new SystemRandom(), new SystemClock(), new Told(), new Signal());
        side.listen(Joined.MAIN.id(), heard::add);
    }

    private static Identity at(URI base, Identity known) {
        return new Identity(
                known.token(),
                known.deviceName(),
                List.of(base),
                known.pin(),
                known.serverId(),
                known.instance(),
                known.proposed(),
                known.attachments());
    }

    private final class Told implements ServerSide.Listener {
        @Override
        public void learned(Me me) {
            whenLearned.accept(me);
        }

        @Override
        public void renamed() {
            // This server knows of no copies.
        }
    }

    @AfterEach
    void close() {
        side.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            boolean me = exchange.getRequestURI().getPath().equals("/v1/me");
            JsonObject error = new JsonObject().add("code", "unavailable").add("message", "no");
            JsonObject json = me ? Joined.me(Joined.MAIN).encode() : new JsonObject();
            byte[] body =
                    (status == 200 ? json : new JsonObject().add("error", error))
                            .toString()
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void aServerThatIsStartingIsOfflineAndTriedAgainSoon() throws Exception {
        status = 503;
        side.start();
        assertInstanceOf(Event.Offline.class, heard.take());
        assertEquals(Optional.of(false), side.reachable());
        assertEquals("none", side.wake());
        status = 200;
        assertEquals(Joined.me(Joined.MAIN), learned.take());
        assertEquals(Optional.of(Joined.me(Joined.MAIN)), side.me());
        Identity identity = joined.identity();
        assertTrue(identity.instance().isPresent() && identity.proposed().isEmpty());
    }

    @Test
    void aServerThatKnowsThisDeviceNoMoreIsNotOffline() throws Exception {
        status = 401;
        side.start();
        assertInstanceOf(Event.AccessLost.class, heard.take());
        assertEquals(Optional.of(true), side.reachable());
    }

    @Test
    void whoListensLaterIsToldHowThingsStand() throws Exception {
        status = 503;
        side.start();
        heard.take();
        BlockingQueue<Event> late = new LinkedBlockingQueue<>();
        AutoCloseable listening = side.listen(Joined.PHOTOS.id(), late::add);
        assertInstanceOf(Event.Offline.class, late.take());
        listening.close();
    }

    @Test
    void twoFoldersOfOneVaultBothHearAndOneThatGoesTakesNothingFromTheOther() throws Exception {
        BlockingQueue<Event> other = new LinkedBlockingQueue<>();
        AutoCloseable listening = side.listen(Joined.MAIN.id(), other::add);
        status = 503;
        side.start();
        assertInstanceOf(Event.Offline.class, heard.take());
        assertInstanceOf(Event.Offline.class, other.take());
        listening.close();
        other.clear();
        heard.clear();
        side.tryNow();
        assertInstanceOf(Event.Offline.class, heard.take());
        assertEquals(0, other.size());
    }

    @Test
    void aFaultOfWhoIsToldDoesNotEndTheConnecting() throws Exception {
        status = 200;
        whenLearned =
                me -> {
                    whenLearned = learned::add;
                    throw new IllegalStateException("fault");
                };
        side.start();
        assertInstanceOf(Event.Offline.class, heard.take());
        learned.take();
    }
}
