package tinysync.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A directory by its path, with what the JDK has: for systems without a {@code Dir} of their own.
 *
 * <p>What it cannot do: stay the same directory when that is renamed; exclude that a symbolic link is put in its way
 * between looking and acting, or a name is taken between looking and a rename that must not replace; exchange two
 * names; lease; see mount points; flush a whole file system (it flushes this folder).
 */
final class PortableDir implements Dir {
    private final Path path;
    private boolean closed;

    private PortableDir(Path path) {
        this.path = path;
    }

    static PortableDir openRoot(Path root) throws FsException {
        try {
            return opened(root.toRealPath(), root.toString());
        } catch (IOException failed) {
            throw FsException.of(failed, "open " + root);
        }
    }

    private static PortableDir opened(Path path, String shown) throws FsException {
        FileKind kind = PortableStat.of(path).stat().kind();
        return switch (kind) {
            case FOLDER -> new PortableDir(path);
            case SYMLINK -> throw new FsException(Errno.ELOOP, "open " + shown);
            case FILE, SPECIAL -> throw new FsException(Errno.ENOTDIR, "open " + shown);
        };
    }

    private Path child(String name) throws FsException {
        Names.single(name);
        return self().resolve(name);
    }

    private synchronized Path self() throws FsException {
        if (closed) {
            throw new FsException(Errno.EBADF, "use " + path);
        }
        return path;
    }

