package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Opens what is below a directory and nothing else: no symbolic link on the way or at the end, no mount point. Paths
 * are walked in pieces, because one call takes at most 4,095 bytes.
 */
final class Beneath {
    private static final int RESOLVE_NO_XDEV = 0x1;
    private static final int RESOLVE_NO_SYMLINKS = 0x4;
    private static final int RESOLVE_BENEATH = 0x8;
    private static final int OPEN_HOW_BYTES = 24;
    private static final int PIECE_BYTES_MAX = 4000;
    private static final int FOLDER = Kernel.O_PATH | Kernel.O_DIRECTORY | Kernel.O_CLOEXEC | Kernel.O_NOFOLLOW;

    /** One call of the kernel on a piece of a path: a descriptor, or a negated errno. */
    private interface Step {
        long open(int directory, byte[] piece, int flags);
    }

    private Beneath() {}

    static boolean isOffered(Frame frame, int directory) {
        long opened = kernelOpen(frame, directory, new byte[] {'.'}, FOLDER);
        close(frame, opened);
        return opened >= 0;
    }

    /**
     * @param path components joined by slashes, already checked to hold no {@code .} or {@code ..}; not empty
     * @return a descriptor, or a negated errno
     */
    static long open(Frame frame, Volume volume, int directory, byte[] path, int flags) {
        Step step =
                volume.beneath()
                        ? (from, piece, how) -> kernelOpen(frame, from, piece, how)
                        : (from, piece, how) -> walk(frame, volume, from, piece, how);
        return inPieces(frame, step, directory, path, flags | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC);
    }

    /** Opens any path, through symbolic links and mounts: for roots, which people name. */
    static long openAnywhere(Frame frame, byte[] path, int flags) {
        Step step =
                (from, piece, how) ->
                        Kernel.call(frame, Kernel.Call.OPENAT, from, frame.text(piece), how & ~Kernel.O_NOFOLLOW);
        return inPieces(frame, step, Kernel.AT_FDCWD, path, flags | Kernel.O_CLOEXEC);
    }

    private static long inPieces(Frame frame, Step step, int directory, byte[] path, int flags) {
        int from = directory;
        int start = 0;
        while (path.length - start > PIECE_BYTES_MAX) {
            int cut = lastSlash(path, start + PIECE_BYTES_MAX);
            if (cut <= start) {
                closeUnless(frame, from, directory);
                return -Errno.ENAMETOOLONG.number();
            }
            long next = step.open(from, Arrays.copyOfRange(path, start, cut), FOLDER);
            closeUnless(frame, from, directory);
            if (next < 0) {
                return next;
            }
            from = (int) next;
            start = cut + 1;
        }
        long opened = step.open(from, Arrays.copyOfRange(path, start, path.length), flags);
        closeUnless(frame, from, directory);
        return opened;
    }

    private static long kernelOpen(Frame frame, int directory, byte[] piece, int flags) {
        MemorySegment how = frame.allocate(OPEN_HOW_BYTES);
        how.set(JAVA_LONG, 0, flags);
        how.set(JAVA_LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
        return Kernel.call(frame, Kernel.Call.OPENAT2, directory, frame.text(piece), how.address(), OPEN_HOW_BYTES);
    }

    /** What the kernel does by itself where it can: one component after the other, each looked at. */
    private static long walk(Frame frame, Volume volume, int directory, byte[] piece, int flags) {
        int from = directory;
        int start = 0;
        while (true) {
            int slash = nextSlash(piece, start);
            boolean last = slash == piece.length;
            long next =
                    Kernel.call(
                            frame,
                            Kernel.Call.OPENAT,
                            from,
                            frame.text(Arrays.copyOfRange(piece, start, slash)),
                            last ? flags : FOLDER);
            next = next < 0 ? next : refuseBoundary(frame, volume, from, next);
            closeUnless(frame, from, directory);
            if (last || next < 0) {
                return next;
            }
            from = (int) next;
            start = slash + 1;
        }
    }

    private static long refuseBoundary(Frame frame, Volume volume, int parent, long opened) {
        try (Inspector inspector = new Inspector(volume)) {
            long seen = inspector.lookAtSelf(parent);
            long parentDevice = inspector.device();
            seen = seen < 0 ? seen : inspector.lookAtSelf((int) opened);
            if (seen == 0 && !inspector.isBoundary(parentDevice)) {
                return opened;
            }
            close(frame, opened);
            return seen < 0 ? seen : -Errno.EXDEV.number();
        }
    }

    private static int lastSlash(byte[] path, int before) {
        int at = before;
        while (at >= 0 && path[at] != '/') {
            at--;
        }
        return at;
    }

    private static int nextSlash(byte[] path, int from) {
        int at = from;
        while (at < path.length && path[at] != '/') {
            at++;
        }
        return at;
    }

    private static void closeUnless(Frame frame, int descriptor, int kept) {
        if (descriptor != kept) {
            close(frame, descriptor);
        }
    }

    private static void close(Frame frame, long descriptor) {
        if (descriptor >= 0) {
            Kernel.call(frame, Kernel.Call.CLOSE, descriptor);
        }
    }
}
