package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.platform.RawEvent.Flag;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

class InotifyTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path folder;

    private final List<RawEvent> seen = new ArrayList<>();
    private Inotify inotify;

    @BeforeEach
    void open() throws FsException {
        inotify = Inotify.open();
    }

    @AfterEach
    void close() {
        inotify.close();
    }

    /** Reads until such an event is among all that were seen. */
    private RawEvent await(Predicate<RawEvent> wanted) throws FsException {
        while (true) {
            for (RawEvent event : seen) {
                if (wanted.test(event)) {
                    return event;
                }
            }
            List<RawEvent> more = inotify.read(LONG);
            assertTrue(!more.isEmpty(), "nothing came; so far " + seen);
            seen.addAll(more);
        }
    }

    @Test
    void creationAndCloseOfAFileAreTold() throws Exception {
        int watch = inotify.add(folder);
        Files.writeString(folder.resolve("ä.txt"), "x");
        RawEvent closed = await(event -> event.is(Flag.CLOSE_WRITE));
        assertEquals("ä.txt", closed.name());
        assertEquals(watch, closed.watch());
        assertEquals(0, closed.cookie());
        assertTrue(seen.stream().anyMatch(event -> event.is(Flag.CREATE)));
    }

    @Test
    void theTwoHalvesOfAMoveShareACookie() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        int from = inotify.add(a);
        int to;
        try (Dir opened = Disk.open(b)) {
            to = inotify.add(opened);
        }
        Files.createDirectory(a.resolve("x"));
        Files.move(a.resolve("x"), b.resolve("y"));
        RawEvent left = await(event -> event.is(Flag.MOVED_FROM));
        RawEvent came = await(event -> event.is(Flag.MOVED_TO));
        assertEquals(from, left.watch());
        assertEquals(to, came.watch());
        assertEquals("x", left.name());
        assertEquals("y", came.name());
        assertTrue(came.is(Flag.IS_FOLDER));
        assertNotEquals(0, left.cookie());
        assertEquals(left.cookie(), came.cookie());
    }

    @Test
    void anOpenFolderIsWatchedUnderAnyName() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        try (Dir opened = Disk.open(a)) {
            Files.move(a, folder.resolve("b"));
            inotify.add(opened);
        }
        Files.createFile(folder.resolve("b/x"));
        assertEquals("x", await(event -> event.is(Flag.CREATE)).name());
    }

    @Test
    void aRemovedWatchTellsNothingMore() throws Exception {
        int watch = inotify.add(folder);
        inotify.remove(watch);
        inotify.remove(watch);
        await(event -> event.is(Flag.IGNORED) && event.watch() == watch);
        Files.createFile(folder.resolve("x"));
        assertEquals(List.of(), inotify.read(Duration.ZERO));
    }

    @Test
    void aDeletedFolderSaysSoItself() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        inotify.add(a);
        Files.delete(a);
        assertEquals("", await(event -> event.is(Flag.DELETE_SELF)).name());
    }

    @Test
    void malformedNamesAreMarked() throws Exception {
        inotify.add(folder);
        LinuxDirTest.shell(folder, "touch \"$(printf 'caf\\351')\"");
        RawEvent created = await(event -> event.is(Flag.CREATE));
        assertEquals("caf\\xe9", created.name());
        assertTrue(created.is(Flag.NAME_NOT_UTF8));
    }

    @Test
    void linksAndFilesAreNotWatched() throws Exception {
        Files.createFile(folder.resolve("f"));
        Files.createSymbolicLink(folder.resolve("l"), folder);
        assertEquals(Errno.ENOTDIR, assertThrows(FsException.class, () -> inotify.add(folder.resolve("f"))).errno());
        assertThrows(FsException.class, () -> inotify.add(folder.resolve("l")));
    }

    @Test
    void closeWakesAReader() throws Exception {
        CompletableFuture<List<RawEvent>> reader = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        reader.complete(inotify.read(Duration.ofDays(1)));
                                    } catch (FsException failed) {
                                        reader.completeExceptionally(failed);
                                    }
                                });
        while (!isPolling(thread)) {
            Thread.onSpinWait();
        }
        inotify.close();
        assertEquals(List.of(), reader.join());
        thread.join();
        inotify.close();
        assertEquals(Errno.EBADF, assertThrows(FsException.class, () -> inotify.read(LONG)).errno());
    }

    private static boolean isPolling(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("await")) {
                return true;
            }
        }
        return false;
    }
}
