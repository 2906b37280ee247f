package tinysync.tree;

/**
 * The seq that last changed each dimension of an item. All are 0 only for the root of a vault in which nothing happened
 * to the root itself.
 */
public record Versions(long content, long place, long meta) {
    public Versions {
        if (content < 0 || place < 0 || meta < 0) {
            throw new IllegalArgumentException("negative version");
        }
    }

    /** All three dimensions born at one seq. */
    public static Versions all(long seq) {
        return new Versions(seq, seq, seq);
    }

    /** The item's version: the largest of the three. */
    public long max() {
        return Math.max(content, Math.max(place, meta));
    }

    public Versions withContent(long seq) {
        return new Versions(seq, place, meta);
    }

    public Versions withPlace(long seq) {
        return new Versions(content, seq, meta);
    }

    public Versions withMeta(long seq) {
        return new Versions(content, place, seq);
    }
}
