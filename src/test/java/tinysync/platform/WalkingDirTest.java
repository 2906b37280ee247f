package tinysync.platform;

import java.nio.file.Path;

/** The same on Linux without {@code openat2} and without file handles: old kernels, strict sandboxes. */
class WalkingDirTest extends DirContract {
    @Override
    Dir open(Path path) throws FsException {
        try (LinuxDir opened = LinuxDir.openRoot(path)) {
            return opened.as(new Volume(false, false));
        }
    }
}
