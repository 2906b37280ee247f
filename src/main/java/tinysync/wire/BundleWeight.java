package tinysync.wire;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * How much memory it takes to read a bundle, told without parsing it.
 *
 * @param json at most what the mutations take, should all of them wait for their content, and one frame while it is
 *     parsed
 * @param content the bytes of all small contents
 */
public record BundleWeight(long json, long content) {
    /** A mutation takes less than so many times its text. */
    private static final int PER_BYTE = 4;

    /** Weighs up to the end, or to where the format breaks: nothing behind that will be read. */
    public static BundleWeight of(InputStream in) throws IOException {
        long text = 0;
        long largest = 0;
        long content = 0;
        byte[] head = in.readNBytes(Integer.BYTES + 1);
        while (head.length == Integer.BYTES + 1 && text <= BundleReader.JSON_MAX) {
            Part body = new Part(in, Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt()) - 1);
            switch (head[Integer.BYTES]) {
                case Frames.JSON -> {
                    largest = Math.max(largest, JsonWeight.of(body));
                    text += body.count;
                }
                case Frames.DEFLATED -> {
                    Part inflated = new Part(new InflaterInputStream(body), Frames.JSON_MAX + 1);
                    largest = Math.max(largest, inflated(inflated));
                    text += inflated.count;
                }
                default -> content += body.max;
            }
            body.skipRest();
            head = in.readNBytes(Integer.BYTES + 1);
        }
        return new BundleWeight(text * PER_BYTE + largest, content);
    }

    private static long inflated(Part text) throws IOException {
        try (InputStream _ = text.in()) {
            return JsonWeight.of(text);
        } catch (ZipException | EOFException malformed) {
            // It is refused before any of it is parsed.
            return Frames.JSON_MAX;
        }
    }

    /** The next bytes of a stream, and how many of them were read. Closing it leaves the stream open. */
    private static final class Part extends FilterInputStream {
        private final long max;
        private long count;

        Part(InputStream in, long max) {
            super(in);
            this.max = max;
        }

        InputStream in() {
            return in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (count >= max) {
                return -1;
            }
            int got = in.read(buffer, offset, (int) Math.min(length, max - count));
            count += Math.max(0, got);
            return got;
        }

        /** Leaves nothing of it for who reads on; the end of the whole stream is for the reader to find. */
        void skipRest() throws IOException {
            long left = max - count;
            while (left > 0) {
                long skipped = in.skip(left);
                left = skipped > 0 ? left - skipped : 0;
            }
        }

        @Override
        public void close() {
            count = max;
        }
    }
}
