package tinysync.wire;

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
            weight.add(buffer, got);
        }
        return weight.sum();
    }

    private void add(byte[] text, int length) {
        bytes += length;
        for (int i = 0; i < length; i++) {
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
