package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** The terminal behind a descriptor of this process. Known on Linux only. */
public final class Screen {
    /** TIOCGWINSZ of ioctl_tty(2), the same number on x86-64 and aarch64. */
    private static final long ASK_SIZE = 0x5413;

    private static final int STANDARD_ERROR = 2;
    private static final int COLUMNS_AT = 2;
    private static final int SIZE_BYTES = 8;

    private Screen() {}

    /**
     * How many columns the terminal on standard error has; 0 where it does not say, empty where there is no terminal,
     * or none that can be asked.
     */
    public static OptionalInt columns() {
        if (!Kernel.isSupported()) {
            return OptionalInt.empty();
        }
        try (Frame frame = new Frame()) {
            MemorySegment size = frame.allocate(SIZE_BYTES);
            boolean terminal = Kernel.call(frame, Kernel.Call.IOCTL, STANDARD_ERROR, ASK_SIZE, size.address()) == 0;
            return terminal
                    ? OptionalInt.of(Short.toUnsignedInt(size.get(JAVA_SHORT, COLUMNS_AT)))
                    : OptionalInt.empty();
        }
    }
}
