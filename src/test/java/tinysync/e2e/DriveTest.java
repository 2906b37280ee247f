package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** One server, two devices, and the sources of the JDK: what a person does with a drive, one after the other. */
class DriveTest {
    /** More than the requests of a change with a few items cost, and less than any content worth sending twice. */
    private static final long NO_CONTENT = 100_000;

    @TempDir Path base;

    private Drive drive;
    private Device a;
    private Device b;

    @BeforeEach
    void start() {
        drive = new Drive(base);
        a = drive.join("a");
        b = drive.join("b");
    }

    @AfterEach
    void stop() {
        drive.close();
    }

    @Test
    void twoDevicesConvergeOnTheSourcesOfTheJdk() throws IOException {
        a.start();
        b.start();
        unpackJdkSources(a.folder());
        drive.mustConverge("after the first upload");
        // Compressed or not, each byte goes up once and down once; names and hashes come on top.
        long once = 2 * FolderTree.bytes(a.folder());
        assertTrue(drive.bytesMoved() < once + once / 10, drive.bytesMoved() + " bytes moved, once is " + once);

        editOnBothSides();
        retargetALink();
        renameABigPackage();
        deleteATree();
        conflict();
        stopsInTheMiddle();
        serverGoesAway();
        assertEquals(1, FolderTree.of(a.folder()).conflictCopies().size(), "only where both had changed a file");
        assertEquals(0, a.stop());
        assertEquals(0, b.stop());
        assertEquals(0, drive.server().stop());
    }

    private void editOnBothSides() throws IOException {
        Path object = a.folder().resolve("java.base/java/lang/Object.java");
        Files.writeString(object, Files.readString(object) + "// edited on A\n");
        Path string = b.folder().resolve("java.base/java/lang/String.java");
        Files.writeString(string, Files.readString(string) + "// edited on B\n");
        Path math = Path.of("java.base/java/lang/Math.java");
        Files.setPosixFilePermissions(b.folder().resolve(math), PosixFilePermissions.fromString("rwx------"));
        Path number = Path.of("java.base/java/lang/Long.java");
        FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.789012345Z"));
        Files.setLastModifiedTime(a.folder().resolve(number), time);
        Files.createSymbolicLink(a.folder().resolve("entry"), Path.of("java.base/java/lang"));
        drive.mustConverge("after edits on both sides");

        assertTrue(
                Files.readString(b.folder().resolve("java.base/java/lang/Object.java")).endsWith("// edited on A\n"));
        assertTrue(
                Files.readString(a.folder().resolve("java.base/java/lang/String.java")).endsWith("// edited on B\n"));
        assertTrue(Files.isExecutable(a.folder().resolve(math)));
        assertEquals(time, Files.getLastModifiedTime(b.folder().resolve(number)));
        assertEquals(Path.of("java.base/java/lang"), Files.readSymbolicLink(b.folder().resolve("entry")));
    }

    private void retargetALink() throws IOException {
        Path link = a.folder().resolve("entry");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("java.base/java/util"));
        drive.mustConverge("after a link got another target");
        assertEquals(Path.of("java.base/java/util"), Files.readSymbolicLink(b.folder().resolve("entry")));
    }

    private void renameABigPackage() throws IOException {
        long movedBefore = drive.bytesMoved();
        long seqBefore = a.seq();
        Files.move(a.folder().resolve("java.base"), a.folder().resolve("renamed base"));
        drive.mustConverge("after a package was renamed");
        assertTrue(Files.exists(b.folder().resolve("renamed base/java/lang/Object.java")));
        assertFalse(Files.exists(b.folder().resolve("java.base")));
        assertEquals(seqBefore + 1, a.seq(), "a folder's rename is one event");
        assertTrue(drive.bytesMoved() - movedBefore < NO_CONTENT, "a rename moves no content, on either hop");
    }

    private void deleteATree() throws IOException {
        long movedBefore = drive.bytesMoved();
        deleteRecursively(b.folder().resolve("jdk.compiler"));
        drive.mustConverge("after a tree was deleted");
        assertFalse(Files.exists(a.folder().resolve("jdk.compiler")));
        assertTrue(drive.bytesMoved() - movedBefore < 10 * NO_CONTENT, "a deletion moves no content");
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
        drive.mustConverge("after a conflict");
        List<String> copies = FolderTree.of(a.folder()).conflictCopies();
        assertEquals(1, copies.size(), copies.toString());
        assertEquals("version of A\n", Files.readString(inA));
        assertEquals("version of B\n", Files.readString(a.folder().resolve(copies.getFirst())));
    }

    /** Whoever is stopped or killed while a tree is copied, both folders hold all of it in the end. */
    private void stopsInTheMiddle() throws IOException {
        copyRecursively(a.folder().resolve("java.desktop"), a.folder().resolve("copy of desktop"));
        assertEquals(0, a.stop());
        a.start();
        b.kill();
        b.start();
        assertEquals(0, drive.server().stop());
        drive.startServer();
        drive.mustConverge("after all were stopped in the middle");
        assertTrue(Files.exists(b.folder().resolve("copy of desktop/java/awt/Component.java")));
    }

    private void serverGoesAway() throws IOException {
        long seqBefore = a.seq();
        drive.server().kill();
        Files.move(a.folder().resolve("copy of desktop"), a.folder().resolve("moved while alone"));
        Files.writeString(b.folder().resolve("written while alone.txt"), "by B\n");
        drive.startServer();
        drive.mustConverge("after the server was away");
        assertTrue(Files.exists(b.folder().resolve("moved while alone/java/awt/Component.java")));
        assertEquals("by B\n", Files.readString(a.folder().resolve("written while alone.txt")));
        assertEquals(seqBefore + 2, a.seq(), "one move and one new file, nothing twice");
        assertTrue(drive.bytesMoved() < NO_CONTENT, "nothing is sent again to a server that came back");
    }

    private static void unpackJdkSources(Path into) throws IOException {
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

    private static void deleteRecursively(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copyRecursively(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
