package tinysync.platform;

import tinysync.platform.Kernel.Call;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Instant;

/** A file descriptor of Linux that is open on a file, or only marks its place ({@code O_PATH}). */
final class LinuxFile implements OpenFile {
    private static final int COPY_BYTES_MAX = 64 * 1024;
    private static final int DIRECT_BYTES_MAX = 1 << 30;
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;
    private static final int SIGURG = 23;
    private static final long CURRENT = -1;

    private final Descriptor descriptor;
    private final Volume volume;
    private final String shown;

    LinuxFile(long descriptor, Volume volume, String shown) {
        this.descriptor = new Descriptor(descriptor);
        this.volume = volume;
        this.shown = shown;
    }

    int number() throws FsException {
        return descriptor.number();
    }

    @Override
    public int read(ByteBuffer target) throws FsException {
        return readFrom(target, CURRENT);
    }

    @Override
    public int read(ByteBuffer target, long position) throws FsException {
        if (position < 0) {
            throw new IllegalArgumentException("a position is never negative: " + position);
        }
        return readFrom(target, position);
    }

    private int readFrom(ByteBuffer target, long position) throws FsException {
        if (!target.hasRemaining()) {
            return 0;
        }
        MemorySegment rest = MemorySegment.ofBuffer(target);
        int bytes = Math.min(target.remaining(), target.isDirect() ? DIRECT_BYTES_MAX : COPY_BYTES_MAX);
        try (Frame frame = new Frame()) {
            MemorySegment memory = target.isDirect() ? rest : frame.allocate(bytes);
            long got =
                    position == CURRENT
                            ? Kernel.call(frame, Call.READ, number(), memory.address(), bytes)
                            : Kernel.call(frame, Call.PREAD64, number(), memory.address(), bytes, position);
            check(got, "read");
            if (!target.isDirect()) {
                rest.copyFrom(memory.asSlice(0, got));
            }
            Reference.reachabilityFence(target);
            target.position(target.position() + (int) got);
            return got == 0 ? -1 : (int) got;
        }
    }

    @Override
    public void write(ByteBuffer source) throws FsException {
        while (source.hasRemaining()) {
            MemorySegment rest = MemorySegment.ofBuffer(source);
            int bytes = Math.min(source.remaining(), source.isDirect() ? DIRECT_BYTES_MAX : COPY_BYTES_MAX);
            try (Frame frame = new Frame()) {
                MemorySegment memory = source.isDirect() ? rest : frame.allocate(bytes);
                if (!source.isDirect()) {
                    memory.copyFrom(rest.asSlice(0, bytes));
                }
                long put = check(Kernel.call(frame, Call.WRITE, number(), memory.address(), bytes), "write");
                Reference.reachabilityFence(source);
                source.position(source.position() + (int) put);
            }
        }
    }

    @Override
    public FileStat stat() throws FsException {
        try (Inspector inspector = new Inspector(volume)) {
            check(inspector.lookAtSelf(number()), "look at");
            return inspector.stat();
        }
    }

    @Override
    public FileIdentity identity() throws FsException {
        try (Inspector inspector = new Inspector(volume)) {
            check(inspector.lookAtSelf(number()), "look at");
            return inspector.identity();
        }
    }

    @Override
    public boolean tryReadLease() throws FsException {
        try (Frame frame = new Frame()) {
            // A writer that comes is told to us by a signal. The usual one would end this process; this one is ignored.
            check(Kernel.call(frame, Call.FCNTL, number(), F_SETSIG, SIGURG), "lease");
            return Kernel.call(frame, Call.FCNTL, number(), F_SETLEASE, F_RDLCK) == 0;
        }
    }

    @Override
    public void releaseLease() throws FsException {
        try (Frame frame = new Frame()) {
            long result = Kernel.call(frame, Call.FCNTL, number(), F_SETLEASE, F_UNLCK);
            // Both say that there is no lease.
            if (result != -Errno.EAGAIN.number() && result != -Errno.EINVAL.number()) {
                check(result, "release");
            }
        }
    }

    @Override
    public void chmod(int mode) throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.FCHMOD, number(), mode & FileStat.MODE_BITS), "change the mode of");
        }
    }

    @Override
    public void setMtime(Instant mtime) throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.UTIMENSAT, number(), 0, LinuxDir.times(frame, mtime), 0), "set the time of");
        }
    }

    @Override
    public void truncate(long size) throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.FTRUNCATE, number(), size), "cut");
        }
    }

    @Override
    public void fsync() throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.FSYNC, number()), "make durable");
        }
    }

    @Override
    public InputStream inputStream() {
        return new FileInput(this);
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return shown;
    }

    private long check(long result, String verb) throws FsException {
        if (result < 0) {
            throw FsException.numbered((int) -result, verb + " " + shown);
        }
        return result;
    }
}
