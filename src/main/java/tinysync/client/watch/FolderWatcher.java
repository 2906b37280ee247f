package tinysync.client.watch;

import tinysync.platform.Dir;
import tinysync.platform.Inotify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Watches one folder tree with one thread of its own. */
public interface FolderWatcher extends AutoCloseable {
    /**
     * Begins. When this returns, every folder that was there is watched, or the consumer was told of the limit; so what
     * is listed afterwards cannot change unnoticed. Call once.
     *
     * @param consumer called by the watcher's thread, and by the caller's during this call; it should be quick, and may
     *     block for a while, since the system queues events meanwhile
     * @throws IOException when nothing can be watched at all; then only rescans see changes
     */
    void start(Consumer<WatchSignal> consumer) throws IOException;

    /** Ends the thread and waits for it, unless it is the caller. A second call does nothing. */
    @Override
    void close();

    /**
     * The best watcher of this system.
     *
     * @param root the open root; it must stay open until the watcher is closed
     * @param path of the same folder
     * @param monotonicNanos a clock that never goes back
     */
    static FolderWatcher of(Dir root, Path path, LongSupplier monotonicNanos) {
        return Inotify.isSupported() ? new InotifyWatcher(root, monotonicNanos) : new JdkWatcher(path, monotonicNanos);
    }
}
