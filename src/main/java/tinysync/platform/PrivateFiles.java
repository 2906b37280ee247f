package tinysync.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Folders and files that are this user's alone from the first moment, whatever the umask. Where the platform has no
 * permission bits, they are as private as the folder around them.
 */
public final class PrivateFiles {
    private static final boolean HAS_MODES = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final SystemRandom RANDOM = new SystemRandom();

    /**
     * POSIX gives a process's lock back when it closes any descriptor of the file: so open none that is locked here.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private PrivateFiles() {}

    /** Held until it is closed, or until this process ends in whatever way. */
    public static final class Lock implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Lock(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        /** Gives it back; the file stays. A second call does nothing. */
        @Override
        public void close() throws FsException {
            if (!channel.isOpen()) {
                // It may be somebody else's by now.
                return;
            }
            try {
                channel.close();
            } catch (IOException failed) {
                throw FsException.of(failed, "release " + file);
            } finally {
                HELD.remove(file);
            }
        }
    }

    /**
     * Makes a folder with mode 0700, and its missing parents with the same. One that exists is left as it is.
     *
     * @throws FsException {@link Errno#EEXIST} when something other than a folder has that name
     */
    public static void createFolder(Path folder) throws FsException {
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                createFolder(parent);
            }
            Files.createDirectory(folder, attributes(FOLDER_MODE));
            setMode(folder, FOLDER_MODE);
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(folder)) {
                throw new FsException(Errno.ENOTDIR, "use " + folder + " as a folder");
            }
        } catch (IOException failed) {
            throw FsException.of(failed, "make folder " + folder);
        }
    }

    /**
     * Makes an empty file with mode 0600, for a library that would make it with more. One that exists keeps its
     * content, and it and its companions lose what rights others have on them.
     *
     * @param companions what the library adds to the name for files that it puts beside this one
     */
    public static void createFile(Path file, List<String> companions) throws FsException {
        try {
            try {
                writeNew(file, new byte[0]);
                syncFolder(file.toAbsolutePath());
            } catch (FileAlreadyExistsException there) {
                if (!Files.isRegularFile(file)) {
                    throw there;
                }
                setMode(file, FILE_MODE);
            }
            for (String companion : companions) {
                Path beside = file.resolveSibling(file.getFileName() + companion);
                if (Files.exists(beside)) {
                    setMode(beside, FILE_MODE);
                }
            }
        } catch (IOException failed) {
            throw FsException.of(failed, "make file " + file);
        }
    }

    /**
     * Gives a small file new content, mode 0600. A reader, and a power loss at any moment, find the old or the new
     * content whole; once this returns, the new one is durable. A symbolic link of that name is replaced, not followed.
     */
    public static void writeAtomically(Path file, byte[] content) throws FsException {
        Path target = file.toAbsolutePath();
        Path temporary =
                target.resolveSibling(
                        "." + target.getFileName() + "." + HexFormat.of().formatHex(RANDOM.bytes(8)) + ".tmp");
        try {
            try {
                writeNew(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            syncFolder(target);
        } catch (IOException failed) {
            throw FsException.of(failed, "write " + file);
        }
    }

    private static void writeNew(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, attributes(FILE_MODE))) {
            setMode(file, FILE_MODE);
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** Windows opens no folders as files, and keeps its names durable by itself. */
    private static void syncFolder(Path file) throws IOException {
        if (HAS_MODES) {
            try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /**
     * Takes the lock that a file stands for, making it (mode 0600) where it is missing. The system gives the lock back
     * when the process ends, so it is never stale. The file holds the process id of the last owner, for people. Opening
     * it elsewhere in this process could give the lock back: leave it alone.
     *
     * @throws FsException {@link Errno#EBUSY} when another process, or another part of this one, holds it
     */
    public static Lock lockFile(Path file) throws FsException {
        Optional<Lock> lock = Optional.empty();
        Path key = realPath(file);
        if (!HELD.add(key)) {
            throw new FsException(Errno.EBUSY, "lock " + file);
        }
        try {
            lock = Optional.of(lockUnheld(key));
            return lock.get();
        } catch (IOException failed) {
            throw FsException.of(failed, "lock " + file);
        } finally {
            if (lock.isEmpty()) {
                HELD.remove(key);
            }
        }
    }

    private static Path realPath(Path file) throws FsException {
        try {
            Path absolute = file.toAbsolutePath();
            return absolute.getParent().toRealPath().resolve(absolute.getFileName());
        } catch (IOException failed) {
            throw FsException.of(failed, "lock " + file);
        }
    }

    private static Lock lockUnheld(Path file) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(file, options, attributes(FILE_MODE));
        boolean kept = false;
        try {
            setMode(file, FILE_MODE);
            if (channel.tryLock() == null) {
                throw new FsException(Errno.EBUSY, "lock " + file);
            }
            channel.truncate(0);
            String owner = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)), 0);
            kept = true;
            return new Lock(file, channel);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> mode) {
        return HAS_MODES
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    /** A umask may have taken away what the owner needs; somebody else may have given more. */
    private static void setMode(Path made, Set<PosixFilePermission> mode) throws IOException {
        if (HAS_MODES && !Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS).equals(mode)) {
            Files.setPosixFilePermissions(made, mode);
        }
    }
}
