package tinysync.tree;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A place in one history of a vault's change log.
 *
 * @param epoch a lower-case UUID, new each time a server says that its history was cut
 * @param seq the last event that is included, 0 for none
 * @param tag the random tag of that event, 16 lower-case hex digits; {@link #ZERO_TAG} at seq 0
 */
public record Cursor(UUID epoch, long seq, String tag) {
    public static final String ZERO_TAG = "0000000000000000";
    private static final long MAX_SEQ = (1L << 53) - 1;

    public Cursor {
        Objects.requireNonNull(epoch);
        if (seq < 0 || seq > MAX_SEQ) {
            throw new IllegalArgumentException("seq outside 0 … 2^53-1");
        }
        if (!tag.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a cursor's tag is 16 lower-case hex digits");
        }
    }

    public static Cursor start(UUID epoch) {
        return new Cursor(epoch, 0, ZERO_TAG);
    }

    /** Reads {@code EPOCH.SEQ.TAG}, the spelling used in a query; empty when it is anything else. */
    public static Optional<Cursor> tryParse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || !parts[1].matches("0|[1-9][0-9]{0,15}") || !parts[2].matches("[0-9a-f]{16}")) {
            return Optional.empty();
        }
        long seq = Long.parseLong(parts[1]);
        if (seq > MAX_SEQ) {
            return Optional.empty();
        }
        return ItemId.strictUuid(parts[0]).map(epoch -> new Cursor(epoch, seq, parts[2]));
    }

    /** The spelling used in a query, {@code EPOCH.SEQ.TAG}. */
    public String query() {
        return epoch + "." + seq + "." + tag;
    }
}
