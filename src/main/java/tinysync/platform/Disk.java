package tinysync.platform;

import java.nio.file.Path;

/** Where directories come from. */
public final class Disk {
    private Disk() {}

    /**
     * Opens an existing folder as the root of what follows. Symbolic links in {@code root} itself are followed: a
     * person named it. The path may be longer than the system's limit for one call.
     *
     * @throws FsException when it is absent, not a folder, or may not be read
     */
    public static Dir open(Path root) throws FsException {
        return Kernel.isSupported() ? LinuxDir.openRoot(root) : PortableDir.openRoot(root);
    }
}
