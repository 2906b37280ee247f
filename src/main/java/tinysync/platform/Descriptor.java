package tinysync.platform;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor and its owner. A closed one is never used again: its number may belong to another file. */
final class Descriptor implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Descriptor(long number) {
        this.number = Math.toIntExact(number);
    }

    int number() throws FsException {
        if (closed.get()) {
            throw new FsException(Errno.EBADF, "use file descriptor " + number);
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (Frame frame = new Frame()) {
                // An error of close tells of lost writes at most, which fsync tells of in time.
                Kernel.call(frame, Kernel.Call.CLOSE, number);
            }
        }
    }
}
