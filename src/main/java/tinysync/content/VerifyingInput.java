package tinysync.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Passes on the bytes of another stream and throws {@link CorruptContentException} unless they are exactly {@code size}
 * bytes of hash {@code expected}. For a chunk or one-chunk content; a manifest's id is no hash of bytes.
 *
 * <p>The check is made before the last byte is handed out, so a reader that counts and never asks for the end of the
 * stream is covered too; bytes before the last are unverified when they are handed out. Closing early checks nothing.
 * For one thread; closing closes the other stream.
 */
public final class VerifyingInput extends InputStream {

    private final InputStream in;
    private final Hash expected;
    private final long size;
    private final Hasher hasher = new Hasher();
    private long count;
    private boolean verified;

    public VerifyingInput(InputStream in, Hash expected, long size) {
        this.in = Objects.requireNonNull(in);
        this.expected = Objects.requireNonNull(expected);
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        int got = in.read(buffer, offset, length);
        if (got < 0) {
            verifyEnd();
            return -1;
        }
        count += got;
        if (count > size) {
            throw new CorruptContentException("content " + expected + " is longer than " + size + " bytes");
        }
        hasher.update(buffer, offset, got);
        if (count == size) {
            verifyEnd();
        }
        return got;
    }

    private void verifyEnd() throws CorruptContentException {
        if (count != size) {
            throw new CorruptContentException(
                    "content " + expected + " ended after " + count + " of " + size + " bytes");
        }
        if (verified) {
            return;
        }
        Hash actual = hasher.finish();
        if (!actual.equals(expected)) {
            throw new CorruptContentException("content " + expected + " has bytes of hash " + actual);
        }
        verified = true;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
