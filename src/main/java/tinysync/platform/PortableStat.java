package tinysync.platform;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;

/** Stat and identity of a path, as far as the JDK can tell. */
record PortableStat(FileStat stat, FileIdentity identity) {
    /** Whether there are modes, owners, inodes and links. */
    static final boolean HAS_UNIX = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    private static final int MODE_FILE = 0644;
    private static final int MODE_FOLDER = 0755;

    static PortableStat of(Path path) throws FsException {
        try {
            BasicFileAttributes basic =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Map<String, Object> unix =
                    HAS_UNIX
                            ? Files.readAttributes(path, "unix:mode,dev,ino,nlink,uid,ctime", LinkOption.NOFOLLOW_LINKS)
                            : Map.of();
            return new PortableStat(stat(basic, unix), identity(basic));
        } catch (IOException failed) {
            throw FsException.of(failed, "look at " + path);
        }
    }

    private static FileStat stat(BasicFileAttributes basic, Map<String, Object> unix) {
        Instant mtime = basic.lastModifiedTime().toInstant();
        int mode = basic.isDirectory() ? MODE_FOLDER : MODE_FILE;
        return new FileStat(
                kind(basic),
                basic.size(),
                mtime,
                unix.get("ctime") instanceof FileTime ctime ? ctime.toInstant() : mtime,
                (int) number(unix, "mode", mode) & FileStat.MODE_BITS,
                number(unix, "dev", 0),
                number(unix, "ino", 0),
                (int) number(unix, "nlink", 1),
                (int) number(unix, "uid", -1));
    }

    private static long number(Map<String, Object> attributes, String name, long otherwise) {
        return attributes.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    private static FileKind kind(BasicFileAttributes basic) {
        if (basic.isSymbolicLink()) {
            return FileKind.SYMLINK;
        }
        if (basic.isDirectory()) {
            return FileKind.FOLDER;
        }
        return basic.isRegularFile() ? FileKind.FILE : FileKind.SPECIAL;
    }

    private static FileIdentity identity(BasicFileAttributes basic) {
        Instant birth = basic.creationTime().toInstant();
        String key = String.valueOf(basic.fileKey());
        return new FileIdentity("j:" + key + ":" + birth.getEpochSecond() + "." + birth.getNano());
    }

    /** What a new file or folder gets at once, so that nobody has a moment in which it allows more. */
    static FileAttribute<?>[] attributes(int mode) {
        if (!HAS_UNIX) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FileModes.permissions(mode))};
    }

    static void chmod(Path path, int mode) throws FsException {
        if (of(path).stat().kind() == FileKind.SYMLINK) {
            throw new FsException(Errno.ELOOP, "change the mode of " + path);
        }
        if (HAS_UNIX) {
            PortableDir.attempt(
                    "change the mode of " + path,
                    () -> {
                        int type =
                                (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                                        & ~FileStat.MODE_BITS;
                        Files.setAttribute(path, "unix:mode", type | mode, LinkOption.NOFOLLOW_LINKS);
                    });
        }
    }
}
