package tinysync.client.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.wire.IpcFrames;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real socket, a handler of few words, and peers that behave or do not. */
class IpcServerTest {
    @TempDir Path home;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Semaphore entered = new Semaphore(0);
    private IpcServer server;
    private Path socket;

    @BeforeEach
    void open() throws IOException {
        SocketPlace place = new SocketPlace(home);
        socket = place.prepare(Map.of());
        server = IpcServer.open(socket, IpcServer.Doorman.SAME_USER, this::handle);
        place.announce(socket, 1);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private JsonObject handle(IpcHandler.Call call) throws IOException, InterruptedException {
        return switch (call.op()) {
            case "hello", "echo" -> new JsonObject().add("said", call.fields().optText("say").orElse(""));
            case "stream" -> {
                call.event(new JsonObject().add("n", 1));
                call.event(new JsonObject().add("n", 2));
                yield new JsonObject();
            }
            case "wait" -> {
                entered.release();
                try {
                    new CountDownLatch(1).await();
                    yield new JsonObject();
                } catch (InterruptedException cancelled) {
                    interrupted.countDown();
                    throw cancelled;
                }
            }
            case "deaf" -> {
                entered.release();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                call.event(new JsonObject());
                yield new JsonObject().add("said", "done");
            }
            case "refuse" -> throw new IpcFailure("offline", "no connection");
            case "error" -> throw new StackOverflowError("too deep");
            case "fault" -> throw new IllegalStateException("broken");
            default -> throw new IpcFailure("bad_request", "unknown op");
        };
    }

    @Test
    void aRequestIsAnsweredUnderItsId() throws IOException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":7,\"op\":\"echo\",\"say\":\"ü\"}");
            assertEquals(Json.parse("{\"id\":7,\"ok\":true,\"result\":{\"said\":\"ü\"}}"), peer.hear());
        }
    }

    @Test
    void whoAsksADaemonThatHasStoppedIsToldSo() throws IOException {
        try (IpcClient client = IpcClient.connect(home, "test/1").orElseThrow()) {
            server.close();
            IpcFailure failure = assertThrows(IpcFailure.class, () -> client.call("echo", new JsonObject()));
            assertEquals("stopped", failure.code());
        }
    }

    @Test
    void theClientAsksStreamsAndIsRefused() throws IOException {
        try (IpcClient client = IpcClient.connect(home, "test/1").orElseThrow()) {
            assertEquals("x", client.call("echo", new JsonObject().add("say", "x")).getString("said", ""));
            List<Integer> events = new ArrayList<>();
            client.call("stream", new JsonObject(), event -> events.add(event.getInt("n", 0)));
            assertEquals(List.of(1, 2), events);
            IpcFailure failure = assertThrows(IpcFailure.class, () -> client.call("refuse", new JsonObject()));
            assertEquals("offline", failure.code());
            assertEquals(
                    "internal", assertThrows(IpcFailure.class, () -> client.call("fault", new JsonObject())).code());
            assertEquals(
                    "internal", assertThrows(IpcFailure.class, () -> client.call("error", new JsonObject())).code());
            JsonObject senseless = new JsonObject().add("say", 7);
            assertEquals("bad_request", assertThrows(IpcFailure.class, () -> client.call("echo", senseless)).code());
            assertEquals("y", client.call("echo", new JsonObject().add("say", "y")).getString("said", ""));
        }
    }

    @Test
    void onlyThisUserCanReachTheSocket() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
    }

    /** Whoever looks at the wrong moment sees it: so look without end, while it is opened many times. */
    @Test
    void theSocketIsThisUsersFromTheFirstMoment() throws Exception {
        Set<String> modes = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        Thread watcher =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!enough.get()) {
                                        mode(socket).ifPresent(modes::add);
                                    }
                                });
        try {
            for (int i = 0; i < 200; i++) {
                server.close();
                server = IpcServer.open(socket, IpcServer.Doorman.SAME_USER, this::handle);
            }
        } finally {
            enough.set(true);
            watcher.join();
        }
        assertEquals(Set.of("rw-------"), modes);
        try (Stream<Path> files = Files.list(socket.getParent())) {
            assertEquals(
                    Set.of("daemon.sock", "daemon.json"),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    private static Optional<String> mode(Path of) {
        try {
            return Optional.of(PosixFilePermissions.toString(Files.getPosixFilePermissions(of)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(failed.toString());
        }
    }

    @Test
    void aStrangerIsShownOut() throws IOException {
        Path other = home.resolve("other.sock");
        try (IpcServer _ = IpcServer.open(other, peer -> false, this::handle);
                Peer peer = new Peer(other)) {
            assertTrue(peer.isClosed());
        }
        assertFalse(Files.exists(other));
    }

    @Test
    void lengthsOutsideTheRuleClose() throws IOException {
        for (int length : new int[] {0, -1, IpcFrames.JSON_MAX + 1}) {
            try (Peer peer = new Peer(socket)) {
                peer.raw(length, "{}");
                assertTrue(peer.isClosed(), "length " + length);
            }
        }
    }

    @Test
    void badJsonIsAnsweredAndCloses() throws IOException {
        for (String text : List.of("{", "[]", "{\"id\":1,\"id\":1}", "\u0000")) {
            try (Peer peer = new Peer(socket)) {
                peer.raw(text.getBytes(StandardCharsets.UTF_8).length, text);
                JsonObject answer = peer.hear();
                assertEquals("bad_json", answer.get("error").asObject().getString("code", ""), text);
                assertTrue(peer.isClosed());
            }
        }
    }

    @Test
    void aRequestWithoutIdOrOpIsAnsweredAndCloses() throws IOException {
        for (String text : List.of("{\"op\":\"echo\"}", "{\"id\":1}", "{\"id\":-1,\"op\":\"echo\"}")) {
            try (Peer peer = new Peer(socket)) {
                peer.say(text);
                assertEquals("bad_request", peer.hear().get("error").asObject().getString("code", ""), text);
                assertTrue(peer.isClosed());
            }
        }
    }

    @Test
    void the65thOutstandingRequestClosesTheConnection() throws IOException, InterruptedException {
        try (Peer peer = new Peer(socket)) {
            for (int id = 0; id < IpcConnection.OUTSTANDING_MAX; id++) {
                peer.say("{\"id\":" + id + ",\"op\":\"wait\"}");
            }
            entered.acquire(IpcConnection.OUTSTANDING_MAX);
            peer.say("{\"id\":64,\"op\":\"echo\"}");
            JsonObject answer = peer.hear();
            assertEquals(64, answer.getInt("id", -1));
            assertEquals("limit_exceeded", answer.get("error").asObject().getString("code", ""));
            peer.awaitEnd();
        }
        interrupted.await();
    }

    @Test
    void anIdInUseClosesTheConnection() throws IOException, InterruptedException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":1,\"op\":\"wait\"}");
            entered.acquire();
            peer.say("{\"id\":1,\"op\":\"echo\"}");
            assertEquals("bad_request", peer.hear().get("error").asObject().getString("code", ""));
            peer.awaitEnd();
        }
        interrupted.await();
    }

    @Test
    void cancelEndsARequest() throws IOException, InterruptedException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":9,\"op\":\"wait\"}");
            entered.acquire();
            peer.say("{\"id\":10,\"op\":\"cancel\",\"target\":9}");
            List<JsonObject> answers = List.of(peer.hear(), peer.hear());
            interrupted.await();
            assertTrue(answers.stream().anyMatch(a -> a.getInt("id", 0) == 10 && a.getBoolean("ok", false)));
            assertTrue(answers.stream().anyMatch(a -> a.getInt("id", 0) == 9 && !a.getBoolean("ok", true)));
        }
    }

    @Test
    void whoDoesNotHeedACancelAnswersAllTheSame() throws IOException, InterruptedException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":9,\"op\":\"deaf\"}");
            entered.acquire();
            peer.say("{\"id\":10,\"op\":\"cancel\",\"target\":9}");
            List<JsonObject> frames = List.of(peer.hear(), peer.hear(), peer.hear());
            JsonObject result = new JsonObject().add("said", "done");
            assertTrue(
                    frames.contains(new JsonObject().add("id", 9).add("ok", true).add("result", result)),
                    () -> frames + "");
            peer.say("{\"id\":11,\"op\":\"echo\"}");
            assertEquals(11, peer.hear().getInt("id", 0));
        }
    }

    @Test
    void aPeerThatLeavesEndsItsRequests() throws IOException, InterruptedException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":1,\"op\":\"wait\"}");
            entered.acquire();
        }
        interrupted.await();
    }

    @Test
    void noDaemonIsNoClient() throws IOException {
        server.close();
        assertTrue(IpcClient.connect(home, "test/1").isEmpty());
        Files.createFile(socket); // what is left after a kill
        assertTrue(IpcClient.connect(home, "test/1").isEmpty());
    }

    @Test
    void aDaemonThatRefusesTheGreetingIsLeft() throws IOException {
        server.close();
        try (IpcServer _ =
                IpcServer.open(
                        socket,
                        IpcServer.Doorman.SAME_USER,
                        call -> {
                            throw new IpcFailure("unsupported_feature", "another protocol");
                        })) {
            assertEquals(
                    "unsupported_feature",
                    assertThrows(IpcFailure.class, () -> IpcClient.connect(home, "test/1")).code());
        }
    }

    @Test
    void aStaleSocketIsReplaced() throws IOException {
        Path stale = home.resolve("stale.sock");
        Files.createFile(stale);
        try (IpcServer _ = IpcServer.open(stale, IpcServer.Doorman.SAME_USER, this::handle);
                Peer peer = new Peer(stale)) {
            peer.say("{\"id\":1,\"op\":\"echo\"}");
            assertTrue(peer.hear().getBoolean("ok", false));
        }
    }

    @Test
    void aFolderThatOthersMayEnterIsNoPlaceForASocket() throws IOException {
        String kept = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", home.toString());
        try {
            SocketPlace place = new SocketPlace(home.resolve("x".repeat(100)));
            Path own = place.prepare(Map.of()).getParent();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThrows(IOException.class, () -> place.prepare(Map.of()));
            Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
            Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
            Files.delete(own);
            Files.createSymbolicLink(own, elsewhere);
            assertThrows(IOException.class, () -> place.prepare(Map.of()));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(elsewhere)) {
                assertFalse(files.iterator().hasNext(), "nothing is written where the link leads");
            }
        } finally {
            System.setProperty("java.io.tmpdir", kept);
        }
    }

    @Test
    void aLongHomeHasItsSocketElsewhere() throws IOException {
        Path runtime = Files.createDirectory(home.resolve("rt"));
        SocketPlace place = new SocketPlace(home.resolve("x".repeat(100)));
        Path far = place.prepare(Map.of("XDG_RUNTIME_DIR", runtime.toString()));
        assertEquals(runtime, far.getParent());
        assertTrue(far.getFileName().toString().matches("tinysync-[0-9a-f]{16}\\.sock"), far.toString());
        place.announce(far, 1);
        assertEquals(far, place.announced().orElseThrow());
    }
}
