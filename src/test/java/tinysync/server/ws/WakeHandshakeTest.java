package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.Logged;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;

/** How a wake connection begins, or does not, at the real listener. */
class WakeHandshakeTest {
    @TempDir static Path folder;
    private static RunningServer server;
    private static Device device;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        device = server.join("laptop");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The head that answers, behind which the connection ends in good order. */
    private static String refusal(String request) throws IOException {
        try (RawWake wake = RawWake.connect(server)) {
            wake.send(request);
            String head = wake.head();
            assertEquals(List.of("end"), wake.toEnd());
            return head;
        }
    }

    @Test
    void anotherVersionIsToldWhichOneIsSpoken() throws IOException {
        String head = refusal(RawWake.request().replace("Version: 13", "Version: 8"));
        assertTrue(head.startsWith("HTTP/1.1 426 "), head);
        assertTrue(head.contains("\r\nSec-WebSocket-Version: 13\r\n"), head);
    }

    /** What is not read would reset the connection before the answer has arrived. */
    @Test
    void aHeadThatIsTooLongIsAnswered() throws IOException {
        for (int length : List.of(9_000, 100_000, 900_000)) {
            String head = refusal("GET /v1/wake HTTP/1.1\r\nX: " + "x".repeat(length) + "\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 431 "), head);
        }
    }

    @Test
    void whatIsSentBehindARefusalIsNotTakenForAnything() throws IOException {
        String request = RawWake.request().replace("Host: a", "Host: a\r\nContent-Length: 200");
        String head = refusal(request + RawWake.request());
        assertTrue(head.startsWith("HTTP/1.1 400 "), head);
    }

    @Test
    void nothingIsEverCompressed() throws IOException {
        String extensions = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
        String twice = extensions + "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        try (RawWake wake = RawWake.connect(server)) {
            wake.send(RawWake.request().replace("Sec-WebSocket-Version", twice + "Sec-WebSocket-Version"));
            String head = wake.head();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertFalse(head.toLowerCase(java.util.Locale.ROOT).contains("extensions"), head);
            // A compressed frame has a reserved bit.
            wake.send(WsFramesTest.frame(0xc1, "x"));
            assertEquals(List.of("close 1002", "end"), wake.toEnd());
        }
    }

    /** A token is said in the first frame: addresses end up in the logs of proxies. */
    @Test
    void aTokenInTheAddressIsRefusedAndNotLogged() throws IOException {
        String token = device.token().format();
        try (Logged all = Logged.from(Level.ALL)) {
            String head = refusal(RawWake.request().replace("/v1/wake", "/v1/wake?token=" + token));
            assertTrue(head.startsWith("HTTP/1.1 404 "), head);
            assertFalse(all.lines().stream().anyMatch(line -> line.contains(device.token().secret())));
        }
    }

    /** Nothing but the first frame lets in, so that no page can use what a browser keeps for another one. */
    @Test
    void neitherHeaderNorCookieLetsIn() throws IOException {
        String token = device.token().format();
        String headers = "Authorization: Bearer " + token + "\r\nCookie: token=" + token + "\r\n";
        try (RawWake wake = RawWake.connect(server)) {
            wake.send(RawWake.request().replace("Upgrade: websocket", headers + "Upgrade: websocket"));
            assertTrue(wake.head().startsWith("HTTP/1.1 101 "));
            wake.send(WsFramesTest.frame(0x89, "let in?"));
            assertEquals("pong let in?", wake.next());
        }
    }
}
