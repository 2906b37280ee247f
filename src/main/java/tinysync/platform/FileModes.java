package tinysync.platform;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The nine permission bits of a file, as a number and as Java has them. */
public final class FileModes {
    private static final int HIGHEST = 0400;

    private FileModes() {}

    /** From 0 to 0777. */
    public static int bits(Set<PosixFilePermission> permissions) {
        return permissions.stream().mapToInt(FileModes::bit).sum();
    }

    /** The permissions whose bits are set; others than the nine do not count. */
    public static Set<PosixFilePermission> permissions(int mode) {
        return Arrays.stream(PosixFilePermission.values())
                .filter(permission -> (mode & bit(permission)) != 0)
                .collect(Collectors.toSet());
    }

    /** The enum is in the order of the bits, the owner's read first. */
    private static int bit(PosixFilePermission permission) {
        return HIGHEST >> permission.ordinal();
    }
}
