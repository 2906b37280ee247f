package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.live.Access;
import tinysync.server.live.AccessWatch;
import tinysync.server.live.AttemptLimit;
import tinysync.server.live.Attempts;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origins;
import tinysync.server.store.MemoryStore;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What becomes of a request whose handler fails in ways that no handler means to. */
class GateTest {
    @TempDir Path folder;
    private final MemoryStore store = new MemoryStore();
    private final SystemClock clock = new SystemClock();
    private final Metrics metrics = new Metrics();
    private final MemoryBudget memory = new MemoryBudget(1 << 20, Duration.ofSeconds(1));
    private final DiskBudget disk = new DiskBudget(60_000);
    private final Pacer pacer = new Pacer(clock, HttpTimes.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        List<Route> routes =
                List.of(
                        new Route("GET", "/memory", Route.Need.NOBODY, GateTest::runOutOfMemory),
                        new Route("GET", "/late", Route.Need.NOBODY, GateTest::runOutOfMemoryLate),
                        new Route("GET", "/fault", Route.Need.NOBODY, GateTest::fail),
                        new Route("GET", "/error", Route.Need.NOBODY, GateTest::breakDown),
                        new Route("POST", "/body", Route.Need.NOBODY, GateTest::receive));
        Access access = new Access(store, clock, new AccessWatch());
        Attempts attempts = new Attempts(AttemptLimit.DEFAULT, clock::monotonicNanos, metrics);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(pacer);
        BodyRoom room = new BodyRoom(memory, disk, folder);
        server.createContext(
                "/", new Gate(routes, access, attempts, Origins.DIRECT, metrics, new SystemRandom(), room));
        server.start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
        pacer.close();
        store.close();
    }

    private static void runOutOfMemory(Call call) {
        call.hold(500_000);
        throw new OutOfMemoryError("planted");
    }

    private static void runOutOfMemoryLate(Call call) throws IOException {
        OutputStream out = call.answerStream(200, "text/plain", Optional.empty());
        out.write(1);
        out.flush();
        throw new OutOfMemoryError("planted");
    }

    private static void fail(Call call) {
        call.hold(500_000);
        throw new IllegalStateException("planted");
    }

    private static void breakDown(Call call) {
        call.hold(500_000);
        throw new LinkageError("planted");
    }

    private static void receive(Call call) throws IOException {
        call.json(1 << 20);
        call.answerNothing(204);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    }

    private void checkBroken(String path) {
        IOException broken = assertThrows(IOException.class, () -> get(path));
        assertFalse(broken instanceof HttpTimeoutException, path + " was left open");
    }

    @Test
    void whereMemoryEndsThePeerIsToldToComeAgain() throws Exception {
        HttpResponse<String> answer = get("/memory");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        assertTrue(answer.body().contains("unavailable"), answer.body());
    }

    private HttpResponse<String> post(BodyPublisher body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/body");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).POST(body).build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    void whatWaitsInFilesIsBoundedAndFreeAgainAfterwards() throws Exception {
        String text = "\"" + "x".repeat(60_000) + "\"";
        BodyPublisher whole = BodyPublishers.ofString("{\"x\":" + text + "}");
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            String head = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n";
            slow.getOutputStream().write((head + "{\"x\":" + text).getBytes(US_ASCII));
            while (disk.free() > 20_000) {
                Thread.onSpinWait();
            }
            HttpResponse<String> refused = post(whole);
            assertEquals(503, refused.statusCode(), refused.body());
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            // What is small needs no file.
            assertEquals(204, post(BodyPublishers.ofString("{}")).statusCode());
        }
        while (disk.free() < 60_000) {
            Thread.onSpinWait();
        }
        assertEquals(204, post(whole).statusCode());
        assertEquals(60_000, disk.free());
    }

    @Test
    void aFaultIsAnsweredAndNamedByItsRequestId() throws Exception {
        HttpResponse<String> answer = get("/fault");
        assertEquals(500, answer.statusCode());
        String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
        assertTrue(answer.body().contains(id), answer.body());
    }

    @Test
    void noConnectionIsLeftOpenInSilence() {
        checkBroken("/error");
        checkBroken("/late");
    }

    @Test
    void whatARequestHeldIsFreeAgainHoweverItEnds() throws Exception {
        long before = memory.free();
        get("/memory");
        get("/fault");
        checkBroken("/error");
        while (memory.free() < before) {
            Thread.onSpinWait();
        }
        assertEquals(before, memory.free());
    }
}
