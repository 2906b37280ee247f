package tinysync.content;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A SHA-256 value (FIPS 180-4), ordered as its hex text is. Its four words hold the 32 bytes in big-endian order.
 *
 * <p>Comparison is not constant-time: use it for content, never for secrets.
 */
public record Hash(long word0, long word1, long word2, long word3) implements Comparable<Hash> {

    /** Length of the binary form, in bytes. */
    public static final int BYTES = 32;

    private static final int HEX_DIGITS = 2 * BYTES;
    private static final HexFormat HEX = HexFormat.of();

    /** The hash of {@code content}. */
    public static Hash of(byte[] content) {
        return of(content, 0, content.length);
    }

    /** The hash of {@code length} bytes of {@code buffer} from {@code offset}. */
    public static Hash of(byte[] buffer, int offset, int length) {
        Hasher hasher = new Hasher();
        hasher.update(buffer, offset, length);
        return hasher.finish();
    }

    /**
     * The hash that {@code digest}, 32 bytes, is the binary form of; any other length is an IllegalArgumentException.
     */
    public static Hash fromBytes(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length);
        }
        ByteBuffer words = ByteBuffer.wrap(digest);
        return new Hash(words.getLong(), words.getLong(), words.getLong(), words.getLong());
    }

    /** Reads exactly 64 lower-case hex digits; anything else is an IllegalArgumentException. */
    public static Hash parse(String hex) {
        return tryParse(hex).orElseThrow(() -> new IllegalArgumentException("not 64 lower-case hex digits"));
    }

    /** Reads exactly 64 lower-case hex digits; empty for anything else. */
    public static Optional<Hash> tryParse(String hex) {
        if (hex.length() != HEX_DIGITS || !hex.chars().allMatch(Hash::isLowerHex)) {
            return Optional.empty();
        }
        return Optional.of(fromBytes(HEX.parseHex(hex)));
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** The 32 bytes, in a new array. */
    public byte[] bytes() {
        ByteBuffer words = ByteBuffer.allocate(BYTES);
        words.putLong(word0).putLong(word1).putLong(word2).putLong(word3);
        return words.array();
    }

    /** 64 lower-case hex digits. */
    public String hex() {
        return HEX.formatHex(bytes());
    }

    @Override
    public String toString() {
        return hex();
    }

    @Override
    public int compareTo(Hash other) {
        int order = Long.compareUnsigned(word0, other.word0);
        order = order != 0 ? order : Long.compareUnsigned(word1, other.word1);
        order = order != 0 ? order : Long.compareUnsigned(word2, other.word2);
        return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
    }
}
