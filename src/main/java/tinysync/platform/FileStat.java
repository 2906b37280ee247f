package tinysync.platform;

import java.time.Instant;
import java.util.Objects;

/**
 * What the file system says about one file, taken at one moment and never through a symbolic link.
 *
 * @param kind what it is
 * @param size bytes; for a symbolic link the length of its target, for a folder without meaning
 * @param mtime last change of the content, in the precision of the file system
 * @param ctime last change of content or attributes; where the platform has none, equal to {@code mtime}
 * @param mode the 12 permission bits, 0 to 07777
 * @param device number of the file system; 0 where the platform has none
 * @param inode number within the device, which is reused after removal; 0 where the platform has none
 * @param links number of hard links; 1 where the platform has none
 * @param uid numeric owner; -1 where the platform has none
 */
public record FileStat(
        FileKind kind, long size, Instant mtime, Instant ctime, int mode, long device, long inode, int links, int uid) {
    /** The bits that {@link #mode} can hold: rwx for owner, group and other, setuid, setgid, sticky. */
    public static final int MODE_BITS = 07777;

    public FileStat {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(mtime);
        Objects.requireNonNull(ctime);
        if ((mode & ~MODE_BITS) != 0) {
            throw new IllegalArgumentException("mode has other than the 12 permission bits: " + mode);
        }
    }
}
