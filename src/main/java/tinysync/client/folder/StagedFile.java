package tinysync.client.folder;

import tinysync.content.ContentRef;
import tinysync.tree.ItemId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A download that is being put together, chunks in any order. For one thread, or several that write different ranges;
 * {@link #finish} and {@link #close} come last.
 */
public final class StagedFile implements AutoCloseable {
    private final Staging staging;
    private final ItemId item;
    private final ContentRef content;
    private final FileChannel channel;

    StagedFile(Staging staging, ItemId item, ContentRef content, FileChannel channel) {
        this.staging = staging;
        this.item = item;
        this.content = content;
        this.channel = channel;
    }

    /** Writes all that remains in the buffer, from {@code position} (bytes from the start) on. */
    public void writeAt(long position, ByteBuffer bytes) throws IOException {
        if (position < 0 || position + bytes.remaining() > content.size()) {
            throw new IllegalArgumentException("outside the content: " + position + " + " + bytes.remaining());
        }
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /**
     * Reads from {@code position} on until the buffer is full or the staged bytes end; what was never written in
     * between reads as zeros.
     *
     * @return the number of bytes read, 0 at the end
     */
    public int readAt(long position, ByteBuffer target) throws IOException {
        int read = 0;
        while (target.hasRemaining()) {
            int got = channel.read(target, position + read);
            if (got < 0) {
                break;
            }
            read += got;
        }
        return read;
    }

    /** Bytes staged so far, holes included. */
    public long size() throws IOException {
        return channel.size();
    }

    /** Makes what was written so far durable, so that who needs that of the whole has less to wait for. */
    public void flush() throws IOException {
        channel.force(false);
    }

    /** Says that every byte is written and was verified: the content can be placed from now on. */
    public void finish() throws IOException {
        if (channel.size() < content.size()) {
            throw new IOException("staged " + channel.size() + " of " + content.size() + " bytes of " + content.id());
        }
        channel.truncate(content.size());
        staging.complete(item, content);
    }

    /** Unfinished bytes stay, to be resumed. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
