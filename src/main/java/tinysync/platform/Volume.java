package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What was found out about the file system of a root, once; everything below it shares this, since mounts are not
 * crossed.
 *
 * @param handles whether file handles identify files
 * @param beneath whether the kernel itself refuses to leave a directory ({@code openat2}, Linux 5.6 and later, unless a
 *     sandbox forbids it)
 */
record Volume(boolean handles, boolean beneath) {
    private static final long FUSE_MAGIC = 0x65735546L;

    static Volume of(Frame frame, int directory) {
        return new Volume(hasLastingHandles(frame, directory), Beneath.isOffered(frame, directory));
    }

    private static boolean hasLastingHandles(Frame frame, int directory) {
        MemorySegment statfs = frame.allocate(120);
        if (Kernel.call(frame, Kernel.Call.FSTATFS, directory, statfs.address()) < 0) {
            return false;
        }
        // Most FUSE programs number their files anew each time the kernel forgets one: such handles do not last.
        if (statfs.get(JAVA_LONG, 0) == FUSE_MAGIC) {
            return false;
        }
        MemorySegment handle = frame.allocate(8 + 128);
        handle.set(JAVA_INT, 0, 128);
        MemorySegment mountId = frame.allocate(Integer.BYTES);
        long empty = frame.text(new byte[0]);
        return Kernel.call(
                        frame,
                        Kernel.Call.NAME_TO_HANDLE_AT,
                        directory,
                        empty,
                        handle.address(),
                        mountId.address(),
                        Kernel.AT_EMPTY_PATH)
                == 0;
    }
}
