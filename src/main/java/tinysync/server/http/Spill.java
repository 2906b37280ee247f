package tinysync.server.http;

import tinysync.server.core.StoreException;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps what is written until it is needed: a little in memory, the rest in a file, so that a request or an answer may
 * wait for a slow peer, or for its turn, at almost no cost. For one thread.
 *
 * <p>Trouble with the file is a {@link StoreException}: an {@link IOException} would be taken for the peer's.
 */
final class Spill extends OutputStream {
    private static final int MEMORY_MAX = 16 << 10;
    private static final int BUFFER = 16 << 10;

    private final Path folder;
    private final DiskBudget disk;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<Path> file = Optional.empty();
    private OutputStream overflow = OutputStream.nullOutputStream();
    private long size;
    private long onDisk;

    Spill(Path folder, DiskBudget disk) {
        this.folder = folder;
        this.disk = disk;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /**
     * @throws tinysync.wire.Refusal unavailable, when too much is kept in files already
     */
    @Override
    public void write(byte[] buffer, int offset, int length) {
        boolean spills = file.isPresent() || memory.size() + length > MEMORY_MAX;
        if (spills) {
            disk.take(length);
            onDisk += length;
        }
        try {
            if (spills && file.isEmpty()) {
                file = Optional.of(Files.createTempFile(folder, "spill", ".part"));
                overflow = new BufferedOutputStream(Files.newOutputStream(file.get()), BUFFER);
            }
            (spills ? overflow : memory).write(buffer, offset, length);
            size += length;
        } catch (IOException e) {
            throw trouble("cannot keep what does not fit into memory", e);
        }
    }

    /** The JDK has no type for a full disk, only the system's words. */
    static StoreException trouble(String message, IOException cause) {
        boolean full = String.valueOf(cause.getMessage()).matches("(?s).*(No space left|Disk quota exceeded).*");
        return new StoreException(full ? StoreException.Trouble.FULL : StoreException.Trouble.BROKEN, message, cause);
    }

    long size() {
        return size;
    }

    /** All of it, from its beginning; for one reader at a time, who closes it. */
    InputStream read() {
        InputStream first = new ByteArrayInputStream(memory.toByteArray());
        if (file.isEmpty()) {
            return first;
        }
        try {
            overflow.flush();
            return new BufferedInputStream(new SequenceInputStream(first, Files.newInputStream(file.get())), BUFFER);
        } catch (IOException e) {
            throw trouble("cannot read what was kept", e);
        }
    }

    /** Sends all of it. */
    void copyTo(OutputStream out) throws IOException {
        try (InputStream in = read()) {
            in.transferTo(out);
        }
    }

    /** Forgets it. */
    @Override
    public void close() throws IOException {
        try {
            overflow.close();
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } finally {
            disk.giveBack(onDisk);
            onDisk = 0;
        }
    }
}
