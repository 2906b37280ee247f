package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import tinysync.platform.DirEntry.Problem;
import tinysync.platform.DirEntry.Seen;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads one directory to its end. The names that the kernel writes into the buffer are handed back to it from there, so
 * that an entry costs two system calls and no copy of its name in native memory.
 */
final class Listing {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int LENGTH_AT = 16;
    private static final int NAME_AT = 19;

    private final Inspector inspector;
    private final int directory;
    private final String shown;
    private final MemorySegment buffer;
    private final byte[] copy = new byte[BUFFER_BYTES];
    private final ByteBuffer records = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
    private final List<DirEntry> entries = new ArrayList<>();

    Listing(Inspector inspector, int directory, String shown) {
        this.inspector = inspector;
        this.directory = directory;
        this.shown = shown;
        this.buffer = inspector.frame().allocate(BUFFER_BYTES);
    }

    List<DirEntry> read() throws FsException {
        check(Kernel.call(inspector.frame(), Kernel.Call.LSEEK, directory, 0, 0));
        check(inspector.lookAtSelf(directory));
        long device = inspector.device();
        while (true) {
            long got =
                    check(
                            Kernel.call(
                                    inspector.frame(),
                                    Kernel.Call.GETDENTS64,
                                    directory,
                                    buffer.address(),
                                    BUFFER_BYTES));
            if (got == 0) {
                return entries;
            }
            MemorySegment.copy(buffer, JAVA_BYTE, 0, copy, 0, (int) got);
            for (int at = 0; at < got; at += Short.toUnsignedInt(records.getShort(at + LENGTH_AT))) {
                add(at + NAME_AT, device);
            }
        }
    }

    private void add(int nameAt, long device) {
        byte[] name = Arrays.copyOfRange(copy, nameAt, nameEnd(nameAt));
        if (isSelfOrParent(name)) {
            return;
        }
        Optional<String> text = Names.decode(name);
        if (text.isEmpty()) {
            entries.add(new Problem(Names.shown(name), Problem.NAME_NOT_UTF8));
            return;
        }
        long result = inspector.look(directory, buffer.address() + nameAt);
        if (result == -Errno.ENOENT.number()) {
            return;
        }
        if (result < 0) {
            entries.add(new Problem(text.get(), reason((int) -result)));
        } else if (inspector.isBoundary(device)) {
            entries.add(new Problem(text.get(), Problem.MOUNT_POINT));
        } else {
            entries.add(new Seen(text.get(), inspector.stat(), inspector.identity()));
        }
    }

    private int nameEnd(int from) {
        int at = from;
        while (copy[at] != 0) {
            at++;
        }
        return at;
    }

    private static boolean isSelfOrParent(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    static String reason(int errno) {
        Errno known = Errno.of(errno);
        return switch (known) {
            case EACCES, EPERM -> Problem.PERMISSION_DENIED;
            case EIO -> Problem.IO_ERROR;
            case OTHER -> "errno_" + errno;
            default -> known.name().toLowerCase(Locale.ROOT);
        };
    }

    private long check(long result) throws FsException {
        if (result < 0) {
            throw FsException.numbered((int) -result, "list " + shown);
        }
        return result;
    }
}
