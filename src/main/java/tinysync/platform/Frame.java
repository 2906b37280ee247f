package tinysync.platform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory for a few system calls of one thread: their arguments, their results and errno. Freed by closing it.
 */
final class Frame implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Kernel.stateLayout());

    MemorySegment state() {
        return state;
    }

    /** Zeroed, and aligned for any structure of the kernel. */
    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    /** The address of a copy with a NUL behind it, as the kernel takes its texts. */
    long text(byte[] utf8) {
        MemorySegment copy = arena.allocate(utf8.length + 1L);
        MemorySegment.copy(utf8, 0, copy, ValueLayout.JAVA_BYTE, 0, utf8.length);
        return copy.address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
