package tinysync.content;

/**
 * How a vault cuts content, fixed when the vault is made: no chunk but the last is shorter than {@code min}, none is
 * longer than {@code max}, and most are near {@code average} (a power of two). All in bytes.
 */
public record Chunking(int min, int average, int max) {

    /** No chunk of any vault is longer. */
    public static final int MAX_CHUNK = 4 << 20;

    /** Content up to this size lives in the database and rides inside the commit. */
    public static final int INLINE_MAX = 64 << 10;

    /** 256 KiB, 1 MiB, 4 MiB. */
    public static final Chunking DEFAULT = new Chunking(256 << 10, 1 << 20, MAX_CHUNK);

    public Chunking {
        if (min < FastCdc.WINDOW || min > average || average > max || max > MAX_CHUNK) {
            throw new IllegalArgumentException(
                    "chunking needs 64 <= min <= average <= max <= 4 MiB: " + min + ", " + average + ", " + max);
        }
        if (Integer.bitCount(average) != 1) {
            throw new IllegalArgumentException("the average chunk size must be a power of two: " + average);
        }
    }
}
