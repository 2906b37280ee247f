package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tinysync.client.remote.WakeDown.Reason;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;
import tinysync.wire.Samples;
import tinysync.wire.WakeCodec;
import tinysync.wire.WakeFrame;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class WakeSocketTest {
    private static final WakeSocket.Patience LONG =
            new WakeSocket.Patience(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(3));
    private static final UUID INSTANCE = new Samples(5).uuid();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Object> heard = new ArrayList<>();
    private final VaultId vault = new Samples(1).vault();
    private final Cursor head = new Samples(2).cursor();

    private final WakeListener listener =
            new WakeListener() {
                @Override
                public void onReady() {
                    heard.add("ready");
                }

                @Override
                public void onHead(VaultId of, Cursor at) {
                    heard.add(of + " " + at);
                }

                @Override
                public void onGrants() {
                    heard.add("grants");
                }

                @Override
                public void onSilence() {
                    heard.add("silence");
                }

                @Override
                public void onDown(WakeDown reason) {
                    heard.add(reason.reason());
                }
            };

    @FunctionalInterface
    private interface Script {
        void play(FakeWake server) throws IOException;
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        client.shutdownNow();
    }

    private WakeSocket socket(URI address, WakeSocket.Patience patience) {
        return new WakeSocket(client, address, FakeServer.TOKEN, INSTANCE, patience);
    }

    /** What the listener heard while the server did {@code script} after the handshake, in this order. */
    private void check(WakeSocket.Patience patience, Script script, Object... expected) throws Exception {
        try (FakeWake server = new FakeWake()) {
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> socket(server.address(), patience).run(listener), threads);
            server.accept(WakeCodec.SUBPROTOCOL);
            script.play(server);
            run.get();
        }
        assertEquals(List.of(expected), heard);
    }

    private static String text(WakeFrame frame) {
        return WakeCodec.encode(frame);
    }

    @Test
    void itAuthenticatesAndHandsOnWhatItHears() throws Exception {
        check(
                LONG,
                server -> {
                    assertEquals(text(new WakeFrame.Auth(FakeServer.TOKEN, INSTANCE)), server.readText());
                    server.text(text(new WakeFrame.Ready(FakeServer.TOKEN.device())));
                    server.text("{\"type\":\"news\"}");
                    server.text(text(new WakeFrame.Head(vault, head)));
                    server.ping();
                    server.awaitPong();
                    server.textInTwo(text(new WakeFrame.Grants()));
                    server.bye(WakeCodec.CLOSE_RESTART);
                },
                "ready",
                vault + " " + head,
                "grants",
                Reason.RESTART);
    }

    @ParameterizedTest
    @CsvSource({"4401,UNAUTHENTICATED", "4403,REVOKED", "1012,RESTART", "1013,TRY_LATER", "1000,UNREACHABLE"})
    void theCloseCodeSaysWhy(int code, Reason reason) throws Exception {
        check(LONG, server -> server.bye(code), reason);
    }

    @Test
    void anErrorFrameSaysWhy() throws Exception {
        check(LONG, server -> server.text(text(new WakeFrame.Error("device_revoked", "bye"))), Reason.REVOKED);
    }

    @Test
    void whatBreaksTheProtocolEndsIt() throws Exception {
        check(LONG, server -> server.text("{\"type\":\"head\"}"), Reason.GARBLED);
        heard.clear();
        check(LONG, FakeWake::binary, Reason.GARBLED);
        heard.clear();
        check(LONG, server -> server.text("{\"type\":\"" + "x".repeat(5_000) + "\"}"), Reason.GARBLED);
    }

    @Test
    void aBrokenConnectionIsUnreachable() throws Exception {
        check(LONG, FakeWake::close, Reason.UNREACHABLE);
    }

    @Test
    void silenceIsToldAndThenEndsIt() throws Exception {
        Duration moment = Duration.ofMillis(50);
        check(new WakeSocket.Patience(moment, moment, moment.multipliedBy(3)), server -> {}, "silence", Reason.SILENT);
    }

    @Test
    void aServerThatAnswersPingsIsNotSilent() throws Exception {
        check(
                new WakeSocket.Patience(Duration.ofMillis(50), Duration.ofMinutes(1), Duration.ofMinutes(3)),
                server -> {
                    server.answerPing();
                    server.answerPing();
                    server.bye(WakeCodec.CLOSE_RESTART);
                },
                Reason.RESTART);
    }

    @Test
    void anotherSubprotocolEndsIt() throws Exception {
        try (FakeWake server = new FakeWake()) {
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> socket(server.address(), LONG).run(listener), threads);
            server.accept("");
            run.get();
        }
        assertEquals(List.of(Reason.GARBLED), heard);
    }

    @Test
    void nobodyThereIsUnreachableAndAnotherServerIsGarbled() throws Exception {
        URI gone;
        try (FakeWake server = new FakeWake()) {
            gone = server.address();
        }
        socket(gone, LONG).run(listener);
        try (FakeServer server = FakeServer.saying(200, "text/html", "hello")) {
            socket(URI.create(server.base().toString().replace("http:", "ws:")), LONG).run(listener);
        }
        socket(URI.create("http://127.0.0.1/v1/wake"), LONG).run(listener);
        assertEquals(List.of(Reason.UNREACHABLE, Reason.GARBLED, Reason.GARBLED), heard);
    }

    @Test
    void closingEndsItFromAnyThread() throws Exception {
        try (FakeWake server = new FakeWake()) {
            WakeSocket socket = socket(server.address(), LONG);
            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> socket.run(listener), threads);
            server.accept(WakeCodec.SUBPROTOCOL);
            assertTrue(server.readText().contains("auth"));
            socket.close();
            run.get();
        }
        assertEquals(List.of(Reason.CLOSED), heard);
    }
}
