package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import tinysync.platform.RawEvent.Flag;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Change events of the kernel, for the folders that are added one by one; not for what is below them. A hint, never the
 * truth: events are lost when the queue overflows, and changes made elsewhere on a network file system are not told.
 *
 * <p>Thread-safe. {@link #read} blocks a platform thread and would pin a virtual one.
 */
public final class Inotify implements AutoCloseable {
    private static final int ONLYDIR = 0x01000000;
    private static final int DONT_FOLLOW = 0x02000000;
    private static final int EXCL_UNLINK = 0x04000000;
    private static final int MASK = watchedBits() | ONLYDIR | DONT_FOLLOW | EXCL_UNLINK;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int EVENT_HEAD_BYTES = 16;
    private static final int POLLIN = 1;
    private static final int EVENTFD_FLAGS = Kernel.O_CLOEXEC | Kernel.O_NONBLOCK;

    private final Descriptor events;
    private final Descriptor wakeUp;
    private final int bell;
    private final AtomicBoolean closing = new AtomicBoolean();

    /** Shared by who uses the descriptors, so that none is closed, and its number given to another file, meanwhile. */
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

    private Inotify(long events, long bell) {
        this.events = new Descriptor(events);
        this.wakeUp = new Descriptor(bell);
        this.bell = Math.toIntExact(bell);
    }

    private static int watchedBits() {
        EnumSet<Flag> told = EnumSet.of(Flag.UNMOUNT, Flag.OVERFLOW, Flag.IGNORED, Flag.IS_FOLDER);
        return EnumSet.complementOf(told).stream().mapToInt(Flag::bit).sum();
    }

    /** Whether this system has inotify. */
    public static boolean isSupported() {
        return Kernel.isSupported();
    }

    /** A new queue, watching nothing yet; {@link Errno#EMFILE} when the user has too many. */
    public static Inotify open() throws FsException {
        try (Frame frame = new Frame()) {
            long queue = Kernel.call(frame, Kernel.Call.INOTIFY_INIT1, EVENTFD_FLAGS);
            if (queue < 0) {
                throw FsException.numbered((int) -queue, "watch for changes");
            }
            long bell = Kernel.call(frame, Kernel.Call.EVENTFD2, 0, EVENTFD_FLAGS);
            if (bell < 0) {
                Kernel.call(frame, Kernel.Call.CLOSE, queue);
                throw FsException.numbered((int) -bell, "watch for changes");
            }
            return new Inotify(queue, bell);
        }
    }

    /** Watches an open folder, whatever it is called by now; the folder need not stay open. */
    public int add(Dir folder) throws FsException {
        if (!(folder instanceof LinuxDir opened)) {
            throw new FsException(Errno.EINVAL, "watch a folder that the kernel does not know");
        }
        // The dot at the end makes the folder itself the last step, so that the link before it is followed.
        return add("/proc/self/fd/" + opened.number() + "/.", opened.toString());
    }

    /**
     * Watches a folder; a folder that is watched already keeps its number.
     *
     * @return the number that its events carry
     * @throws FsException {@link Errno#ENOSPC} when the user's limit of watches is reached, {@link Errno#ENOTDIR} for
     *     anything but a folder
     */
    public int add(Path folder) throws FsException {
        return add(folder.toString(), folder.toString());
    }

    private int add(String path, String shown) throws FsException {
        inUse.readLock().lock();
        try (Frame frame = new Frame()) {
            long text = frame.text(Names.text(path));
            long watch = Kernel.call(frame, Kernel.Call.INOTIFY_ADD_WATCH, events.number(), text, MASK);
            if (watch == -Errno.ENOSPC.number()) {
                throw new FsException(Errno.ENOSPC, "watch " + shown + " (the limit is fs.inotify.max_user_watches)");
            }
            if (watch < 0) {
                throw FsException.numbered((int) -watch, "watch " + shown);
            }
            return (int) watch;
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Watches it no longer; does nothing when the watch is gone already. */
    public void remove(int watch) throws FsException {
        inUse.readLock().lock();
        try (Frame frame = new Frame()) {
            long result = Kernel.call(frame, Kernel.Call.INOTIFY_RM_WATCH, events.number(), watch);
            if (result < 0 && result != -Errno.EINVAL.number()) {
                throw FsException.numbered((int) -result, "stop watching");
            }
        } finally {
            inUse.readLock().unlock();
        }
    }

    /**
     * Waits for events and takes them off the queue, in their order.
     *
     * @param timeout at most this long; zero or less does not wait
     * @return empty when the time is over, or {@link #close} was called meanwhile
     * @throws FsException {@link Errno#EBADF} when it was closed before
     */
    public List<RawEvent> read(Duration timeout) throws FsException {
        inUse.readLock().lock();
        try (Frame frame = new Frame()) {
            await(frame, timeout);
            if (closing.get()) {
                return List.of();
            }
            MemorySegment buffer = frame.allocate(BUFFER_BYTES);
            long got = Kernel.call(frame, Kernel.Call.READ, events.number(), buffer.address(), BUFFER_BYTES);
            if (got == -Errno.EAGAIN.number()) {
                return List.of();
            }
            if (got < 0) {
                throw FsException.numbered((int) -got, "read change events");
            }
            return parse(buffer, got);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private void await(Frame frame, Duration timeout) throws FsException {
        MemorySegment polled = frame.allocate(16);
        polled.set(JAVA_INT, 0, events.number());
        polled.set(JAVA_SHORT, 4, (short) POLLIN);
        polled.set(JAVA_INT, 8, wakeUp.number());
        polled.set(JAVA_SHORT, 12, (short) POLLIN);
        Duration wait = timeout.isNegative() ? Duration.ZERO : timeout;
        MemorySegment limit = frame.allocate(16);
        limit.set(JAVA_LONG, 0, wait.toSeconds());
        limit.set(JAVA_LONG, 8, wait.toNanosPart());
        long ready = Kernel.call(frame, Kernel.Call.PPOLL, polled.address(), 2, limit.address(), 0, 0);
        if (ready < 0) {
            throw FsException.numbered((int) -ready, "wait for change events");
        }
    }

    private static List<RawEvent> parse(MemorySegment buffer, long bytes) {
        List<RawEvent> parsed = new ArrayList<>();
        long at = 0;
        while (at < bytes) {
            int nameBytes = buffer.get(JAVA_INT, at + 12);
            byte[] padded = buffer.asSlice(at + EVENT_HEAD_BYTES, nameBytes).toArray(JAVA_BYTE);
            parsed.add(event(buffer.asSlice(at, EVENT_HEAD_BYTES), withoutPadding(padded)));
            at += EVENT_HEAD_BYTES + nameBytes;
        }
        return parsed;
    }

    private static RawEvent event(MemorySegment head, byte[] name) {
        int mask = head.get(JAVA_INT, 4);
        EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if ((mask & flag.bit()) != 0) {
                flags.add(flag);
            }
        }
        String text =
                Names.decode(name)
                        .orElseGet(
                                () -> {
                                    flags.add(Flag.NAME_NOT_UTF8);
                                    return Names.shown(name);
                                });
        return new RawEvent(head.get(JAVA_INT, 0), flags, head.get(JAVA_INT, 8), text);
    }

    private static byte[] withoutPadding(byte[] padded) {
        int length = 0;
        while (length < padded.length && padded[length] != 0) {
            length++;
        }
        return Arrays.copyOf(padded, length);
    }

    /** Wakes a reader, whose call then returns without events, and ends all watches. A second call does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try (Frame frame = new Frame()) {
            MemorySegment one = frame.allocate(Long.BYTES);
            one.set(JAVA_LONG, 0, 1);
            Kernel.call(frame, Kernel.Call.WRITE, bell, one.address(), Long.BYTES);
        }
        inUse.writeLock().lock();
        try {
            events.close();
            wakeUp.close();
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
