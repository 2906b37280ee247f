package tinysync.content;

import java.util.Objects;

/** A piece of content: the SHA-256 of its bytes, and how many there are (1 … {@link Chunking#MAX_CHUNK}). */
public record Chunk(Hash hash, int length) {

    public Chunk {
        Objects.requireNonNull(hash);
        if (length < 1 || length > Chunking.MAX_CHUNK) {
            throw new IllegalArgumentException("chunk length out of range: " + length);
        }
    }
}
