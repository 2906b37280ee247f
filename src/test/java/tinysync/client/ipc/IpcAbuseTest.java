package tinysync.client.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.platform.PeerUid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The local socket under people and programs that mean no good, or know no better. A hang ends with the time limit. */
@Timeout(60)
class IpcAbuseTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 10_000;
    private static final int CONNECTIONS_MAX = 256;

    @TempDir Path home;

    private final CountDownLatch floodEnded = new CountDownLatch(1);
    private SocketPlace place;
    private Path socket;
    private IpcServer server;

    @BeforeEach
    void open() throws IOException {
        place = new SocketPlace(home);
        socket = place.prepare(Map.of());
        server = IpcServer.open(socket, IpcServer.Doorman.SAME_USER, this::handle);
        place.announce(socket, 1);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private JsonObject handle(IpcHandler.Call call) throws IOException {
        if (call.op().equals("flood")) {
            try {
                while (true) {
                    call.event(new JsonObject().add("text", "x".repeat(10_000)));
                }
            } finally {
                floodEnded.countDown();
            }
        }
        return new JsonObject().add("said", call.fields().optText("say").orElse(""));
    }

    private String echo(String text) throws IOException {
        try (IpcClient client = IpcClient.connect(home, "test").orElseThrow()) {
            return client.call("echo", new JsonObject().add("say", text)).getString("said", "");
        }
    }

    // Calls.

    @Test
    void tenThousandCallsAreAnsweredAndAnotherCallerIsToo() throws Exception {
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(this::callOften);
        }
        int answered = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<Integer>> working = callers.stream().map(threads::submit).toList();
            assertEquals("hello", echo("hello"));
            for (Future<Integer> one : working) {
                answered += one.get();
            }
        }
        assertEquals(CALLS, answered);
    }

    private int callOften() throws IOException {
        int answered = 0;
        try (IpcClient client = IpcClient.connect(home, "test").orElseThrow()) {
            for (int i = 0; i < CALLS / CALLERS; i++) {
                answered +=
                        client.call("echo", new JsonObject().add("say", "" + i)).getString("said", "").equals("" + i)
                                ? 1
                                : 0;
            }
        }
        return answered;
    }

    @Test
    void callersThatComeAndGoAreAllServed() throws IOException {
        for (int i = 0; i < 2 * CONNECTIONS_MAX; i++) {
            assertEquals("" + i, echo("" + i));
        }
    }

    @Test
    void aHugeArgumentIsAnArgument() throws IOException {
        String huge = "x".repeat(1_000_000);
        assertEquals(huge, echo(huge));
        assertThrows(IllegalArgumentException.class, () -> echo(huge + "x".repeat(100_000)));
        assertEquals("still here", echo("still here"));
    }

    @Test
    void whoStopsInTheMiddleOfAFrameKeepsNobodyElse() throws IOException {
        List<Peer> halves = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Peer half = new Peer(socket);
            half.raw(1_000_000, "{\"id\":");
            halves.add(half);
        }
        assertEquals("hello", echo("hello"));
        for (Peer half : halves) {
            half.close();
        }
    }

    @Test
    void tooManyConnectionsAreClosedAndRoomComesBack() throws IOException {
        List<Peer> idle = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            idle.add(new Peer(socket));
        }
        try (Peer oneMore = new Peer(socket)) {
            assertTrue(oneMore.isClosed());
        }
        for (Peer peer : idle) {
            peer.close();
        }
        while (!serves()) {
            Thread.onSpinWait();
        }
    }

    private boolean serves() throws IOException {
        try (Peer peer = new Peer(socket)) {
            peer.say("{\"id\":1,\"op\":\"echo\"}");
            return peer.hear().getBoolean("ok", false);
        } catch (IOException | NoSuchElementException closed) {
            return false;
        }
    }

    @Test
    void whoDoesNotReadKeepsNobodyElse() throws Exception {
        try (Peer slow = new Peer(socket)) {
            slow.say("{\"id\":1,\"op\":\"flood\"}");
            slow.hear();
            assertEquals("hello", echo("hello"));
        }
        floodEnded.await();
    }

    // Whoever else is at the socket.

    /** Another program listens where the daemon is said to be. */
    private ServerSocketChannel squat() throws IOException {
        server.close();
        ServerSocketChannel squatter = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        squatter.bind(UnixDomainSocketAddress.of(socket));
        return squatter;
    }

    @Test
    void whatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocketChannel mute = squat()) {
            Duration patience = Duration.ofMillis(100);
            IOException given =
                    assertThrows(
                            IOException.class,
                            () -> IpcClient.connect(home, "test", IpcServer.Doorman.SAME_USER, patience));
            assertTrue(given.getMessage().contains("does not answer"), given.getMessage());
            assertTrue(mute.isOpen());
        }
    }

    @Test
    void whatAnotherUserRunsIsNotAsked() throws IOException {
        try (ServerSocketChannel foreign = squat()) {
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () -> IpcClient.connect(home, "test", peer -> false, Duration.ofSeconds(50)));
            assertTrue(refused.getMessage().contains("another user"), refused.getMessage());
            assertEquals(-1, foreign.accept().read(ByteBuffer.allocate(1)), "not even greeted");
        }
    }

    @Test
    void anAnswerThatIsNoneIsAnError() throws Exception {
        try (ServerSocketChannel rubbish = squat()) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var peer = rubbish.accept()) {
                                    peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 3, 'a', 'b', 'c'}));
                                } catch (IOException failed) {
                                    throw new UncheckedIOException(failed);
                                }
                            });
            assertThrows(IOException.class, () -> IpcClient.connect(home, "test"));
        }
    }

    @Test
    void anotherUserIsShownOutEvenWhereEveryFolderIsOpen() throws Exception {
        if (PeerUid.own() != 0) {
            // Only root can become somebody else; that the uid is asked is IpcServerTest's.
            return;
        }
        for (Path open : List.of(home, home.resolve("run"))) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        String script =
                "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0);"
                        + " connect($s, sockaddr_un($ARGV[0])) or exit 2; exit sysread($s, my $got, 1);";
        Process stranger =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "perl",
                                "-e",
                                script,
                                socket.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, stranger.waitFor(), "it reached the socket, and was closed without a word");
        assertEquals("hello", echo("hello"));
    }

    // What lies where the socket belongs.

    @Test
    void aLinkInPlaceOfTheSocketIsReplacedAndNotFollowed() throws IOException {
        server.close();
        Path victim = Files.writeString(home.resolve("victim"), "mine");
        Files.createSymbolicLink(socket, victim);
        server = IpcServer.open(socket, IpcServer.Doorman.SAME_USER, this::handle);
        assertEquals("mine", Files.readString(victim));
        assertEquals("hello", echo("hello"));
    }

    @Test
    void aFolderInPlaceOfTheSocketIsAnError() throws IOException {
        server.close();
        Files.createDirectory(socket);
        Path full = Files.createFile(socket.resolve("full"));
        assertThrows(IOException.class, () -> IpcServer.open(socket, IpcServer.Doorman.SAME_USER, this::handle));
        Files.delete(full);
    }

    @Test
    void anAnnouncementOfADaemonThatIsGoneMeansNone() throws IOException {
        server.close();
        // Its process id may be somebody else's by now: it is not asked for.
        place.announce(socket, ProcessHandle.current().pid());
        assertEquals(Optional.empty(), IpcClient.connect(home, "test"));
        Files.writeString(socket, "no socket");
        assertEquals(Optional.empty(), IpcClient.connect(home, "test"));
    }
}
