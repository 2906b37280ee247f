package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Account;
import tinysync.client.state.Identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Whole runs against a server in this process. The time limit only ends a test that would hang. */
@Timeout(120)
class SyncOnceTest extends AtServer {
    private static final int MANY = 120;

    private Path folder;

    @BeforeEach
    void join() throws Exception {
        folder = temp.resolve("folder");
        join(folder, Optional.empty());
    }

    /** One run: what came of it. */
    private String run() throws Exception {
        return SyncOnce.run(home, Optional.empty(), Optional.empty(), "test", Map.of()).getString("outcome", "");
    }

    private JsonObject confirm(boolean reject) throws Exception {
        return SyncOnce.confirm(home, Optional.empty(), reject, "test", Map.of());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(n -> !n.equals(".tinysync"))
                    .sorted()
                    .toList();
        }
    }

    private static long items(JsonObject answer) {
        return answer.get("status").asObject().get("attachments").asArray().get(0).asObject().getLong("items", -1);
    }

    private void deleteMany() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Files.writeString(folder.resolve("f" + i), "same");
        }
        assertEquals("synced", run());
        for (int i = 0; i < MANY; i++) {
            Files.delete(folder.resolve("f" + i));
        }
        assertEquals("held", run());
    }

    @Test
    void aHoldIsReleasedWithoutADaemon() throws Exception {
        deleteMany();
        JsonObject confirmed = confirm(false);
        assertTrue(confirmed.getBoolean("was_held", false));
        assertEquals("synced", confirmed.getString("outcome", ""));
        assertEquals(0, items(confirmed));
        assertFalse(confirm(false).getBoolean("was_held", true));
    }

    @Test
    void aHoldIsRejectedWithoutADaemon() throws Exception {
        deleteMany();
        JsonObject rejected = confirm(true);
        assertEquals("synced", rejected.getString("outcome", ""));
        assertEquals(MANY, items(rejected));
        assertEquals(MANY, names().size());
    }

    @Test
    void afterStartingOverNothingIsLostOrDoubled() throws Exception {
        Files.writeString(folder.resolve("a"), "1");
        Files.writeString(folder.resolve("b"), "1");
        assertEquals("synced", run());
        Files.delete(folder.resolve("b"));
        Files.writeString(folder.resolve("c"), "2");
        new Quiet(home, Optional.empty()).startOver();
        assertEquals("synced", run());
        assertEquals(List.of("a", "b", "c"), names());
        assertEquals("1", Files.readString(folder.resolve("b")));
    }

    /** What was made after the backup is not deleted, what was edited after it is not lost. */
    @Test
    void aFolderThatWasRestoredFromABackupMergesOnly() throws Exception {
        Files.writeString(folder.resolve("edited"), "old");
        assertEquals("synced", run());
        Path backup = temp.resolve("backup");
        copy(folder, backup);
        Files.writeString(folder.resolve("edited"), "new");
        Files.writeString(folder.resolve("later"), "made later");
        assertEquals("synced", run());
        Files.move(folder, temp.resolve("lost"));
        Files.move(backup, folder);
        assertEquals("synced", run());
        assertEquals("made later", Files.readString(folder.resolve("later")));
        List<String> contents = Stream.of(names().toArray(String[]::new)).map(this::content).sorted().toList();
        assertEquals(List.of("made later", "new", "old"), contents);
        assertEquals("new", Files.readString(folder.resolve("edited")));
    }

    private String content(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes stat) throws IOException {
                        Files.createDirectory(to.resolve(from.relativize(folder).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes stat) throws IOException {
                        Files.copy(file, to.resolve(from.relativize(file).toString()));
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Test
    void nothingInTheHomeIsForOthers() throws Exception {
        Files.writeString(folder.resolve("a"), "1");
        assertEquals("synced", run());
        TreeSet<String> open = new TreeSet<>();
        try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "test")) {
            daemon.openSocket(Map.of());
            try (Stream<Path> all = Files.walk(home.path())) {
                for (Path path : all.toList()) {
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                    if (!mode.endsWith("------")) {
                        open.add(path + " " + mode);
                    }
                }
            }
        }
        assertEquals(new TreeSet<>(), open);
    }

    @Test
    void aServerThatIsGoneIsOfflineAndAStrangeNameIsRefused() throws Exception {
        Optional<String> other = Optional.of("other");
        Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
        assertThrows(Membership.NotPossibleException.class, () -> SyncOnce.run(home, other, second, "test", Map.of()));
        server.close();
        assertEquals("offline", run());
    }

    @Test
    void whoFollowsEventsHearsThemAlsoAfterStartingOver() throws Exception {
        BlockingQueue<String> uploaded = new LinkedBlockingQueue<>();
        try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "test")) {
            daemon.openSocket(Map.of());
            try (IpcClient follower = IpcClient.connect(home.path(), "test").orElseThrow();
                    IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
                Thread.ofVirtual()
                        .start(
                                () ->
                                        follow(
                                                follower,
                                                event -> {
                                                    if (event.getString("kind", "").equals("uploaded")) {
                                                        uploaded.add(event.getString("path", ""));
                                                    }
                                                }));
                for (String name : List.of("a", "b", "c", "d", "e")) {
                    Files.writeString(folder.resolve(name), name);
                    assertEquals(name, uploaded.take());
                }
                client.call("panic_resync", new JsonObject());
                client.call("sync", new JsonObject());
                Files.writeString(folder.resolve("f"), "f");
                assertEquals("f", uploaded.take());
            }
        }
    }

    private static void follow(IpcClient client, Consumer<JsonObject> sink) {
        try {
            client.call("events", new JsonObject().add("follow", true), sink);
        } catch (IOException closed) {
            sink.accept(new JsonObject());
        }
    }

    /** The end may come between the two durable steps, before or after the server heard of the new instance. */
    @Test
    void anInstanceThatWasOnlyProposedIsSettledAtTheNextStart() throws Exception {
        assertEquals("synced", run());
        UUID unheard = UUID.fromString("00000000-0000-4000-8000-000000000001");
        account().update(identity -> identity.proposing(unheard));
        assertEquals("synced", run());
        UUID heard = UUID.fromString("00000000-0000-4000-8000-000000000002");
        Identity before = account().update(identity -> identity.proposing(heard));
        try (ServerApi api = new ServerApi(Membership.connection(before))) {
            api.session(before.instance(), heard);
        }
        assertEquals("synced", run());
        assertEquals(Optional.empty(), home.identities().getFirst().proposed());
    }

    @Test
    void theLastStatusIsToldUnlessItIsDamagedOrOfAnother() throws Exception {
        Files.writeString(folder.resolve("a"), "1");
        assertEquals("synced", run());
        Identity identity = home.identities().getFirst();
        assertEquals(1, items(last(identity)));
        var main = identity.attachments().getFirst();
        Identity moved = identity.without(main.id());
        assertEquals(0, last(moved).get("status").asObject().get("attachments").asArray().size());
        Files.writeString(home.run().resolve("status.json"), "{");
        assertEquals(0, items(last(identity)));
        Files.delete(home.run().resolve("status.json"));
        assertEquals(0, items(last(identity)));
    }

    private Account account() throws IOException {
        return home.account(home.identities().getFirst().serverId());
    }

    private JsonObject last(Identity identity) throws IOException {
        return new JsonObject().add("status", LastStatus.read(home, List.of(identity), Optional.empty(), "test"));
    }
}
