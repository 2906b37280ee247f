package tinysync.content;

import java.util.Objects;

/**
 * Names content: its id and its size in bytes (0 … 2^53 - 1). On the wire {@code {"alg":"sha256","id":…,"size":…}}.
 *
 * <p>Whether the id is a hash of bytes or of a manifest cannot be seen from it; whoever stores the content knows.
 */
public record ContentRef(Hash id, long size) {

    /** The only algorithm that there is. */
    public static final String ALG = "sha256";

    /** Sizes are exact in JSON, hence below 2^53. */
    public static final long SIZE_MAX = (1L << 53) - 1;

    /** Content of no bytes. */
    public static final ContentRef EMPTY = new ContentRef(Hash.of(new byte[0]), 0);

    public ContentRef {
        Objects.requireNonNull(id);
        if (size < 0 || size > SIZE_MAX) {
            throw new IllegalArgumentException("content size out of range: " + size);
        }
    }
}
