package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import tinysync.platform.Kernel.Call;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A directory as a file descriptor of Linux. */
final class LinuxDir implements Dir {
    private static final int OPEN_FOLDER = Kernel.O_RDONLY | Kernel.O_DIRECTORY;
    private static final int OPEN_FILE = Kernel.O_RDONLY | Kernel.O_NONBLOCK | Kernel.O_NOCTTY;
    private static final int OPEN_NEW =
            Kernel.O_RDWR | Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC;
    private static final int OPEN_PLACE = Kernel.O_PATH | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC;
    private static final int TARGET_BYTES_MAX = 4096;
    private static final long UTIME_OMIT = (1L << 30) - 2;

    private final Descriptor descriptor;
    private final Volume volume;
    private final String shown;

    private LinuxDir(long descriptor, Volume volume, String shown) {
        this.descriptor = new Descriptor(descriptor);
        this.volume = volume;
        this.shown = shown;
    }

    static LinuxDir openRoot(Path root) throws FsException {
        byte[] path = Names.text(root.toAbsolutePath().toString());
        try (Frame frame = new Frame()) {
            long opened = Beneath.openAnywhere(frame, path, OPEN_FOLDER);
            if (opened < 0) {
                throw FsException.numbered((int) -opened, "open " + root);
            }
            return new LinuxDir(opened, Volume.of(frame, (int) opened), root.toString());
        }
    }

    /** The same directory under another judgement of what its file system can do. */
    LinuxDir as(Volume other) throws FsException {
        try (Frame frame = new Frame()) {
            return reopen(frame, other);
        }
    }

    int number() throws FsException {
        return descriptor.number();
    }

    @Override
    public synchronized List<DirEntry> list() throws FsException {
        try (Inspector inspector = new Inspector(volume)) {
            return new Listing(inspector, number(), shown).read();
        }
    }

