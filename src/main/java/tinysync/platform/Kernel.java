package tinysync.platform;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * System calls of Linux, by number through {@code syscall(2)}: one native function, the same with every C library, and
 * structures whose layout the kernel promises. Arguments are numbers and addresses of memory that a {@link Frame}
 * holds.
 *
 * <p>Results are the kernel's own: zero or more is success, less is a negated errno. An interrupted call is repeated.
 */
final class Kernel {
    private static final String PROCESSOR = System.getProperty("os.arch");
    private static final boolean IS_ARM = PROCESSOR.equals("aarch64");
    private static final boolean IS_X86 = PROCESSOR.equals("amd64") || PROCESSOR.equals("x86_64");

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_NO_AUTOMOUNT = 0x800;
    static final int AT_EMPTY_PATH = 0x1000;

    static final int W_OK = 2;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NOCTTY = 0400;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;
    static final int O_DIRECTORY = IS_ARM ? 040000 : 0200000;
    static final int O_NOFOLLOW = IS_ARM ? 0100000 : 0400000;

    private Kernel() {}

    /** The calls in use, with their numbers on x86-64 and on aarch64. */
    enum Call {
        READ(0, 63),
        WRITE(1, 64),
        CLOSE(3, 57),
        LSEEK(8, 62),
        RT_SIGPROCMASK(14, 135),
        IOCTL(16, 29),
        PREAD64(17, 67),
        EXECVE(59, 221),
        FCNTL(72, 25),
        FSYNC(74, 82),
        FTRUNCATE(77, 46),
        FCHMOD(91, 52),
        FSTATFS(138, 44),
        GETDENTS64(217, 61),
        INOTIFY_ADD_WATCH(254, 27),
        INOTIFY_RM_WATCH(255, 28),
        OPENAT(257, 56),
        MKDIRAT(258, 34),
        UNLINKAT(263, 35),
        LINKAT(265, 37),
        SYMLINKAT(266, 36),
        READLINKAT(267, 78),
        FCHMODAT(268, 53),
        FACCESSAT(269, 48),
        PPOLL(271, 73),
        UTIMENSAT(280, 88),
        EVENTFD2(290, 19),
        INOTIFY_INIT1(294, 26),
        NAME_TO_HANDLE_AT(303, 264),
        SYNCFS(306, 267),
        RENAMEAT2(316, 276),
        STATX(332, 291),
        OPENAT2(437, 437);

        private final long number;

        Call(int onX86, int onArm) {
            this.number = IS_ARM ? onArm : onX86;
        }
    }

    /** Whether the numbers above are those of this machine. */
    static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux") && (IS_X86 || IS_ARM);
    }

    static long call(Frame frame, Call call, long a) {
        return call(frame, call, a, 0, 0, 0, 0);
    }

    static long call(Frame frame, Call call, long a, long b) {
        return call(frame, call, a, b, 0, 0, 0);
    }

    static long call(Frame frame, Call call, long a, long b, long c) {
        return call(frame, call, a, b, c, 0, 0);
    }

    static long call(Frame frame, Call call, long a, long b, long c, long d) {
        return call(frame, call, a, b, c, d, 0);
    }

    static long call(Frame frame, Call call, long a, long b, long c, long d, long e) {
        while (true) {
            long result = Native.invoke(frame, call.number, a, b, c, d, e);
            if (result >= 0) {
                return result;
            }
            int errno = (int) Native.ERRNO.get(frame.state(), 0L);
            // The descriptor is gone even when close is interrupted: a second close could hit someone else's.
            if (errno != Errno.EINTR.number() || call == Call.CLOSE) {
                return -errno;
            }
        }
    }

    /** How a {@link Frame} keeps errno, which the virtual machine could otherwise overwrite. */
    static MemoryLayout stateLayout() {
        return Native.STATE;
    }

    /** Apart from the rest, so that other systems can load {@link Kernel} and ask it. */
    private static final class Native {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
        private static final MethodHandle SYSCALL = link();

        @SuppressWarnings("restricted") // the one place that needs --enable-native-access
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            MemoryLayout word = ValueLayout.JAVA_LONG;
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(word, word, word, word, word, word, word),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));
        }

        static long invoke(Frame frame, long number, long a, long b, long c, long d, long e) {
            try {
                return (long) SYSCALL.invokeExact(frame.state(), number, a, b, c, d, e);
            } catch (RuntimeException | Error thrown) {
                throw thrown;
            } catch (Throwable thrown) {
                throw new IllegalStateException("a native call throws nothing checked", thrown);
            }
        }
    }
}
