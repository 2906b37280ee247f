package tinysync.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The nine permission bits of files, on systems that have them. */
final class DiskModes {
    static final boolean SUPPORTED = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final int OWNER_READS = 0400;

    private DiskModes() {}

    static Optional<Integer> of(Path file) throws IOException {
        if (!SUPPORTED) {
            return Optional.empty();
        }
        int mode = 0;
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
            mode |= bit(permission);
        }
        return Optional.of(mode);
    }

    /**
     * Gives a file that was made just now the owner's bits of {@code mode}, and of the others' those that this user's
     * umask left them when it was made; who may read may also run what is a program.
     */
    static void widen(Path fresh, int mode) throws IOException {
        if (!SUPPORTED) {
            return;
        }
        Set<PosixFilePermission> left = Files.getPosixFilePermissions(fresh);
        Set<PosixFilePermission> wanted = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            boolean granted =
                    switch (permission) {
                        case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> true;
                        case GROUP_READ, GROUP_WRITE, OTHERS_READ, OTHERS_WRITE -> left.contains(permission);
                        case GROUP_EXECUTE -> left.contains(PosixFilePermission.GROUP_READ);
                        case OTHERS_EXECUTE -> left.contains(PosixFilePermission.OTHERS_READ);
                    };
            if (granted && (mode & bit(permission)) != 0) {
                wanted.add(permission);
            }
        }
        Files.setPosixFilePermissions(fresh, wanted);
    }

    /** The enum is in the order of the bits, the owner's read first. */
    private static int bit(PosixFilePermission permission) {
        return OWNER_READS >> permission.ordinal();
    }
}
