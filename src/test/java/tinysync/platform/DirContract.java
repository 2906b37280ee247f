package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/** What every {@link Dir} promises, whatever stands behind it. */
abstract class DirContract {
    @TempDir Path folder;

    Dir root;

    abstract Dir open(Path path) throws FsException;

    @BeforeEach
    void openRoot() throws FsException {
        root = open(folder);
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    static void refused(Errno expected, Executable operation) {
        assertEquals(expected, assertThrows(FsException.class, operation).errno());
    }

    void put(String name, String content) throws FsException {
        try (OpenFile file = root.createNew(name, 0644)) {
            file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        }
    }

    String content(String name) throws Exception {
        try (OpenFile file = root.openRead(name)) {
            return new String(file.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    FileIdentity identity(String name) throws FsException {
        return root.find(name).orElseThrow().identity();
    }

    Set<String> names() throws FsException {
        return root.list().stream()
                .map(
                        entry ->
                                switch (entry) {
                                    case DirEntry.Seen seen -> seen.name();
                                    case DirEntry.Problem problem -> "!" + problem.shownName() + " " + problem.reason();
                                })
                .collect(Collectors.toSet());
    }

    @Test
    void listTellsEveryEntryOfAnyKind() throws Exception {
        put("ä 文.txt", "hello");
        root.mkdir("d", 0755);
        root.symlink("nowhere/ö", "l");
        assertEquals(Set.of("ä 文.txt", "d", "l"), names());
        assertEquals(names(), names(), "a second listing starts anew");
        FileStat file = root.find("ä 文.txt").orElseThrow().stat();
        assertEquals(FileKind.FILE, file.kind());
        assertEquals(5, file.size());
        assertEquals(FileKind.FOLDER, root.find("d").orElseThrow().stat().kind());
        assertEquals(FileKind.SYMLINK, root.find("l").orElseThrow().stat().kind());
        assertEquals("nowhere/ö", root.readlink("l"));
    }

    @Test
    void listAgreesWithFind() throws Exception {
        for (int i = 0; i < 2000; i++) {
            Files.createFile(folder.resolve("a rather long name of a file, number " + i));
        }
        Set<DirEntry> found = root.list().stream().collect(Collectors.toSet());
        assertEquals(2000, found.size());
        for (DirEntry entry : found) {
            assertEquals(entry, root.find(((DirEntry.Seen) entry).name()).orElseThrow());
        }
    }

    @Test
    void anAbsentNameIsEmptyAndNotAnError() throws Exception {
        assertTrue(root.find("nothing").isEmpty());
        refused(Errno.ENOENT, () -> root.openRead("nothing"));
        refused(Errno.ENOENT, () -> root.openDir("nothing"));
        refused(Errno.ENOENT, () -> root.unlink("nothing"));
    }

    @Test
    void whatIsNoSingleNameIsRefused() {
        for (String name : new String[] {"", ".", "..", "a/b", "/", "/etc", "a\0b", "half \uD800 pair"}) {
            refused(Errno.EINVAL, () -> root.find(name));
            refused(Errno.EINVAL, () -> root.openRead(name));
            refused(Errno.EINVAL, () -> root.mkdir(name, 0755));
            refused(Errno.EINVAL, () -> root.unlink(name));
        }
        for (String path : new String[] {"/", "a/", "/a", "a//b", "a/../b", "..", "./a", "a/."}) {
            refused(Errno.EINVAL, () -> root.resolve(path));
        }
    }

    @Test
    void contentIsWrittenAndReadAtAnyPosition() throws Exception {
        try (OpenFile file = root.createNew("f", 0644)) {
            file.write(ByteBuffer.wrap("hello world".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer direct = ByteBuffer.allocateDirect(5);
            assertEquals(5, file.read(direct, 6));
            assertEquals("world", StandardCharsets.UTF_8.decode(direct.flip()).toString());
            assertEquals(-1, file.read(ByteBuffer.allocate(4)), "the current position is still the end");
            file.truncate(5);
            assertEquals(5, file.stat().size());
            file.fsync();
        }
        root.fsync();
        root.syncFilesystem();
        assertEquals("hello", content("f"));
        refused(Errno.EEXIST, () -> root.createNew("f", 0644));
    }

    @Test
    void largeContentPassesThroughEveryKindOfBuffer() throws Exception {
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        try (OpenFile file = root.createNew("heap", 0644);
                OpenFile other = root.createNew("direct", 0644)) {
            file.write(ByteBuffer.wrap(bytes));
            other.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        }
        assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(Files.readAllBytes(folder.resolve("heap"))));
        assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(Files.readAllBytes(folder.resolve("direct"))));
        try (OpenFile file = root.openRead("heap")) {
            assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(file.inputStream().readAllBytes()));
            assertEquals(-1, file.inputStream().read());
        }
    }

    @Test
    void renameReplacesOrRefusesAsAsked() throws Exception {
        put("a", "A");
        put("b", "B");
        refused(Errno.EEXIST, () -> root.rename("a", root, "b", RenameMode.NO_REPLACE));
        assertEquals("B", content("b"));
        root.rename("a", root, "c", RenameMode.NO_REPLACE);
        assertEquals(Set.of("b", "c"), names());
        root.rename("c", root, "b", RenameMode.REPLACE);
        assertEquals("A", content("b"));
        assertEquals(Set.of("b"), names());
    }

    @Test
    void renameMovesBetweenFolders() throws Exception {
        put("a", "A");
        root.mkdir("d", 0755);
        try (Dir inner = root.openDir("d")) {
            root.rename("a", inner, "b", RenameMode.NO_REPLACE);
            assertTrue(inner.find("b").isPresent());
            inner.rename("b", root, "back", RenameMode.REPLACE);
        }
        assertEquals("A", content("back"));
    }

    @Test
    void aLinkIsASecondNameOfTheSameFile() throws Exception {
        put("a", "A");
        root.link("a", root, "b");
        assertEquals(identity("a"), identity("b"));
        assertEquals(2, root.find("a").orElseThrow().stat().links());
        refused(Errno.EEXIST, () -> root.link("a", root, "b"));
    }

    @Test
    void removalIsByKindAndOnlyWhenEmpty() throws Exception {
        root.mkdir("d", 0755);
        refused(Errno.EISDIR, () -> root.unlink("d"));
        Files.createFile(folder.resolve("d/x"));
        refused(Errno.ENOTEMPTY, () -> root.rmdir("d"));
        Files.delete(folder.resolve("d/x"));
        root.rmdir("d");
        put("f", "");
        refused(Errno.ENOTDIR, () -> root.rmdir("f"));
        root.unlink("f");
        assertEquals(Set.of(), names());
    }

    @Test
    void modesAndTimesAreSetExactly() throws Exception {
        put("f", "x");
        root.mkdir("d", 0700);
        root.chmod("f", 0604);
        assertEquals(0604, root.find("f").orElseThrow().stat().mode());
        root.chmod("d", 0711);
        assertEquals(0711, root.find("d").orElseThrow().stat().mode());
        Instant time = Instant.parse("2001-02-03T04:05:06.123456Z");
        root.setMtime("f", time);
        assertEquals(time, root.find("f").orElseThrow().stat().mtime());
        try (OpenFile file = root.openRead("f")) {
            file.chmod(0640);
            file.setMtime(time);
            assertEquals(0640, file.stat().mode());
            assertEquals(time, file.stat().mtime());
        }
    }

    @Test
    void aNewFileHasNoMoreThanTheModeAskedFor() throws Exception {
        for (int mode : new int[] {0600, 0400, 0500}) {
            root.createNew("f" + mode, mode).close();
            root.mkdir("d" + mode, mode);
            assertEquals(mode, root.find("f" + mode).orElseThrow().stat().mode());
            assertEquals(mode, root.find("d" + mode).orElseThrow().stat().mode());
        }
    }

    @Test
    void aFolderOfOurOwnIsWritableAndAClosedOneIsNotAsked() throws Exception {
        assertTrue(root.isWritable());
        Dir again = open(folder);
        again.close();
        refused(Errno.EBADF, again::isWritable);
    }

    @Test
    void symbolicLinksAreNeverFollowed(@TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("secret"), "secret");
        int mode = Files.getPosixFilePermissions(outside.resolve("secret")).size();
        Files.createSymbolicLink(folder.resolve("away"), outside);
        Files.createSymbolicLink(folder.resolve("file"), outside.resolve("secret"));
        Files.createDirectory(folder.resolve("d"));
        Files.createSymbolicLink(folder.resolve("d/up"), outside);
        for (String path : new String[] {"away", "d/up", "away/x"}) {
            Errno errno = assertThrows(FsException.class, () -> root.resolve(path)).errno();
            assertTrue(Set.of(Errno.ELOOP, Errno.ENOTDIR).contains(errno), path + " " + errno);
        }
        assertThrows(FsException.class, () -> root.openDir("away"));
        refused(Errno.ELOOP, () -> root.openRead("file"));
        refused(Errno.ELOOP, () -> root.chmod("file", 0));
        assertEquals(mode, Files.getPosixFilePermissions(outside.resolve("secret")).size());
        root.unlink("file");
        assertTrue(Files.exists(outside.resolve("secret")));
    }

    @Test
    void theTimeOfASymbolicLinkIsItsOwn() throws Exception {
        put("f", "x");
        root.symlink("f", "l");
        Instant before = root.find("f").orElseThrow().stat().mtime();
        root.setMtime("l", Instant.EPOCH);
        assertEquals(Instant.EPOCH, root.find("l").orElseThrow().stat().mtime());
        assertEquals(before, root.find("f").orElseThrow().stat().mtime());
    }

    @Test
    void resolveWalksDownAndTheEmptyPathIsTheFolderItself() throws Exception {
        Files.createDirectories(folder.resolve("a/b/c"));
        try (Dir c = root.resolve("a/b/c");
                Dir self = root.resolve("")) {
            assertEquals(root.identity(), self.identity());
            assertNotEquals(root.identity(), c.identity());
            assertEquals(FileKind.FOLDER, c.stat().kind());
        }
        refused(Errno.ENOENT, () -> root.resolve("a/x/c"));
    }

    @Test
    void openReadTakesNothingButRegularFiles() throws Exception {
        root.mkdir("d", 0755);
        refused(Errno.EINVAL, () -> root.openRead("d"));
        Process made = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
        assertEquals(0, made.waitFor());
        refused(Errno.EINVAL, () -> root.openRead("pipe"));
        assertEquals(FileKind.SPECIAL, root.find("pipe").orElseThrow().stat().kind());
    }

    @Test
    void identitySurvivesRenameAndEditAndTellsRecreatedFilesApart() throws Exception {
        put("a", "A");
        FileIdentity first = identity("a");
        root.rename("a", root, "b", RenameMode.REPLACE);
        Files.writeString(folder.resolve("b"), "other");
        assertEquals(first, identity("b"));
        try (OpenFile file = root.openRead("b")) {
            assertEquals(first, file.identity());
        }
        for (int i = 0; i < 20; i++) {
            root.unlink("b");
            put("b", "A");
            assertNotEquals(first, identity("b"));
        }
    }

    @Test
    void aClosedFolderOrFileIsUsedNoMore() throws Exception {
        OpenFile file = root.createNew("f", 0644);
        file.close();
        file.close();
        refused(Errno.EBADF, () -> file.read(ByteBuffer.allocate(1)));
        Dir again = open(folder);
        again.close();
        again.close();
        refused(Errno.EBADF, again::list);
    }

    @Test
    void errorsSayWhatHappenedToWhat() throws Exception {
        FsException thrown = assertThrows(FsException.class, () -> root.unlink("nothing"));
        assertTrue(thrown.getMessage().contains("nothing"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("does not exist (ENOENT)"), thrown.getMessage());
    }

    @Test
    void capabilitiesLeaveNothingBehind() throws Exception {
        root.capabilities();
        assertEquals(Set.of(), names());
        assertFalse(Files.exists(folder.resolve("probe")));
    }

    @Test
    void aRootThatIsAbsentOrAFileIsRefused() throws Exception {
        refused(Errno.ENOENT, () -> open(folder.resolve("absent")));
        put("f", "");
        refused(Errno.ENOTDIR, () -> open(folder.resolve("f")));
    }
}
