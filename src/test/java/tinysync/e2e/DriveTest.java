package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.wire.StrictJson;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** One server, two devices, and the sources of the JDK: what a person does with a drive, one after the other. */
class DriveTest {
    @TempDir Path base;

    private Program server;
    private String listen = "127.0.0.1:0";
    private Device a;
    private Device b;

    @BeforeEach
    void start() {
        startServer();
        a = new Device(base, "a").join(server.said("invite"));
        b = new Device(base, "b").join(server.said("invite"));
    }

    @AfterEach
    void stop() {
        Stream.of(a, b).forEach(Device::close);
        server.close();
    }

    private void startServer() {
        server =
                Program.start(
                        base.resolve("server.log"),
                        "server",
                        "--data",
                        base.resolve("data").toString(),
                        "--listen",
                        listen);
        listen = server.said("ready").replace("http://", "");
    }

    private void identical() {
        a.sync();
        b.sync();
        a.sync();
        assertEquals(Optional.empty(), FolderTree.of(a.folder()).differenceTo(FolderTree.of(b.folder())), "A beside B");
    }

    @Test
    void twoDevicesConvergeOnTheSourcesOfTheJdk() throws IOException {
        a.start();
        b.start();
        unpackJdkSources(a.folder());
        identical();
        assertEquals(fileCount(), FolderTree.of(b.folder()).entries().size());

        editOnBothSides();
        identical();
        retargetALink();
        renameABigPackage();
        deleteATree();
        conflict();
        stopsInTheMiddle();
        serverGoesAway();
        assertEquals(0, a.stop());
        assertEquals(0, b.stop());
        assertEquals(0, server.stop());
    }

    private long fileCount() {
        return FolderTree.of(a.folder()).entries().size();
    }

    private void editOnBothSides() throws IOException {
        Path object = a.folder().resolve("java.base/java/lang/Object.java");
        Files.writeString(object, Files.readString(object) + "// edited on A\n");
        Path string = b.folder().resolve("java.base/java/lang/String.java");
        Files.writeString(string, Files.readString(string) + "// edited on B\n");
        Files.setPosixFilePermissions(
                b.folder().resolve("java.base/java/lang/Math.java"), PosixFilePermissions.fromString("rwx------"));
        Files.setLastModifiedTime(
                a.folder().resolve("java.base/java/lang/Long.java"),
                FileTime.from(Instant.parse("2001-02-03T04:05:06.789012345Z")));
        Files.createSymbolicLink(a.folder().resolve("entry"), Path.of("java.base/java/lang"));
    }

    private void retargetALink() throws IOException {
        Path link = a.folder().resolve("entry");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("java.base/java/util"));
        identical();
        assertEquals(Path.of("java.base/java/util"), Files.readSymbolicLink(b.folder().resolve("entry")));
    }

    /** A rename is one mutation and moves no content, on either hop. */
    private void renameABigPackage() throws IOException {
        long movedBefore = bytesMoved();
        long seqBefore = seq();
        Files.move(a.folder().resolve("java.base"), a.folder().resolve("renamed base"));
        identical();
        assertTrue(Files.exists(b.folder().resolve("renamed base/java/lang/Object.java")));
        assertFalse(Files.exists(b.folder().resolve("java.base")));
        assertEquals(seqBefore + 1, seq(), "a folder's rename is one event");
        assertTrue(bytesMoved() - movedBefore < 100_000, "a rename moves no content");
    }

    private void deleteATree() throws IOException {
        deleteRecursively(b.folder().resolve("jdk.compiler"));
        identical();
        assertFalse(Files.exists(a.folder().resolve("jdk.compiler")));
    }

    private void conflict() throws IOException {
        a.stop();
        b.stop();
        Path inA = a.folder().resolve("renamed base/java/lang/Byte.java");
        Path inB = b.folder().resolve("renamed base/java/lang/Byte.java");
        Files.writeString(inA, "version of A\n");
        Files.writeString(inB, "version of B\n");
        a.start().sync();
        b.start();
        identical();
        List<String> copies =
                FolderTree.of(a.folder()).entries().keySet().stream()
                        .filter(path -> path.contains("(conflicted copy"))
                        .toList();
        assertEquals(1, copies.size(), copies.toString());
        assertEquals("version of A\n", Files.readString(inA));
        assertEquals("version of B\n", Files.readString(a.folder().resolve(copies.getFirst())));
    }

    private void stopsInTheMiddle() throws IOException {
        copyRecursively(a.folder().resolve("java.desktop"), a.folder().resolve("copy of desktop"));
        a.stop();
        a.start();
        b.kill();
        b.start();
        identical();
        assertTrue(Files.exists(b.folder().resolve("copy of desktop/java/awt/Component.java")));
    }

    private void serverGoesAway() throws IOException {
        long seqBefore = seq();
        server.kill();
        Files.move(a.folder().resolve("copy of desktop"), a.folder().resolve("moved while alone"));
        Files.writeString(b.folder().resolve("written while alone.txt"), "by B\n");
        startServer();
        identical();
        assertTrue(Files.exists(b.folder().resolve("moved while alone/java/awt/Component.java")));
        assertEquals("by B\n", Files.readString(a.folder().resolve("written while alone.txt")));
        assertEquals(seqBefore + 2, seq(), "one move and one new file, nothing twice");
    }

    private long seq() {
        String status = a.run("status", "--json").mustSucceed().out();
        return StrictJson.parse(status.getBytes(StandardCharsets.UTF_8), 1 << 20)
                .asObject()
                .get("attachments")
                .asArray()
                .get(0)
                .asObject()
                .get("seq")
                .asObject()
                .getLong("server", -1);
    }

    private long bytesMoved() throws IOException {
        return metric("tinysync_http_received_bytes_total") + metric("tinysync_http_sent_bytes_total");
    }

    private long metric(String name) throws IOException {
        try (InputStream in = URI.create(server.said("ready") + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no metric " + name));
        }
    }

    static void unpackJdkSources(Path into) throws IOException {
        Path zip = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(in, target);
                    Files.setLastModifiedTime(target, entry.getLastModifiedTime());
                }
            }
        }
    }

    static void deleteRecursively(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static void copyRecursively(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
