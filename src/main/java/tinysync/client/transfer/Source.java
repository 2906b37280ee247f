package tinysync.client.transfer;

import tinysync.client.engine.Slot;
import tinysync.client.folder.Root;
import tinysync.content.Hash;
import tinysync.platform.Dir;
import tinysync.platform.FileStat;
import tinysync.platform.FsException;
import tinysync.platform.Inotify;
import tinysync.platform.OpenFile;
import tinysync.tree.Fingerprint;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A user's file, open for reading; no link is followed on the way to it. For one thread, but for {@link #flush}. */
final class Source implements AutoCloseable {
    private final Dir folder;
    private final OpenFile file;

    private Source(Dir folder, OpenFile file) {
        this.folder = folder;
        this.file = file;
    }

    static Source open(Root root, Slot slot) throws FsException {
        Dir folder = root.folder().resolve(slot.folder());
        try {
            return new Source(folder, folder.openRead(slot.name()));
        } catch (FsException | RuntimeException failed) {
            folder.close();
            throw failed;
        }
    }

    /** Whether it is the same file, of the same size and time stamp. */
    boolean looksLike(Fingerprint print) throws FsException {
        FileStat stat = file.stat();
        return file.identity().value().equals(print.identity())
                && stat.size() == print.size()
                && stat.mtime().equals(print.mtime());
    }

    /** From the beginning. */
    InputStream stream() {
        return file.inputStream();
    }

    /** {@code length} bytes from {@code offset}, if these are there and have this hash. */
    Optional<ByteBuffer> read(long offset, int length, Hash hash) throws FsException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                return Optional.empty();
            }
        }
        boolean right = Hash.of(bytes.array(), 0, length).equals(hash);
        return right ? Optional.of(bytes.flip()) : Optional.empty();
    }

    long size() throws FsException {
        return file.stat().size();
    }

    /** Where a flush of the whole file system, which {@link Committer} does, is not to be had, flushes this file. */
    void makeDurable() throws FsException {
        if (!Inotify.isSupported()) {
            flush();
        }
    }

    /** Afterwards the bytes survive a power loss. */
    void flush() throws FsException {
        file.fsync();
    }

    /** Afterwards file and name survive a power loss, as far as the folder itself does. */
    void flushWithName() throws FsException {
        flush();
        folder.fsync();
    }

    @Override
    public void close() {
        file.close();
        folder.close();
    }
}
