package tinysync.platform;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. It stays the same directory when it is renamed or moved.
 *
 * <p>Every {@code name} is a single component: not empty, not {@code .} or {@code ..}, without {@code /} and NUL, and
 * expressible in UTF-8; anything else is refused with {@link Errno#EINVAL} before the disk is touched. No symbolic link
 * is ever followed, and no mount point is crossed. A {@code Dir} made here must be closed by who asked for it.
 *
 * <p>Thread-safe, except that {@link #close} must not overlap another call. Operations block the calling thread.
 */
public interface Dir extends AutoCloseable {
    /**
     * All entries but {@code .} and {@code ..}, in no particular order. An entry that vanished while being looked at is
     * left out; one that is renamed meanwhile may be given under both names, or none.
     *
     * @throws FsException when the listing could not be read to its end; then nothing is known
     */
    List<DirEntry> list() throws FsException;

    /** The entry of that name, empty when absent; {@link Errno#EXDEV} when it is a mount point. */
    Optional<DirEntry.Seen> find(String name) throws FsException;

    /** Of this directory itself. */
    FileStat stat() throws FsException;

    /** Of this directory itself. */
    FileIdentity identity() throws FsException;

    /** Opens a child folder; {@link Errno#ELOOP} or {@link Errno#ENOTDIR} when it is a symbolic link. */
    Dir openDir(String name) throws FsException;

    /**
     * Opens a folder below this one. The path is names joined by {@code /}, of any length; {@code ""} gives a new
     * handle of this very directory.
     *
     * @throws FsException also {@link Errno#ELOOP} or {@link Errno#ENOTDIR} when a symbolic link is on the way, and
     *     {@link Errno#EXDEV} when a mount point is
     */
    Dir resolve(String relativePath) throws FsException;

    /**
     * Opens a regular file for reading. Never blocks: {@link Errno#EINVAL} for a pipe, socket, device or folder, {@link
     * Errno#ELOOP} for a symbolic link, {@link Errno#EAGAIN} when another program holds a write lease.
     */
    OpenFile openRead(String name) throws FsException;

    /** Makes a new empty file for reading and writing; {@code mode} is cut by the process's umask. */
    OpenFile createNew(String name, int mode) throws FsException;

    /** Makes a folder; {@code mode} is cut by the process's umask. */
    void mkdir(String name, int mode) throws FsException;

    /** Makes a symbolic link; {@code target} is kept as it is, UTF-8 encoded. */
    void symlink(String target, String name) throws FsException;

    /** The target of a symbolic link; {@link Errno#EILSEQ} when that is not UTF-8. */
    String readlink(String name) throws FsException;

    /**
     * Renames within this directory or into another one of the same file system.
     *
     * @throws FsException {@link Errno#EINVAL} where the file system cannot exchange; see {@link Capabilities#exchange}
     */
    void rename(String name, Dir to, String toName, RenameMode mode) throws FsException;

    /** Gives the file (or the symbolic link itself) a second name. */
    void link(String name, Dir to, String toName) throws FsException;

    /** Removes anything but a folder. */
    void unlink(String name) throws FsException;

    /** Removes an empty folder. */
    void rmdir(String name) throws FsException;

    /** Sets exactly these permission bits; {@link Errno#ELOOP} for a symbolic link, whose target stays as it is. */
    void chmod(String name, int mode) throws FsException;

    /** Sets the time of the last change, of a symbolic link itself. The time of the last access stays. */
    void setMtime(String name, Instant mtime) throws FsException;

    /** Whether names may be made and removed in here now, as far as the system says so without a try. */
    boolean isWritable() throws FsException;

    /** Afterwards the names in this directory survive a power loss; not what the files hold. */
    void fsync() throws FsException;

    /** Afterwards everything written so far to this file system survives a power loss. */
    void syncFilesystem() throws FsException;

    /**
     * Finds out by trying, with two short-lived files named {@code .tinysync-probe-…} in this directory: ask a folder
     * of our own, and once.
     */
    Capabilities capabilities() throws FsException;

    /** Never fails; a second call does nothing. Other calls then fail with {@link Errno#EBADF}. */
    @Override
    void close();
}
