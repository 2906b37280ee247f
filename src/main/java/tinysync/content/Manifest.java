package tinysync.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The chunks, in order, of content that has at least two; {@code size} is the sum of their lengths. Content of one
 * chunk or none has no manifest: its id is the hash of its bytes.
 *
 * <p>A manifest may come from the other side of a connection: every violation is an IllegalArgumentException.
 */
public record Manifest(long size, List<Chunk> chunks) {

    private static final String HEADER = "tinysync-manifest-1\n";

    /**
     * The part of {@code chunk} that belongs to a range: {@code length} bytes from {@code from}, counted inside the
     * chunk.
     */
    public record Piece(Chunk chunk, int from, int length) {}

    public Manifest {
        chunks = List.copyOf(chunks);
        if (chunks.size() < 2) {
            throw new IllegalArgumentException("a manifest has at least two chunks, not " + chunks.size());
        }
        long sum = 0;
        for (Chunk chunk : chunks) {
            sum += chunk.length();
        }
        if (sum != size || size > ContentRef.SIZE_MAX) {
            throw new IllegalArgumentException("manifest of size " + size + " has chunks of " + sum + " bytes");
        }
    }

    /** The manifest of these chunks, whose size is their sum. */
    public static Manifest of(List<Chunk> chunks) {
        return new Manifest(chunks.stream().mapToLong(Chunk::length).sum(), chunks);
    }

    /** The content id: SHA-256 of {@link #canonicalText} in UTF-8. Computed anew by each call. */
    public Hash id() {
        Hasher hasher = new Hasher();
        hasher.update(head().getBytes(UTF_8));
        for (Chunk chunk : chunks) {
            hasher.update(line(chunk).getBytes(UTF_8));
        }
        return hasher.finish();
    }

    /** What the content id is computed over: a version line, the size, then hash and length of each chunk. */
    String canonicalText() {
        StringBuilder text = new StringBuilder(head());
        chunks.forEach(chunk -> text.append(line(chunk)));
        return text.toString();
    }

    /** Id and size. Computed anew by each call. */
    public ContentRef ref() {
        return new ContentRef(id(), size);
    }

    /**
     * The pieces that together are {@code length} bytes from {@code offset}, in order; none for a length of 0. A range
     * that is not inside the content is an IndexOutOfBoundsException.
     */
    public List<Piece> covering(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size);
        List<Piece> pieces = new ArrayList<>();
        long end = offset + length;
        long start = 0;
        for (Chunk chunk : chunks) {
            if (start >= end) {
                break;
            }
            long from = Math.max(offset, start);
            long to = Math.min(end, start + chunk.length());
            if (from < to) {
                pieces.add(new Piece(chunk, (int) (from - start), (int) (to - from)));
            }
            start += chunk.length();
        }
        return List.copyOf(pieces);
    }

    private String head() {
        return HEADER + size + "\n";
    }

    private static String line(Chunk chunk) {
        return chunk.hash().hex() + " " + chunk.length() + "\n";
    }
}
