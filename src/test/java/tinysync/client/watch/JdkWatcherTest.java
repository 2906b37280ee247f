package tinysync.client.watch;

import tinysync.platform.Dir;
import tinysync.platform.SystemClock;

import java.nio.file.Path;

class JdkWatcherTest extends FolderWatcherContract {
    @Override
    FolderWatcher make(Dir root, Path path, SystemClock clock) {
        return new JdkWatcher(path, clock::monotonicNanos);
    }
}