    @Override
    public List<DirEntry> list() throws FsException {
        List<DirEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(self())) {
            for (Path child : children) {
                entry(child).ifPresent(entries::add);
            }
            return entries;
        } catch (DirectoryIteratorException broken) {
            throw FsException.of(broken.getCause(), "list " + path);
        } catch (IOException failed) {
            throw FsException.of(failed, "list " + path);
        }
    }

    private static Optional<DirEntry> entry(Path child) {
        String name = child.getFileName().toString();
        try {
            PortableStat seen = PortableStat.of(child);
            return Optional.of(new DirEntry.Seen(name, seen.stat(), seen.identity()));
        } catch (FsException failed) {
            return switch (failed.errno()) {
                case ENOENT -> Optional.empty();
                case EACCES, EPERM -> Optional.of(new DirEntry.Problem(name, DirEntry.Problem.PERMISSION_DENIED));
                case EIO, OTHER -> Optional.of(new DirEntry.Problem(name, DirEntry.Problem.IO_ERROR));
                default -> Optional.of(new DirEntry.Problem(name, failed.errno().name().toLowerCase(Locale.ROOT)));
            };
        }
    }

    @Override
    public Optional<DirEntry.Seen> find(String name) throws FsException {
        try {
            PortableStat seen = PortableStat.of(child(name));
            return Optional.of(new DirEntry.Seen(name, seen.stat(), seen.identity()));
        } catch (FsException failed) {
            if (failed.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    @Override
    public FileStat stat() throws FsException {
        return PortableStat.of(self()).stat();
    }

    @Override
    public FileIdentity identity() throws FsException {
        return PortableStat.of(self()).identity();
    }

    @Override
    public Dir openDir(String name) throws FsException {
        return opened(child(name), name);
    }

    @Override
    public Dir resolve(String relativePath) throws FsException {
        Names.path(relativePath);
        PortableDir reached = opened(self(), path.toString());
        for (String name : relativePath.isEmpty() ? new String[0] : relativePath.split("/")) {
            reached = opened(reached.path.resolve(name), relativePath);
        }
        return reached;
    }

    @Override
    public OpenFile openRead(String name) throws FsException {
        Path file = child(name);
        return switch (PortableStat.of(file).stat().kind()) {
            case FILE -> open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), "read");
            case SYMLINK -> throw new FsException(Errno.ELOOP, "read " + file);
            case FOLDER, SPECIAL -> throw new FsException(Errno.EINVAL, "read " + file + ", which is no regular file");
        };
    }

    @Override
    public OpenFile createNew(String name, int mode) throws FsException {
        Path file = child(name);
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return open(file, options, "create", PortableStat.attributes(mode));
    }

    private static OpenFile open(Path file, Set<? extends OpenOption> options, String verb, FileAttribute<?>... made)
            throws FsException {
        try {
            return new PortableFile(file, FileChannel.open(file, options, made));
        } catch (IOException failed) {
            throw FsException.of(failed, verb + " " + file);
        }
    }

    @Override
    public void mkdir(String name, int mode) throws FsException {
        Path folder = child(name);
        attempt("make folder " + folder, () -> Files.createDirectory(folder, PortableStat.attributes(mode)));
    }

    @Override
    public void symlink(String target, String name) throws FsException {
        Path link = child(name);
        attempt(
                "make symbolic link " + link,
                () -> Files.createSymbolicLink(link, path.getFileSystem().getPath(target)));
    }

    @Override
    public String readlink(String name) throws FsException {
        Path link = child(name);
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException failed) {
            throw FsException.of(failed, "read symbolic link " + link);
        }
    }

    @Override
    public void rename(String name, Dir to, String toName, RenameMode mode) throws FsException {
        Path from = child(name);
        Path onto = other(to).child(toName);
        String what = "rename " + from + " to " + onto;
        switch (mode) {
            case REPLACE ->
                    attempt(
                            what,
                            () ->
                                    Files.move(
                                            from,
                                            onto,
                                            StandardCopyOption.ATOMIC_MOVE,
                                            StandardCopyOption.REPLACE_EXISTING));
            case NO_REPLACE -> attempt(what, () -> Files.move(from, onto, new CopyOption[0]));
            case EXCHANGE -> throw new FsException(Errno.EINVAL, what + " and back");
        }
    }

    @Override
    public void link(String name, Dir to, String toName) throws FsException {
        Path existing = child(name);
        Path link = other(to).child(toName);
        attempt("link " + existing + " to " + link, () -> Files.createLink(link, existing));
    }

    private static PortableDir other(Dir to) throws FsException {
        if (to instanceof PortableDir portable) {
            return portable;
        }
        throw new FsException(Errno.EXDEV, "move to a folder of another kind");
    }

    @Override
    public void unlink(String name) throws FsException {
        Path file = child(name);
        if (PortableStat.of(file).stat().kind() == FileKind.FOLDER) {
            throw new FsException(Errno.EISDIR, "remove " + file);
        }
        attempt("remove " + file, () -> Files.delete(file));
    }

    @Override
    public void rmdir(String name) throws FsException {
        Path folder = child(name);
        if (PortableStat.of(folder).stat().kind() != FileKind.FOLDER) {
            throw new FsException(Errno.ENOTDIR, "remove " + folder);
        }
        attempt("remove " + folder, () -> Files.delete(folder));
    }

    @Override
    public void chmod(String name, int mode) throws FsException {
        PortableStat.chmod(child(name), mode);
    }

    @Override
    public void setMtime(String name, Instant mtime) throws FsException {
        Path file = child(name);
        attempt(
                "set the time of " + file,
                () ->
                        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                                .setTimes(FileTime.from(mtime), null, null));
    }

    @Override
    public boolean isWritable() throws FsException {
        return Files.isWritable(self());
    }

    @Override
    public void fsync() throws FsException {
        // Only where folders can be opened as files; elsewhere their names are durable by themselves.
        if (PortableStat.HAS_UNIX) {
            attempt(
                    "make durable " + path,
                    () -> {
                        try (FileChannel folder = FileChannel.open(self(), StandardOpenOption.READ)) {
                            folder.force(true);
                        }
                    });
        }
    }

    @Override
    public void syncFilesystem() throws FsException {
        fsync();
    }

    @Override
    public Capabilities capabilities() throws FsException {
        return new Capabilities(false, false, false);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Something of {@code java.nio.file} that may fail. */
    interface Action {
        void run() throws IOException;
    }

    static void attempt(String what, Action action) throws FsException {
        try {
            action.run();
        } catch (IOException failed) {
            throw FsException.of(failed, what);
        }
    }
}
