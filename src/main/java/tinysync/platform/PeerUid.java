package tinysync.platform;

import jdk.net.ExtendedSocketOptions;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Who is at the other end of a Unix-domain socket, as the kernel says, and who we are. For Linux and macOS.
 * Thread-safe.
 *
 * <p>The JDK tells the peer's name only, so that the number is looked up where the JDK got the name from.
 */
public final class PeerUid {
    private PeerUid() {}

    /**
     * The numeric user of the process that connected, or that listens.
     *
     * @throws FsException when the channel is closed, is no Unix-domain socket, or the platform does not say
     */
    public static int of(SocketChannel connected) throws FsException {
        try {
            String name = connected.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            OptionalInt known = Accounts.uid(name);
            // A user without an account is called by the number.
            return known.isPresent() ? known.getAsInt() : Integer.parseUnsignedInt(name);
        } catch (IOException failed) {
            throw FsException.of(failed, "ask who is connected");
        } catch (UnsupportedOperationException | NumberFormatException unknown) {
            throw new FsException(Errno.EOPNOTSUPP, "ask who is connected (" + unknown.getMessage() + ")");
        }
    }

    /** The numeric user that this process acts as. */
    public static int own() {
        return Accounts.own();
    }

    private static final class Accounts {
        private static final long BUFFER_BYTES = 64 * 1024;
        private static final long PASSWD_BYTES_MAX = 256;

        /** Behind two pointers, on Linux as on macOS. */
        private static final long UID_AT = 16;

        private static final MethodHandle GETEUID = link("geteuid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        private static final MethodHandle GETPWNAM_R =
                link(
                        "getpwnam_r",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS));

        @SuppressWarnings("restricted") // needs --enable-native-access
        private static MethodHandle link(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }

        static int own() {
            try {
                return (int) GETEUID.invokeExact();
            } catch (Throwable thrown) {
                throw unexpected(thrown);
            }
        }

        static OptionalInt uid(String name) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment passwd = arena.allocate(PASSWD_BYTES_MAX, Long.BYTES);
                MemorySegment buffer = arena.allocate(BUFFER_BYTES);
                MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
                MemorySegment text = arena.allocateFrom(name, StandardCharsets.UTF_8);
                int failed = (int) GETPWNAM_R.invokeExact(text, passwd, buffer, BUFFER_BYTES, found);
                boolean absent = failed != 0 || found.get(ValueLayout.ADDRESS, 0).address() == 0;
                return absent ? OptionalInt.empty() : OptionalInt.of(passwd.get(ValueLayout.JAVA_INT, UID_AT));
            } catch (Throwable thrown) {
                throw unexpected(thrown);
            }
        }

        private static RuntimeException unexpected(Throwable thrown) {
            return switch (thrown) {
                case Error error -> throw error;
                case RuntimeException unchecked -> unchecked;
                default -> new IllegalStateException("a native call throws nothing checked", thrown);
            };
        }
    }
}
