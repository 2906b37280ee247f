package tinysync.platform;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * An open regular file, with one current position. For one thread at a time; operations block it.
 *
 * <p>Direct buffers are read and written without a copy.
 */
public interface OpenFile extends AutoCloseable {
    /** Reads from the current position; the number of bytes, 0 only when the buffer is full, -1 at the end. */
    int read(ByteBuffer target) throws FsException;

    /** Reads from {@code position} (bytes from the start) and leaves the current position alone. */
    int read(ByteBuffer target, long position) throws FsException;

    /** Writes all that remains in the buffer at the current position. */
    void write(ByteBuffer source) throws FsException;

    FileStat stat() throws FsException;

    FileIdentity identity() throws FsException;

    /**
     * Asks for a read lease. Granted means that nobody has the file open for writing now; until it is released (at the
     * latest by {@link #close}), a program that opens the file for writing waits, so release soon: the kernel takes the
     * lease away after 45 seconds.
     *
     * @return false when there is a writer, the file is not ours, was not opened by {@link Dir#openRead}, or the
     *     platform has no leases
     */
    boolean tryReadLease() throws FsException;

    /** Gives the lease back; does nothing when there is none. */
    void releaseLease() throws FsException;

    /** Sets exactly these permission bits. */
    void chmod(int mode) throws FsException;

    void setMtime(Instant mtime) throws FsException;

    /** Cuts or extends (with zero bytes) to this many bytes. */
    void truncate(long size) throws FsException;

    /** Afterwards content and attributes survive a power loss; the name does not yet, see {@link Dir#fsync}. */
    void fsync() throws FsException;

    /** Reads from the current position on and moves it. Closing the stream leaves the file open. */
    InputStream inputStream();

    /** Never fails; a second call does nothing. Other calls then fail with {@link Errno#EBADF}. */
    @Override
    void close();
}
