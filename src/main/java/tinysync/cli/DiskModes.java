package tinysync.cli;

import tinysync.platform.FileModes;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The nine permission bits of files, on systems that have them. */
final class DiskModes {
    static final boolean SUPPORTED = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private DiskModes() {}

    static Optional<Integer> of(Path file) throws IOException {
        if (!SUPPORTED) {
            return Optional.empty();
        }
        return Optional.of(FileModes.bits(Files.getPosixFilePermissions(file)));
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
        Set<PosixFilePermission> wanted =
                FileModes.permissions(mode).stream()
                        .filter(permission -> isGranted(permission, left))
                        .collect(Collectors.toSet());
        Files.setPosixFilePermissions(fresh, wanted);
    }

    private static boolean isGranted(PosixFilePermission permission, Set<PosixFilePermission> left) {
        return switch (permission) {
            case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> true;
            case GROUP_READ, GROUP_WRITE, OTHERS_READ, OTHERS_WRITE -> left.contains(permission);
            case GROUP_EXECUTE -> left.contains(PosixFilePermission.GROUP_READ);
            case OTHERS_EXECUTE -> left.contains(PosixFilePermission.OTHERS_READ);
        };
    }
}
