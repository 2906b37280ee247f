package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Two clients, of which one was written from {@code docs/PROTOCOL.md} alone, understand each other on one vault. */
class ForeignClientTest {
    private static final String ODD = "a b #1? 100%25 \u00fc \u65e5\u672c";
    private static final int LARGE = 20_000_000;
    private static final long CHUNK = 4 << 20;

    /** What changes a byte sends: the chunk with it, one more if a cut moved, manifest and commit. */
    private static final long EDIT = 2 * CHUNK + 64 * 1024;

    @TempDir static Path base;

    private static Program server;
    private static Device ours;
    private static ForeignClient theirs;

    @BeforeAll
    static void start() throws IOException {
        server =
                Program.start(
                        base.resolve("server.log"),
                        "server",
                        "--data",
                        base.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0");
        ours = new Device(base, "ours");
        Path invite = Files.writeString(base.resolve("invite"), server.said("invite"));
        ours.run("register", "--invite", invite.toString(), "--name", "ours").mustSucceed();
        theirs = new ForeignClient(base.resolve("theirs")).register(server.said("invite"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theLogLeadsToTheTreeOfASnapshot() {
        String replayed = theirs.run("ls", "-r", "--json").mustSucceed().out();
        theirs.forgetTrees();
        assertEquals(theirs.run("ls", "-r", "--json").mustSucceed().out(), replayed);
    }

    @Test
    void aLargeFileTravelsBothWaysAndAnEditOnlyWithItsChunks() throws IOException {
        Path folder = Files.createDirectory(base.resolve("large"));
        Path movie = folder.resolve("movie");
        byte[] bytes = new byte[LARGE];
        new Random(20).nextBytes(bytes);
        write(movie, bytes, "rw-r--r--", "2001-02-03T04:05:06.789012345Z");

        assertTrue(receivedBy("put", movie, "/movie") >= LARGE, "all of it");
        sameAsOurs("/movie", folder);

        bytes[9_000_000]++;
        write(movie, bytes, "rwxrwx--x", "2001-02-03T04:05:07Z");
        long before = received();
        ours.run("put", movie.toString(), "main:/movie").mustSucceed();
        long sent = received() - before;
        assertTrue(sent < EDIT, "our client cuts where the other cut, so it sends little: " + sent);
        sameAsTheirs("/movie", folder);

        bytes[15_000_000]++;
        write(movie, bytes, "rwx------", "2001-02-03T04:05:08Z");
        sent = receivedBy("put", movie, "/movie");
        assertTrue(sent < EDIT, "the other client cuts where ours cut, so it sends little: " + sent);
        sameAsOurs("/movie", folder);
    }

    @Test
    void aTreeWithOddNamesTravelsBothWays() throws IOException {
        Path tree = Files.createDirectory(base.resolve("odd"));
        Path deep = Files.createDirectories(tree.resolve(ODD).resolve("-r"));
        write(tree.resolve("empty"), new byte[0], "rw-------", "1999-12-31T23:59:59.999999999Z");
        write(deep.resolve(ODD), bytes("odd"), "rwx------", "1969-07-20T20:17:40Z");
        write(deep.resolve("%2e%2e"), bytes("read only"), "r--r--r--", "2038-01-19T03:14:08.5Z");
        write(tree.resolve("+&=;'\"\\"), new byte[70_000], "rw-r--r--", "2026-11-21T07:45:00.000000001Z");
        Files.createSymbolicLink(tree.resolve("link"), Path.of(ODD, "-r", "nowhere #?"));

        theirs.run("put", "-r", tree.toString(), "/odd").mustSucceed();
        Path got = base.resolve("odd by ours");
        ours.run("get", "-r", "main:/odd", got.toString()).mustSucceed();
        assertEquals(Optional.empty(), FolderTree.of(tree).differenceTo(FolderTree.of(got)), "put by the other");

        ours.run("put", "-r", tree.toString(), "main:/odd again").mustSucceed();
        got = base.resolve("odd by theirs");
        theirs.run("get", "/odd again", got.toString()).mustSucceed();
        assertEquals(
                Optional.empty(),
                FolderTree.of(tree).differenceTo(FolderTree.of(got.resolve("odd again"))),
                "put by ours");

        String path = "/odd/" + ODD + "/-r/" + ODD;
        assertEquals("odd", ours.run("cat", "main:" + path).mustSucceed().out());
        assertEquals("odd", theirs.run("cat", path).mustSucceed().out());

        assertEquals(0, receivedBy("put", tree, "/", "-r"), "what is the same is not sent again");
    }

    /** Our {@code get} minds what this user allows to others; what is in the vault is exact. */
    @Test
    void modesAreKeptBitByBit() throws IOException {
        Path tree = Files.createDirectory(base.resolve("modes"));
        Path folder = Files.createDirectory(tree.resolve("private"));
        write(folder.resolve("program"), bytes("run"), "rwxr-x--x", "2026-11-21T07:45:00Z");
        write(folder.resolve("secret"), bytes("hush"), "-w----r-x", "2026-11-21T07:45:00Z");
        Files.setPosixFilePermissions(folder, mode("rwx-wx--x"));
        theirs.run("put", "-r", tree.toString(), "/").mustSucceed();
        sameAsTheirs("/modes/private", tree);

        ours.run("put", folder.resolve("program").toString(), "main:/modes/private/secret").mustSucceed();
        Files.delete(folder.resolve("secret"));
        Files.copy(folder.resolve("program"), folder.resolve("secret"), StandardCopyOption.COPY_ATTRIBUTES);
        sameAsTheirs("/modes/private", tree);
    }

    @Test
    void changesOfOneAreSeenByTheOther() throws IOException {
        Path file = write(base.resolve("moving"), bytes("moving"), "rw-r--r--", "2026-11-21T07:45:00Z");
        theirs.run("mkdir", "-p", "/moves/a/b").mustSucceed();
        ours.run("put", file.toString(), "main:/moves/a/b/").mustSucceed();
        theirs.run("mv", "/moves/a/b/moving", "/moves/" + ODD).mustSucceed();
        ours.run("mv", "main:/moves/a", "main:/moves/c").mustSucceed();

        List<String> names = List.of(ODD, "c", "c/b");
        assertEquals(names, theirPaths("/moves"));
        assertEquals("moving", ours.run("cat", "main:/moves/" + ODD).mustSucceed().out());

        assertEquals(2, theirs.run("rm", "/moves").exit(), "a folder with something in it");
        theirs.run("rm", "-r", "/moves/c").mustSucceed();
        assertNotEquals(0, ours.run("ls", "main:/moves/c").exit());
        ours.run("rm", "-r", "main:/moves").mustSucceed();
        assertEquals("drive_client: /moves does not exist", theirs.run("ls", "/moves").err().strip());
    }

    @Test
    void whatTheOtherChangedMeanwhileIsNotLost() throws IOException {
        Path file = write(base.resolve("note"), bytes("old"), "rw-r--r--", "2026-11-21T07:45:00Z");
        ours.run("mkdir", "main:/stale").mustSucceed();
        ours.run("put", file.toString(), "main:/stale/note").mustSucceed();
        assertEquals(List.of("note"), theirPaths("/stale"));
        write(file, bytes("new"), "rw-r--r--", "2026-11-21T07:45:01Z");
        ours.run("put", file.toString(), "main:/stale/note").mustSucceed();

        write(file, bytes("lost?"), "rw-r--r--", "2026-11-21T07:45:02Z");
        refusesTheStale("version_mismatch", "put", file.toString(), "/stale/note");
        refusesTheStale("version_mismatch", "rm", "/stale/note");
        refusesTheStale("changed_below", "rm", "-r", "/stale");
        refusesTheStale("name_taken", "mkdir", "/stale/NOTE");
        assertEquals("new", ours.run("cat", "main:/stale/note").mustSucceed().out());

        theirs.run("--cached", "put", file.toString(), "/stale/note").mustSucceed();
        assertEquals("lost?", ours.run("cat", "main:/stale/note").mustSucceed().out(), "planned again, on the news");
        ours.run("mv", "main:/stale/note", "main:/stale/moved").mustSucceed();
        theirs.run("--cached", "rm", "-r", "/stale").mustSucceed();
        assertNotEquals(0, ours.run("ls", "main:/stale").exit());
    }

    private static void refusesTheStale(String code, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--cached", "--strict"));
        all.addAll(List.of(arguments));
        Jar.Result result = theirs.run(all.toArray(String[]::new));
        assertEquals(1, result.exit(), result.err());
        assertTrue(result.err().startsWith("drive_client: " + code + ": "), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wake", "poll"})
    void aWriteOfOneWakesTheOther(String way) throws IOException {
        Process watch = (way.equals("wake") ? theirs.process("watch") : theirs.process("watch", "--poll")).start();
        try (BufferedReader heads = watch.inputReader()) {
            String[] first = words(heads);
            ours.run("mkdir", "main:/woken by " + way).mustSucceed();
            String[] second = words(heads);
            assertEquals(List.of(way, first[1]), List.of(second).subList(0, 2));
            assertEquals(Long.parseLong(first[2]) + 1, Long.parseLong(second[2]));
        } finally {
            watch.destroyForcibly();
        }
    }

    private static String[] words(BufferedReader lines) throws IOException {
        return Optional.ofNullable(lines.readLine())
                .orElseThrow(() -> new AssertionError("the watcher ended"))
                .split(" ");
    }

    private static List<String> theirPaths(String folder) {
        return theirs.run("ls", "-r", folder).mustSucceed().out().lines().map(ForeignClientTest::path).toList();
    }

    /** The path in a line of {@code ls}: what follows mode, size and time. */
    private static String path(String line) {
        String path = line.split(" +", 4)[3];
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static void sameAsOurs(String path, Path folder) throws IOException {
        Path got = Files.createTempDirectory(base, "ours");
        ours.run("get", "main:" + path, got.toString()).mustSucceed();
        assertEquals(Optional.empty(), FolderTree.of(folder).differenceTo(FolderTree.of(got)), "got by our client");
    }

    private static void sameAsTheirs(String path, Path folder) throws IOException {
        Path got = Files.createTempDirectory(base, "theirs");
        theirs.run("get", path, got.toString()).mustSucceed();
        assertEquals(Optional.empty(), FolderTree.of(folder).differenceTo(FolderTree.of(got)), "got by the other");
    }

    /** How many bytes the server takes in while the foreign client puts something. */
    private static long receivedBy(String command, Path file, String path, String... flags) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(flags));
        all.addAll(List.of(file.toString(), path));
        long before = received();
        theirs.run(all.toArray(String[]::new)).mustSucceed();
        return received() - before;
    }

    private static long received() throws IOException {
        String name = "tinysync_http_received_bytes_total ";
        try (InputStream in = URI.create(server.said("ready") + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path write(Path file, byte[] bytes, String mode, String time) throws IOException {
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, mode(mode));
        return Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }

    private static Set<PosixFilePermission> mode(String mode) {
        return PosixFilePermissions.fromString(mode);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
