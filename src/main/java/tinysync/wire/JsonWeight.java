package tinysync.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * How much memory {@link StrictJson} takes at most for a text, told without parsing it. Bytes alone do not say: two
 * bytes of {@code 1,} become some eighty on the heap, while text costs a few times itself. For one thread.
 */
public final class JsonWeight {
    /** The bytes as they came, decoded, as one string, and again as the strings of the values. */
    private static final int PER_BYTE = 6;

    /** A member or element: its value, its name, and its place in the list of its parent. */
    private static final int PER_VALUE = 130;

    /** The lists and the table of names that an object or array has by itself. */
    private static final int PER_BRACKET = 250;

    private static final int BUFFER = 8 << 10;

    private long bytes;
    private long values = 1;
    private long brackets;
    private boolean inString;
    private boolean escaped;

    /** The heap, in bytes, that it takes to parse what {@code text} holds; reads it to the end. */
    public static long of(InputStream text) throws IOException {
        JsonWeight weight = new JsonWeight();
        byte[] buffer = new byte[BUFFER];
        for (int got = text.read(buffer); got >= 0; got = text.read(buffer)) {
            weight.add(buffer, 0, got);
        }
        return weight.sum();
    }

    /**
     * {@code text}, which is refused ({@code body_too_large}) where it would take more than {@code heapMax} bytes of
     * heap to parse what came of it so far: before it is parsed, and before the rest is read.
     */
    public static InputStream bounded(InputStream text, long heapMax) {
        return new Bounded(text, heapMax);
    }

    private static final class Bounded extends FilterInputStream {
        private final JsonWeight weight = new JsonWeight();
        private final long heapMax;

        Bounded(InputStream text, long heapMax) {
            super(text);
            this.heapMax = heapMax;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = super.read(buffer, offset, length);
            weight.add(buffer, offset, Math.max(0, got));
            if (weight.sum() > heapMax) {
                throw new Refusal(
                        ErrorCode.BODY_TOO_LARGE, "JSON that would take more than " + heapMax + " bytes of memory");
            }
            return got;
        }
    }

    private void add(byte[] text, int offset, int length) {
        bytes += length;
        for (int i = offset; i < offset + length; i++) {
            if (inString) {
                string(text[i]);
            } else {
                switch (text[i]) {
                    case '"' -> inString = true;
                    case ',', ':' -> values++;
                    case '{', '[' -> brackets++;
                    default -> {
                        // Part of a number, a word or white space: counted as bytes.
                    }
                }
            }
        }
    }

    private void string(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
        }
    }

    private long sum() {
        return bytes * PER_BYTE + values * PER_VALUE + brackets * PER_BRACKET;
    }
}
