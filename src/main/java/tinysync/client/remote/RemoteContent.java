package tinysync.client.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Content on its way in: exactly {@link #length} bytes, then the end. An IOException while reading means that the
 * server is not reachable any more, or stalled. The bytes are <em>not</em> verified here: only who asked knows whether
 * the id is the hash of bytes or of a manifest. For one thread; closing early lets go of the connection.
 */
public final class RemoteContent extends InputStream {
    private final Reply reply;
    private final long length;
    private long left;

    RemoteContent(Reply reply, long length) {
        this.reply = Objects.requireNonNull(reply);
        this.length = length;
        this.left = length;
    }

    /** How many bytes there are in all. */
    public long length() {
        return length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        int got = reply.body().read(buffer, offset, count);
        if (got < 0 && left > 0) {
            throw new IOException("the content ended " + left + " bytes early");
        }
        left -= Math.max(0, got);
        if (left < 0) {
            throw new IOException("the content is longer than announced");
        }
        return got;
    }

    @Override
    public void close() {
        reply.close();
    }
}
