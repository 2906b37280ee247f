package tinysync.client.watch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import tinysync.platform.Dir;
import tinysync.platform.RenameMode;
import tinysync.platform.SystemClock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

class InotifyWatcherTest extends FolderWatcherContract {
    @Override
    FolderWatcher make(Dir root, Path path, SystemClock clock) {
        return new InotifyWatcher(root, clock::monotonicNanos);
    }

    @Test
    void foldersThatChangePlacesKeepTheirOwnChanges() throws Exception {
        Files.createDirectories(root.resolve("a/in-a"));
        Files.createDirectories(root.resolve("b/in-b"));
        awaitChanged("a/in-a", "b/in-b");
        dir.rename("a", dir, "b", RenameMode.EXCHANGE);
        awaitChanged("a", "b");
        Files.writeString(root.resolve("a/in-b/f"), "x");
        Files.writeString(root.resolve("b/in-a/g"), "x");
        awaitChanged("a/in-b/f", "b/in-a/g");
    }

    @Test
    void aFolderThatLeftTheTreeIsNoLongerWatched() throws Exception {
        Files.move(root.resolve("old"), temp.resolve("gone"));
        awaitChanged("old");
        Files.writeString(temp.resolve("gone/inner/f"), "x");
        Files.writeString(root.resolve("last"), "x");
        assertEquals(Set.of("last"), changedUntil("last"));
    }

    @Test
    void aFolderIsFollowedThroughManyMoves() throws Exception {
        Path at = root.resolve("old/inner");
        for (int i = 0; i < 50; i++) {
            Path to = root.resolve((i % 2 == 0 ? "" : "old/") + "m" + i);
            Files.move(at, to);
            at = to;
        }
        Files.move(root.resolve("old"), root.resolve("renamed"));
        Files.writeString(root.resolve("renamed/m49/f"), "x");
        awaitChanged("renamed/m49/f");
    }

    /** A watcher that is held up by whom it tells, from its first signal on until this is opened. */
    private CountDownLatch heldUp(LongSupplier nanos) throws Exception {
        watcher.close();
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        watcher = new InotifyWatcher(dir, nanos);
        watcher.start(
                signal -> {
                    entered.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                    signals.add(signal);
                });
        Files.writeString(root.resolve("first"), "x");
        entered.await();
        return released;
    }

    private void loseEvents() throws Exception {
        // Such a file gives all it has in the first read, so that one must ask for more than a byte.
        long queue = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events")).getFirst());
        for (long events = 0; events <= queue; events += 2) {
            Files.createSymbolicLink(root.resolve("l"), Path.of("x"));
            Files.delete(root.resolve("l"));
        }
    }

    @Test
    void eventsThatWereLostAreToldAsOverflowAndNewFoldersAreWatchedAfterwards() throws Exception {
        CountDownLatch released = heldUp(new SystemClock()::monotonicNanos);
        loseEvents();
        Files.createDirectories(root.resolve("unseen/inner"));
        released.countDown();
        awaitOverflow();
        Files.writeString(root.resolve("unseen/inner/f"), "x");
        awaitChanged("unseen/inner/f");
    }

    @Test
    void aChangeRightBeforeItsFolderIsRenamedHasTheNewPath() throws Exception {
        CountDownLatch released = heldUp(new SystemClock()::monotonicNanos);
        Files.writeString(root.resolve("old/inner/f"), "x");
        Files.move(root.resolve("old"), root.resolve("new"));
        released.countDown();
        Set<String> told = changedUntil("new/inner/f");
        assertFalse(told.contains("old/inner/f"), told.toString());
    }

    @Test
    void aFolderThatIsMadeRightBeforeTheOneAboveIsRenamedIsWatched() throws Exception {
        CountDownLatch released = heldUp(new SystemClock()::monotonicNanos);
        Files.createDirectories(root.resolve("old/inner/fresh/deep"));
        Files.move(root.resolve("old"), root.resolve("new"));
        released.countDown();
        awaitChanged("new/inner/fresh/deep");
        Files.writeString(root.resolve("new/inner/fresh/deep/f"), "x");
        awaitChanged("new/inner/fresh/deep/f");
    }

    @Test
    void aFolderThatIsRenamedWhileItIsWalkedIsWatchedWhole() throws Exception {
        renamedWhileWalked(() -> Files.move(root.resolve("in"), root.resolve("renamed")));
    }

    @Test
    void aFolderThatIsReplacedWhileItIsWalkedIsWatchedWhole() throws Exception {
        renamedWhileWalked(
                () -> {
                    Files.move(root.resolve("in"), root.resolve("renamed"));
                    Files.createDirectories(root.resolve("in/sub/other"));
                });
        Files.writeString(root.resolve("in/sub/other/f"), "x");
        awaitChanged("in/sub/other/f");
    }

    private void renamedWhileWalked(Executable rename) throws Exception {
        watcher.close();
        AtomicBoolean renamed = new AtomicBoolean();
        watcher = make(dir, root, new SystemClock());
        watcher.start(
                signal -> {
                    // More entries than one signal holds: the first comes in the middle of the walk.
                    if (renamed.compareAndSet(false, true)) {
                        assertDoesNotThrow(rename);
                    }
                    signals.add(signal);
                });
        Path outside = Files.createDirectories(temp.resolve("outside/sub/deep")).getParent().getParent();
        for (int i = 0; i < 5_000; i++) {
            Files.createFile(outside.resolve("f" + i));
        }
        Files.move(outside, root.resolve("in"));
        awaitChanged("renamed/sub/deep");
        Files.writeString(root.resolve("renamed/sub/deep/f"), "x");
        awaitChanged("renamed/sub/deep/f");
    }

    @Test
    void aFolderWhoseReturnWasLostIsStillWatched() throws Exception {
        AtomicLong nanos = new AtomicLong();
        CountDownLatch released = heldUp(nanos::get);
        Files.move(root.resolve("old"), temp.resolve("away"));
        loseEvents();
        Files.move(temp.resolve("away"), root.resolve("back"));
        released.countDown();
        awaitOverflow();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        Files.writeString(root.resolve("later"), "x");
        awaitChanged("later");
        Files.writeString(root.resolve("back/inner/f"), "x");
        awaitChanged("back/inner/f");
    }

    @Test
    void theMoveOfTheRootItselfIsAnOverflow() throws Exception {
        Files.move(root, temp.resolve("elsewhere"));
        awaitOverflow();
    }

    @Test
    void aNewFileIsToldOnceWhenItIsWhole() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.writeString(root.resolve("f" + i), "x");
        }
        Files.writeString(root.resolve("last"), "x");
        long times = 0;
        Set<String> told = Set.of();
        while (!told.contains("last")) {
            told = next();
            times += told.stream().filter("f0"::equals).count();
        }
        assertEquals(1, times);
        assertTrue(signals.isEmpty());
    }

    private Set<String> next() throws InterruptedException {
        return switch (signals.take()) {
            case WatchSignal.Changed(var entries) -> Set.copyOf(entries.stream().map(entry -> entry.path()).toList());
            case WatchSignal.Overflow _, WatchSignal.LimitReached _ -> Set.of();
        };
    }

    @Test
    void aPipeIsToldAlthoughItIsNeverClosed() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor());
        awaitChanged("pipe");
        assertFalse(Files.isRegularFile(root.resolve("pipe")));
    }
}
