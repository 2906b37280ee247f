package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.platform.SystemClock;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;
import tinysync.server.http.HttpTimes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Peers that take their time: none of them holds a connection for ever, or anything of the others. */
class WakePatienceTest {
    private static final Duration PAUSE = Duration.ofMillis(40);

    /** How often something is done before a test gives up on the server; many times what it takes. */
    private static final int ENDLESS = 2_000;

    @TempDir Path folder;
    private final SystemClock clock = new SystemClock();
    private RunningServer server;
    private Device device;

    private void start(boolean tls, Duration auth, Duration silence) throws Exception {
        WakeTimes times = new WakeTimes(auth, Duration.ofSeconds(30), silence, Duration.ofMillis(300));
        Path data = folder.resolve("data");
        server = tls ? RunningServer.startOverTls(data, times) : RunningServer.start(data, HttpTimes.DEFAULT, times);
        device = server.join("laptop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends it again and again until the connection takes no more; whether it came to that. */
    private boolean isCut(RawWake wake, byte[] piece) throws InterruptedException {
        for (int i = 0; i < ENDLESS; i++) {
            try {
                wake.send(piece);
            } catch (IOException cut) {
                return true;
            }
            clock.sleep(PAUSE);
        }
        return false;
    }

    private void awaitNoSockets() throws Exception {
        while (!server.send("GET", "/metrics", "", new JsonObject()).text().contains("tinysync_wake_sockets 0\n")) {
            clock.sleep(PAUSE);
        }
    }

    @Test
    void whoSaysNothingIsNotWaitedFor() throws Exception {
        start(false, Duration.ofMillis(200), Duration.ofSeconds(75));
        try (RawWake silent = RawWake.connectPlain(server)) {
            assertTrue(List.of("end", "cut").containsAll(silent.toEnd()));
        }
        awaitNoSockets();
    }

    @Test
    void aHeadThatDribblesIsCut() throws Exception {
        start(false, Duration.ofMillis(200), Duration.ofSeconds(75));
        try (RawWake slow = RawWake.connect(server)) {
            slow.send("GET /v1/wake HTTP/1.1\r\nX: ");
            assertTrue(isCut(slow, new byte[] {'x'}));
        }
    }

    @Test
    void aHandshakeOfTlsThatDribblesIsCut() throws Exception {
        start(true, Duration.ofMillis(200), Duration.ofSeconds(75));
        try (RawWake slow = RawWake.connectPlain(server)) {
            // A record of 16 KiB, which is read whole before anything of it is looked at.
            slow.send(new byte[] {0x16, 3, 1, 0x40, 0, 1});
            assertTrue(isCut(slow, new byte[1]));
        }
        awaitNoSockets();
    }

    @Test
    void aFrameThatDribblesDoesNotCountAsLife() throws Exception {
        start(false, Duration.ofSeconds(10), Duration.ofMillis(400));
        try (RawWake slow = RawWake.authenticated(server, device)) {
            byte[] frame = WsFramesTest.frame(0x81, "x".repeat(4_000));
            slow.send(Arrays.copyOf(frame, 10));
            assertTrue(isCut(slow, new byte[1]));
        }
    }

    @Test
    void whoPingsIsNotSilent() throws Exception {
        start(false, Duration.ofSeconds(10), Duration.ofMillis(1_500));
        try (RawWake alive = RawWake.authenticated(server, device)) {
            // Longer, all in all, than the silence that is allowed.
            for (int i = 0; i < 50; i++) {
                clock.sleep(PAUSE);
                alive.send(WsFramesTest.frame(0x89, "" + i));
                assertEquals("pong " + i, alive.next());
            }
        }
    }

    /** It pings, so it is not silent, and never reads, so that what it is sent piles up until it is cut for that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatNeverReadsIsCutAndOthersAreServed(boolean tls) throws Exception {
        start(tls, Duration.ofSeconds(10), Duration.ofMillis(600));
        try (RawWake deaf = RawWake.authenticated(server, device)) {
            boolean cut = false;
            for (int i = 0; i < ENDLESS && !cut; i++) {
                assertEquals(200, device.commit(device.folder("folder " + i)).status());
                try {
                    if (i % 10 == 0) {
                        deaf.send(WsFramesTest.frame(0x89, "still here"));
                    }
                } catch (IOException reset) {
                    cut = true;
                }
            }
            assertTrue(cut, "it was never cut");
            assertFalse(deaf.toEnd().stream().anyMatch(frame -> frame.startsWith("close")));
        }
        awaitNoSockets();
    }
}
