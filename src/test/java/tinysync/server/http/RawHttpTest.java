package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Chunk;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.platform.SystemClock;
import tinysync.server.Logged;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;
import tinysync.server.ws.WakeTimes;
import tinysync.wire.ManifestCodec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;

/** What no well-behaved client sends, byte by byte. */
class RawHttpTest {
    private static final HttpTimes IMPATIENT =
            new HttpTimes(Duration.ofMillis(300), Duration.ofMillis(600), 20_000, Duration.ofSeconds(2));

    @TempDir Path folder;
    private final SystemClock clock = new SystemClock();
    private RunningServer server;
    private Device device;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"), IMPATIENT, WakeTimes.DEFAULT);
        device = server.join("laptop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", server.uri("/").getPort()));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Everything until the server closes; a reset counts as that. */
    private static String rest(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[4096];
            int got = in.read(piece);
            while (got >= 0) {
                text.append(new String(piece, 0, got, ISO_8859_1));
                got = in.read(piece);
            }
        } catch (IOException reset) {
            text.append("\n[").append(reset.getMessage()).append("]");
        }
        return text.toString();
    }

    private String answer(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            socket.shutdownOutput();
            return rest(socket);
        }
    }

    private void untilRunning(int count) throws Exception {
        while (!device.get("/metrics").text().contains("tinysync_http_running " + count + "\n")) {
            Thread.onSpinWait();
        }
    }

    private String uploadHead(byte[] chunk) {
        return "PUT "
                + device.at("/chunks/" + Hash.of(chunk))
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: Bearer "
                + device.token().format()
                + "\r\nContent-Length: "
                + chunk.length
                + "\r\n\r\n";
    }

    @Test
    void aHeadThatOtherProgramsReadDifferentlyIsRefused() throws IOException {
        List<String> heads =
                List.of(
                        "GET /healthz HTTP/1.1\r\n\r\n",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                        "GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                        "GET /healthz HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "GET http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
                        "POST /v1/devices HTTP/1.1\r\n"
                                + "Host: a\r\n"
                                + "Content-Length: 3\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "0\r\n\r\n");
        for (String head : heads) {
            String answer = answer(head);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), head + answer);
        }
        assertTrue(answer("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "POST /v1/devices HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n");
            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("body_too_large"), answer);
        }
    }

    @Test
    void aHeadThatDribblesIsCut() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /healthz HTTP/1.1\r\nHost: a\r\n");
            CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> rest(socket));
            while (!end.isDone()) {
                try {
                    send(socket, "X: y\r\n");
                } catch (IOException cut) {
                    assertTrue(end.get(30, TimeUnit.SECONDS).length() < 100, "cut by " + cut);
                }
                clock.sleep(Duration.ofMillis(50));
            }
            assertTrue(!end.get().startsWith("HTTP/1.1 200"), end.get());
        }
    }

    /** The JDK's own log of requests is another matter; nobody sees it who has not asked for it. */
    @Test
    void nothingThatAPeerSaysBeginsALineOfTheLog() throws Exception {
        try (Logged log = Logged.ours();
                Logged rest = Logged.from(Level.INFO)) {
            String name = "a\r\nFORGED: all is well";
            assertEquals(200, device.commit(device.folder(name)).status());
            JsonObject named = new JsonObject().add("name", name);
            assertEquals("bad_name", server.send("POST", "/v1/vaults", server.adminToken(), named).code());
            assertEquals("bad_name", device.send("PATCH", device.at(""), named).code());
            answer("GET /v1/%0d%0aFORGED HTTP/1.1\r\nHost: a\r\nUser-Agent: \r\n FORGED: x\r\n\r\n");
            answer("GET /healthz HTTP/1.1\nFORGED: x\r\nHost: a\r\n\r\n");
            answer("GET /healthz\rFORGED: x HTTP/1.1\r\nHost: a\r\n\r\n");
            List<String> forged =
                    Stream.of(log.lines(), rest.lines())
                            .flatMap(List::stream)
                            .flatMap(String::lines)
                            .filter(line -> line.startsWith("FORGED"))
                            .toList();
            assertEquals(List.of(), forged);
            assertTrue(!log.lines().isEmpty(), "nothing was logged at all");
        }
    }

    @Test
    void manySlowHeadsAreCutAndHoldUpNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = connect();
                slow.add(socket);
                send(socket, "GET /healthz HTTP/1.1\r\nHost: a\r\nX: ");
            }
            assertEquals(200, device.get("/v1/me").status());
            for (Socket socket : slow) {
                assertTrue(!rest(socket).contains(" 200 "));
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void whoIsToldToContinueAndDoesNotIsCut() throws Exception {
        try (Socket socket = connect()) {
            String head = uploadHead(new byte[1_000]);
            send(socket, head.replace("Host: x", "Host: x\r\nExpect: 100-continue"));
            String all = rest(socket);
            assertTrue(all.startsWith("HTTP/1.1 100 "), all);
            assertTrue(!all.contains("HTTP/1.1 2"), all);
        }
    }

    @Test
    void behindALastRequestNothingIsAnswered() throws IOException {
        String last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        try (Socket socket = connect()) {
            send(socket, last.repeat(1_000));
            assertEquals(1, rest(socket).split("HTTP/1.1 200 ", -1).length - 1);
        }
    }

    @Test
    void requestsThatComeAtOnceAreAnsweredInTheirOrder() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            String path = i % 2 == 0 ? "/healthz" : "/nothing";
            String close = i == 999 ? "Connection: close\r\n" : "";
            all.append("GET ").append(path).append(" HTTP/1.1\r\nHost: a\r\n").append(close).append("\r\n");
        }
        try (Socket socket = connect()) {
            CompletableFuture<String> answers = CompletableFuture.supplyAsync(() -> rest(socket));
            send(socket, all.toString());
            List<String> statuses =
                    answers.join()
                            .lines()
                            .filter(line -> line.contains("HTTP/1.1 "))
                            .map(line -> line.replaceFirst(".*HTTP/1.1 (\\d+).*", "$1"))
                            .toList();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                expected.add(i % 2 == 0 ? "200" : "404");
            }
            assertEquals(expected, statuses);
        }
    }

    @Test
    void aBodyThatDribblesIsCut() throws Exception {
        try (Socket socket = connect()) {
            send(socket, uploadHead(new byte[100_000]));
            CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> rest(socket));
            while (!end.isDone()) {
                try {
                    send(socket, "x");
                } catch (IOException cut) {
                    assertTrue(end.get(30, TimeUnit.SECONDS).length() < 100, "cut by " + cut);
                }
                clock.sleep(Duration.ofMillis(50));
            }
            assertTrue(!end.get().startsWith("HTTP/1.1 2"), end.get());
        }
    }

    @Test
    void aSlowUploadThatKeepsMovingIsHonest() throws Exception {
        byte[] chunk = RunningServer.noise(100_000);
        try (Socket socket = connect()) {
            send(socket, uploadHead(chunk));
            OutputStream out = socket.getOutputStream();
            // Two seconds in all, longer than any single patience of this server.
            for (int i = 0; i < chunk.length; i += 5_000) {
                clock.sleep(Duration.ofMillis(100));
                out.write(chunk, i, 5_000);
            }
            assertTrue(rest(socket).startsWith("HTTP/1.1 204 "));
        }
    }

    @Test
    void aReaderThatTakesNothingIsCutAndOthersAreServed() throws Exception {
        byte[] first = RunningServer.noise(4 << 20);
        byte[] second = new byte[4 << 20];
        Manifest manifest =
                Manifest.of(
                        List.of(new Chunk(Hash.of(first), first.length), new Chunk(Hash.of(second), second.length)));
        device.put(device.at("/chunks/" + Hash.of(first)), first);
        device.put(device.at("/chunks/" + Hash.of(second)), second);
        ManifestCodec.Body body = new ManifestCodec.Body(manifest, java.util.Optional.empty());
        assertEquals(
                204, device.send("PUT", device.at("/manifests/" + manifest.id()), ManifestCodec.encode(body)).status());
        try (Socket socket = connect()) {
            send(
                    socket,
                    "GET "
                            + device.at("/content/" + manifest.id())
                            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                            + device.token().format()
                            + "\r\n\r\n");
            // Asking is a request, too.
            untilRunning(2);
            untilRunning(1);
            assertEquals(200, device.get("/v1/me").status());
            assertTrue(rest(socket).length() < 8 << 20);
        }
    }
}