    @Override
    public Optional<DirEntry.Seen> find(String name) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Inspector inspector = new Inspector(volume)) {
            check(inspector.lookAtSelf(number()), "look at", "");
            long parentDevice = inspector.device();
            long result = inspector.look(number(), inspector.frame().text(utf8));
            if (result == -Errno.ENOENT.number()) {
                return Optional.empty();
            }
            check(result, "look at", name);
            if (inspector.isBoundary(parentDevice)) {
                throw new FsException(Errno.EXDEV, attempt("look at", name));
            }
            return Optional.of(new DirEntry.Seen(name, inspector.stat(), inspector.identity()));
        }
    }

    @Override
    public FileStat stat() throws FsException {
        try (Inspector inspector = new Inspector(volume)) {
            check(inspector.lookAtSelf(number()), "look at", "");
            return inspector.stat();
        }
    }

    @Override
    public FileIdentity identity() throws FsException {
        try (Inspector inspector = new Inspector(volume)) {
            check(inspector.lookAtSelf(number()), "look at", "");
            return inspector.identity();
        }
    }

    @Override
    public Dir openDir(String name) throws FsException {
        return open(Names.single(name), name);
    }

    @Override
    public Dir resolve(String relativePath) throws FsException {
        byte[] path = Names.path(relativePath);
        if (path.length == 0) {
            return as(volume);
        }
        return open(path, relativePath);
    }

    private Dir open(byte[] path, String name) throws FsException {
        try (Frame frame = new Frame()) {
            long opened = Beneath.open(frame, volume, number(), path, OPEN_FOLDER);
            return new LinuxDir(check(opened, "open", name), volume, shown + "/" + name);
        }
    }

    private LinuxDir reopen(Frame frame, Volume other) throws FsException {
        long dot = frame.text(new byte[] {'.'});
        long opened = Kernel.call(frame, Call.OPENAT, number(), dot, OPEN_FOLDER | Kernel.O_CLOEXEC);
        return new LinuxDir(check(opened, "open", ""), other, shown);
    }

    @Override
    public OpenFile openRead(String name) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            long opened = Beneath.open(frame, volume, number(), utf8, OPEN_FILE);
            if (opened == -Errno.ENXIO.number()) {
                throw new FsException(Errno.EINVAL, attempt("read", name) + ", which is a socket or device");
            }
            return regular(new LinuxFile(check(opened, "read", name), volume, shown + "/" + name), name);
        }
    }

    private OpenFile regular(LinuxFile file, String name) throws FsException {
        boolean kept = false;
        try {
            FileKind kind = file.stat().kind();
            if (kind != FileKind.FILE) {
                throw new FsException(Errno.EINVAL, attempt("read", name) + ", which is no regular file");
            }
            kept = true;
            return file;
        } finally {
            if (!kept) {
                file.close();
            }
        }
    }

    @Override
    public OpenFile createNew(String name, int mode) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            long created = Kernel.call(frame, Call.OPENAT, number(), frame.text(utf8), OPEN_NEW, mode);
            return new LinuxFile(check(created, "create", name), volume, shown + "/" + name);
        }
    }

    @Override
    public void mkdir(String name, int mode) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.MKDIRAT, number(), frame.text(utf8), mode), "make folder", name);
        }
    }

    @Override
    public void symlink(String target, String name) throws FsException {
        byte[] utf8 = Names.single(name);
        byte[] content = Names.text(target);
        try (Frame frame = new Frame()) {
            long result = Kernel.call(frame, Call.SYMLINKAT, frame.text(content), number(), frame.text(utf8));
            check(result, "make symbolic link", name);
        }
    }

    @Override
    public String readlink(String name) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            MemorySegment target = frame.allocate(TARGET_BYTES_MAX);
            long length =
                    Kernel.call(frame, Call.READLINKAT, number(), frame.text(utf8), target.address(), TARGET_BYTES_MAX);
            check(length, "read symbolic link", name);
            byte[] bytes = target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            return Names.decode(bytes)
                    .orElseThrow(() -> new FsException(Errno.EILSEQ, attempt("read symbolic link", name)));
        }
    }

    @Override
    public void rename(String name, Dir to, String toName, RenameMode mode) throws FsException {
        LinuxDir target = sameKind(to, name);
        byte[] from = Names.single(name);
        byte[] onto = Names.single(toName);
        int flags =
                switch (mode) {
                    case REPLACE -> 0;
                    case NO_REPLACE -> 1;
                    case EXCHANGE -> 2;
                };
        try (Frame frame = new Frame()) {
            long result =
                    Kernel.call(
                            frame,
                            Call.RENAMEAT2,
                            number(),
                            frame.text(from),
                            target.number(),
                            frame.text(onto),
                            flags);
            if (result == -Errno.EINVAL.number() && mode == RenameMode.NO_REPLACE) {
                renameWithoutFlags(name, target, toName);
                return;
            }
            checkPair(result, "rename", name, target, toName);
        }
    }

    /**
     * For file systems that know no flags. A second link refuses a taken name by itself; a folder cannot be linked, but
     * renaming it replaces an empty folder at most, so that looking first can lose nothing that holds bytes.
     */
    private void renameWithoutFlags(String name, LinuxDir target, String toName) throws FsException {
        Optional<DirEntry.Seen> source = find(name);
        if (source.isPresent() && source.get().stat().kind() == FileKind.FOLDER) {
            if (target.find(toName).isPresent()) {
                throw new FsException(Errno.EEXIST, pair("rename", name, target, toName));
            }
            rename(name, target, toName, RenameMode.REPLACE);
        } else {
            link(name, target, toName);
            unlink(name);
        }
    }

    @Override
    public void link(String name, Dir to, String toName) throws FsException {
        LinuxDir target = sameKind(to, name);
        byte[] from = Names.single(name);
        byte[] onto = Names.single(toName);
        try (Frame frame = new Frame()) {
            long result =
                    Kernel.call(frame, Call.LINKAT, number(), frame.text(from), target.number(), frame.text(onto), 0);
            checkPair(result, "link", name, target, toName);
        }
    }

    private LinuxDir sameKind(Dir to, String name) throws FsException {
        if (to instanceof LinuxDir target) {
            return target;
        }
        throw new FsException(Errno.EXDEV, attempt("move", name) + " to a folder of another kind");
    }

    @Override
    public void unlink(String name) throws FsException {
        remove(name, 0);
    }

    @Override
    public void rmdir(String name) throws FsException {
        remove(name, Kernel.AT_REMOVEDIR);
    }

    private void remove(String name, int flags) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.UNLINKAT, number(), frame.text(utf8), flags), "remove", name);
        }
    }

    @Override
    public void chmod(String name, int mode) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame();
                LinuxFile place = place(frame, utf8, name)) {
            if (place.stat().kind() == FileKind.SYMLINK) {
                throw new FsException(Errno.ELOOP, attempt("change the mode of", name));
            }
            // A place cannot be changed by its number, and changing by name could be led astray: this is the way
            // between.
            long self = frame.text(Names.text("/proc/self/fd/" + place.number()));
            long result = Kernel.call(frame, Call.FCHMODAT, Kernel.AT_FDCWD, self, mode & FileStat.MODE_BITS);
            check(result, "change the mode of", name);
        }
    }

    private LinuxFile place(Frame frame, byte[] utf8, String name) throws FsException {
        long opened = Kernel.call(frame, Call.OPENAT, number(), frame.text(utf8), OPEN_PLACE);
        return new LinuxFile(check(opened, "open", name), volume, shown + "/" + name);
    }

    @Override
    public void setMtime(String name, Instant mtime) throws FsException {
        byte[] utf8 = Names.single(name);
        try (Frame frame = new Frame()) {
            long times = times(frame, mtime);
            int flags = Kernel.AT_SYMLINK_NOFOLLOW;
            long result = Kernel.call(frame, Call.UTIMENSAT, number(), frame.text(utf8), times, flags);
            check(result, "set the time of", name);
        }
    }

    /** The pair of times that {@code utimensat} takes, of which the first, the last access, stays. */
    static long times(Frame frame, Instant mtime) {
        MemorySegment times = frame.allocate(32);
        times.set(JAVA_LONG, 8, UTIME_OMIT);
        times.set(JAVA_LONG, 16, mtime.getEpochSecond());
        times.set(JAVA_LONG, 24, mtime.getNano());
        return times.address();
    }

    @Override
    public boolean isWritable() throws FsException {
        try (Frame frame = new Frame()) {
            long dot = frame.text(new byte[] {'.'});
            long result = Kernel.call(frame, Call.FACCESSAT, number(), dot, Kernel.W_OK);
            if (result == -Errno.EROFS.number() || result == -Errno.EACCES.number()) {
                return false;
            }
            check(result, "look at", "");
            return true;
        }
    }

    @Override
    public void fsync() throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.FSYNC, number()), "make durable", "");
        }
    }

    @Override
    public void syncFilesystem() throws FsException {
        try (Frame frame = new Frame()) {
            check(Kernel.call(frame, Call.SYNCFS, number()), "make durable the file system of", "");
        }
    }

    @Override
    public Capabilities capabilities() throws FsException {
        return new Probe(this).run(volume.handles());
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return shown;
    }

    private long check(long result, String verb, String name) throws FsException {
        if (result < 0) {
            throw FsException.numbered((int) -result, attempt(verb, name));
        }
        return result;
    }

    private String attempt(String verb, String name) {
        return name.isEmpty() ? verb + " " + shown : verb + " '" + name + "' in " + shown;
    }

    private void checkPair(long result, String verb, String name, LinuxDir target, String toName) throws FsException {
        if (result < 0) {
            throw FsException.numbered((int) -result, pair(verb, name, target, toName));
        }
    }

    private String pair(String verb, String name, LinuxDir target, String toName) {
        return attempt(verb, name) + " to '" + toName + "' in " + target.shown;
    }
}
