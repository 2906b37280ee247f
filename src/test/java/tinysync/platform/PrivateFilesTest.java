package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

class PrivateFilesTest {
    @TempDir Path folder;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void foldersArePrivateDownToTheLast() throws Exception {
        PrivateFiles.createFolder(folder.resolve("a/b"));
        assertEquals("rwx------", mode(folder.resolve("a")));
        assertEquals("rwx------", mode(folder.resolve("a/b")));
        Files.setPosixFilePermissions(folder.resolve("a"), PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFiles.createFolder(folder.resolve("a"));
        assertEquals("rwxr-xr-x", mode(folder.resolve("a")), "what exists is left as it is");
    }

    private interface Making {
        void at(Path place) throws Exception;
    }

    /** Whoever looks at the wrong moment sees it: so look without end, while it is made and removed many times. */
    private void neverOpenToOthers(Making making) throws Exception {
        Path place = Files.createDirectory(folder.resolve("watched"));
        Set<String> open = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        Thread watcher =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!enough.get()) {
                                        lookInto(place, open);
                                    }
                                });
        try {
            for (int i = 0; i < 200; i++) {
                making.at(place.resolve("f"));
                try (Stream<Path> made = Files.list(place)) {
                    for (Path one : made.toList()) {
                        Files.delete(one);
                    }
                }
            }
        } finally {
            enough.set(true);
            watcher.join();
        }
        Files.delete(place);
        assertEquals(Set.of(), open);
    }

    private static void lookInto(Path place, Set<String> open) {
        for (String name : place.toFile().list()) {
            try {
                String mode = mode(place.resolve(name));
                if (!mode.endsWith("------")) {
                    open.add(mode);
                }
            } catch (NoSuchFileException gone) {
                continue;
            } catch (IOException failed) {
                open.add(failed.toString());
            }
        }
    }

    @Test
    void whatIsMadeIsPrivateFromTheFirstMoment() throws Exception {
        neverOpenToOthers(PrivateFiles::createFolder);
        neverOpenToOthers(place -> PrivateFiles.createFile(place, List.of()));
        neverOpenToOthers(place -> PrivateFiles.writeAtomically(place, new byte[] {1}));
        neverOpenToOthers(place -> PrivateFiles.lockFile(place).close());
    }

    @Test
    void aFileInTheWayOfAFolderIsAnError() throws Exception {
        Files.createFile(folder.resolve("f"));
        FsException thrown = assertThrows(FsException.class, () -> PrivateFiles.createFolder(folder.resolve("f")));
        assertEquals(Errno.ENOTDIR, thrown.errno());
    }

    @Test
    void smallFilesAreReplacedWholeAndArePrivate() throws Exception {
        Path file = folder.resolve("f.json");
        PrivateFiles.writeAtomically(file, new byte[] {1});
        assertEquals("rw-------", mode(file));
        Path second = folder.resolve("old");
        Files.createLink(second, file);
        PrivateFiles.writeAtomically(file, new byte[] {2, 3});
        assertArrayEquals(new byte[] {2, 3}, Files.readAllBytes(file));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(second), "the old file itself was not written to");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "no temporary file stays");
        }
    }

    @Test
    void anEmptyFileIsMadePrivateAndOneThatIsThereKeepsItsContent() throws Exception {
        Path file = folder.resolve("new.db");
        PrivateFiles.createFile(file, List.of());
        assertEquals("rw-------", mode(file));
        Files.writeString(file, "x");
        PrivateFiles.createFile(file, List.of());
        assertEquals("x", Files.readString(file));
        FsException thrown = assertThrows(FsException.class, () -> PrivateFiles.createFile(folder, List.of()));
        assertEquals(Errno.EEXIST, thrown.errno());
    }

    @Test
    void aFileThatOthersCouldReadIsMadePrivateWithWhatLiesBesideIt() throws Exception {
        Path file = readableByAll("old.db");
        Path log = readableByAll("old.db-wal");
        Path foreign = readableByAll("old.db-notes");
        PrivateFiles.createFile(file, List.of("-wal", "-shm"));
        assertEquals("rw-------", mode(file));
        assertEquals("rw-------", mode(log));
        assertEquals("rw-r--r--", mode(foreign));
        assertFalse(Files.exists(folder.resolve("old.db-shm")));
    }

    private Path readableByAll(String name) throws Exception {
        Path file = Files.writeString(folder.resolve(name), name);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void aFailedWriteLeavesTheOldAndNoRubbish() throws Exception {
        Path blocked = Files.createDirectories(folder.resolve("d/full")).getParent();
        assertThrows(FsException.class, () -> PrivateFiles.writeAtomically(blocked, new byte[] {1}));
        assertTrue(Files.isDirectory(folder.resolve("d/full")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(blocked), files.toList());
        }
    }

    @Test
    void aHeldLockIsInUseUntilItIsClosed() throws Exception {
        Path file = folder.resolve("lock");
        PrivateFiles.Lock lock = PrivateFiles.lockFile(file);
        assertEquals("rw-------", mode(file));
        for (int i = 0; i < 2; i++) {
            FsException thrown = assertThrows(FsException.class, () -> PrivateFiles.lockFile(file));
            assertEquals(Errno.EBUSY, thrown.errno());
        }
        assertEquals("in use", ChildJvm.run("lock", file.toString()), "being refused gives nothing back");
        lock.close();
        PrivateFiles.lockFile(file).close();
    }

    @Test
    void closingALockTwiceDoesNotFreeTheNextOwners() throws Exception {
        Path file = folder.resolve("lock");
        PrivateFiles.Lock first = PrivateFiles.lockFile(file);
        first.close();
        try (PrivateFiles.Lock second = PrivateFiles.lockFile(file)) {
            first.close();
            FsException thrown = assertThrows(FsException.class, () -> PrivateFiles.lockFile(file));
            assertEquals(Errno.EBUSY, thrown.errno(), "held by " + second);
        }
    }

    @Test
    void aLockOfAKilledProcessIsFree() throws Exception {
        Path file = folder.resolve("lock");
        Process holder = ChildJvm.start("hold", file.toString());
        try {
            assertEquals("held", holder.inputReader().readLine());
            assertThrows(FsException.class, () -> PrivateFiles.lockFile(file));
        } finally {
            holder.destroyForcibly();
        }
        assertTrue(holder.waitFor() != 0);
        PrivateFiles.lockFile(file).close();
        assertFalse(Files.readString(file).isBlank());
    }
}
