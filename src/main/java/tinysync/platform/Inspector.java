package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Asks for stat and identity of many entries with the same memory. One thread, one directory listing or less.
 *
 * <p>The layout of {@code struct statx} and {@code struct file_handle} is the same on every processor.
 */
final class Inspector implements AutoCloseable {
    private static final int STATX_BASIC_AND_BIRTH = 0xfff;
    private static final int STATX_BIRTH = 0x800;
    private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;
    private static final int STATX_BYTES = 256;
    private static final int HANDLE_HEAD_BYTES = 8;
    private static final int HANDLE_BYTES_MAX = 128;
    private static final int S_IFMT = 0170000;
    private static final HexFormat HEX = HexFormat.of();

    private final Volume volume;
    private final Frame frame = new Frame();
    private final MemorySegment statx = frame.allocate(STATX_BYTES);
    private final MemorySegment handle = frame.allocate(HANDLE_HEAD_BYTES + HANDLE_BYTES_MAX);
    private final MemorySegment mountId = frame.allocate(Integer.BYTES);
    private final byte[] handleCopy = new byte[HANDLE_BYTES_MAX];
    private boolean identifiedByHandle;

    Inspector(Volume volume) {
        this.volume = volume;
    }

    Frame frame() {
        return frame;
    }

    /**
     * Looks at an entry of a directory, not through a link; the other methods then tell what was seen.
     *
     * @param name address of a NUL-terminated name
     * @return 0, or a negated errno
     */
    long look(int directory, long name) {
        return look(directory, name, Kernel.AT_SYMLINK_NOFOLLOW);
    }

    /** Looks at what the descriptor is open on. */
    long lookAtSelf(int descriptor) {
        return look(descriptor, frame.text(new byte[0]), Kernel.AT_EMPTY_PATH);
    }

    private long look(int directory, long name, int flags) {
        long result =
                Kernel.call(
                        frame,
                        Kernel.Call.STATX,
                        directory,
                        name,
                        flags | Kernel.AT_NO_AUTOMOUNT,
                        STATX_BASIC_AND_BIRTH,
                        statx.address());
        return result < 0 ? result : takeHandle(directory, name, flags & Kernel.AT_EMPTY_PATH);
    }

    private long takeHandle(int directory, long name, int flags) {
        identifiedByHandle = false;
        if (!volume.handles()) {
            return 0;
        }
        handle.set(JAVA_INT, 0, HANDLE_BYTES_MAX);
        long result =
                Kernel.call(
                        frame,
                        Kernel.Call.NAME_TO_HANDLE_AT,
                        directory,
                        name,
                        handle.address(),
                        mountId.address(),
                        flags);
        if (result == -Errno.EOPNOTSUPP.number() || result == -Errno.EOVERFLOW.number()) {
            return 0;
        }
        identifiedByHandle = result == 0;
        return result;
    }

    /** Whether another file system begins here: a mount, also of a single file, or a subvolume. */
    boolean isBoundary(long parentDevice) {
        boolean mounted = (statx.get(JAVA_LONG, 8) & statx.get(JAVA_LONG, 56) & ATTRIBUTE_MOUNT_ROOT) != 0;
        // Only folders: layered file systems give their files the device of the layer beneath.
        return mounted || (kind() == FileKind.FOLDER && device() != parentDevice);
    }

    FileStat stat() {
        return new FileStat(
                kind(),
                statx.get(JAVA_LONG, 40),
                time(112),
                time(96),
                rawMode() & FileStat.MODE_BITS,
                device(),
                statx.get(JAVA_LONG, 32),
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_INT, 20));
    }

    FileIdentity identity() {
        String device = Long.toHexString(device());
        if (identifiedByHandle) {
            int length = handle.get(JAVA_INT, 0);
            MemorySegment.copy(handle, JAVA_BYTE, HANDLE_HEAD_BYTES, handleCopy, 0, length);
            String type = Integer.toHexString(handle.get(JAVA_INT, 4));
            return new FileIdentity(device + "-h:" + type + ":" + HEX.formatHex(handleCopy, 0, length));
        }
        return new FileIdentity(device + "-b:" + Long.toHexString(statx.get(JAVA_LONG, 32)) + ":" + birth());
    }

    /**
     * Without a birth time a file is told from the next owner of its inode by its mtime: an edit then looks like a new
     * file of that name, which costs a look at its bytes; a reused inode taken for the same file could cost the bytes.
     * A folder has nothing of that kind.
     */
    private String birth() {
        if ((statx.get(JAVA_INT, 0) & STATX_BIRTH) != 0) {
            return statx.get(JAVA_LONG, 80) + "." + statx.get(JAVA_INT, 88);
        }
        return kind() == FileKind.FOLDER ? "unborn" : "m" + statx.get(JAVA_LONG, 112) + "." + statx.get(JAVA_INT, 120);
    }

    FileKind kind() {
        return switch (rawMode() & S_IFMT) {
            case 0100000 -> FileKind.FILE;
            case 0040000 -> FileKind.FOLDER;
            case 0120000 -> FileKind.SYMLINK;
            default -> FileKind.SPECIAL;
        };
    }

    private int rawMode() {
        return Short.toUnsignedInt(statx.get(JAVA_SHORT, 28));
    }

    /** Packed as {@code makedev(3)} does, so that it equals what other programs print. */
    long device() {
        long major = Integer.toUnsignedLong(statx.get(JAVA_INT, 136));
        long minor = Integer.toUnsignedLong(statx.get(JAVA_INT, 140));
        return (major & 0xfffff000L) << 32 | (major & 0xfff) << 8 | (minor & 0xffffff00L) << 12 | minor & 0xff;
    }

    private Instant time(long offset) {
        return Instant.ofEpochSecond(statx.get(JAVA_LONG, offset), statx.get(JAVA_INT, offset + 8));
    }

    @Override
    public void close() {
        frame.close();
    }
}
