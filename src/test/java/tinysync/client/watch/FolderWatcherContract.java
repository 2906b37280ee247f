package tinysync.client.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Slot;
import tinysync.platform.Dir;
import tinysync.platform.Disk;
import tinysync.platform.SystemClock;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What every watcher does. */
abstract class FolderWatcherContract {
    private static final long SECONDS_MAX = 60;

    @TempDir Path temp;

    final LinkedBlockingQueue<WatchSignal> signals = new LinkedBlockingQueue<>();
    Path root;
    Dir dir;
    FolderWatcher watcher;

    abstract FolderWatcher make(Dir root, Path path, SystemClock clock);

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(temp.resolve("root"));
        Files.createDirectories(root.resolve(".tinysync"));
        Files.createDirectories(root.resolve("old/inner"));
        Files.writeString(root.resolve("old/file"), "x");
        dir = Disk.open(root);
        watcher = make(dir, root, new SystemClock());
        watcher.start(signals::add);
    }

    @AfterEach
    void close() {
        watcher.close();
        dir.close();
    }

    /** Waits until all these entries were told. */
    final void awaitChanged(String... paths) throws InterruptedException {
        Set<String> missing = new HashSet<>(Set.of(paths));
        while (!missing.isEmpty()) {
            WatchSignal signal = signals.poll(SECONDS_MAX, TimeUnit.SECONDS);
            assertTrue(signal != null, "never told: " + missing);
            if (signal instanceof WatchSignal.Changed(Set<Slot> entries)) {
                entries.forEach(entry -> missing.remove(entry.path()));
            }
        }
    }

    /** All that is told until this entry is. */
    final Set<String> changedUntil(String path) throws InterruptedException {
        Set<String> told = new HashSet<>();
        while (!told.contains(path)) {
            WatchSignal signal = signals.poll(SECONDS_MAX, TimeUnit.SECONDS);
            assertTrue(signal != null, "never told: " + path);
            if (signal instanceof WatchSignal.Changed(Set<Slot> entries)) {
                entries.forEach(entry -> told.add(entry.path()));
            }
        }
        return told;
    }

    final void awaitOverflow() throws InterruptedException {
        WatchSignal signal = signals.poll(SECONDS_MAX, TimeUnit.SECONDS);
        while (!(signal instanceof WatchSignal.Overflow)) {
            assertTrue(signal != null, "no overflow was told");
            signal = signals.poll(SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    @Test
    void filesThatAreMadeChangedRenamedAndRemovedAreTold() throws Exception {
        Files.writeString(root.resolve("old/ä.txt"), "1");
        awaitChanged("old/ä.txt");
        Files.writeString(root.resolve("old/file"), "2");
        awaitChanged("old/file");
        Files.move(root.resolve("old/file"), root.resolve("old/inner/moved"));
        awaitChanged("old/file", "old/inner/moved");
        Files.delete(root.resolve("old/inner/moved"));
        awaitChanged("old/inner/moved");
    }

    @Test
    void foldersThatAreMadeWithAllTheyHoldAtOnceAreTold() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.createDirectories(root.resolve("n" + i + "/b/c"));
            Files.writeString(root.resolve("n" + i + "/b/c/f"), "x");
            awaitChanged("n" + i, "n" + i + "/b", "n" + i + "/b/c", "n" + i + "/b/c/f");
        }
    }

    @Test
    void aChangeInARenamedFolderHasTheNewPath() throws Exception {
        Files.move(root.resolve("old"), root.resolve("new"));
        awaitChanged("old", "new");
        Files.writeString(root.resolve("new/inner/f"), "x");
        Set<String> told = changedUntil("new/inner/f");
        assertFalse(told.contains("old/inner/f"), told.toString());
    }

    @Test
    void aFolderThatIsMovedInIsWatched() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside/x/y"));
        Files.writeString(outside.resolve("f"), "x");
        Files.move(temp.resolve("outside"), root.resolve("in"));
        awaitChanged("in", "in/x", "in/x/y", "in/x/y/f");
        Files.writeString(root.resolve("in/x/y/g"), "x");
        awaitChanged("in/x/y/g");
    }

    @Test
    void aRemovedFolderIsToldAndOneOfItsNameIsWatchedAnew() throws Exception {
        Files.delete(root.resolve("old/inner"));
        awaitChanged("old/inner");
        Files.createDirectory(root.resolve("old/inner"));
        awaitChanged("old/inner");
        Files.writeString(root.resolve("old/inner/f"), "x");
        awaitChanged("old/inner/f");
    }

    @Test
    void whatIsBehindALinkOrIsOursIsNotTold() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("link"), elsewhere);
        awaitChanged("link");
        Files.writeString(elsewhere.resolve("f"), "x");
        Files.writeString(root.resolve(".tinysync/f"), "x");
        Files.createDirectory(root.resolve(".tinysync/sub"));
        Files.writeString(root.resolve("last"), "x");
        assertEquals(Set.of("last"), changedUntil("last"));
    }

    @Test
    void aFileThatIsWrittenForLongIsToldAgainAndAgain() throws Exception {
        try (OutputStream writer = Files.newOutputStream(root.resolve("log"))) {
            for (int told = 0; told < 3; told++) {
                writer.write('x');
                awaitChanged("log");
            }
        }
    }

    @Test
    void aRootThatIsReachedThroughALinkIsWatched() throws Exception {
        watcher.close();
        Path link = Files.createSymbolicLink(temp.resolve("link"), root);
        try (Dir linked = Disk.open(link);
                FolderWatcher second = make(linked, link, new SystemClock())) {
            second.start(signals::add);
            Files.writeString(link.resolve("old/inner/f"), "x");
            awaitChanged("old/inner/f");
        }
    }

    @Test
    void aFaultThatEndsTheWatchingIsToldAsAnOverflow() throws Exception {
        try (FolderWatcher second = make(dir, root, new SystemClock())) {
            second.start(
                    signal -> {
                        signals.add(signal);
                        if (signal instanceof WatchSignal.Changed) {
                            throw new IllegalStateException("a fault in whom it tells");
                        }
                    });
            Files.writeString(root.resolve("old/file"), "2");
            awaitOverflow();
        }
    }

    @Test
    void closingEndsItAndTwiceIsHarmless() throws Exception {
        watcher.close();
        watcher.close();
        signals.clear();
        Files.writeString(root.resolve("late"), "x");
        assertTrue(signals.isEmpty());
    }
}
