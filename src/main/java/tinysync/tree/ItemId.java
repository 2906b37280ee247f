package tinysync.tree;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Identity of an item for ever, made by the client that creates it. Written as a lower-case UUID. */
public record ItemId(UUID value) implements Comparable<ItemId> {
    private static final int TEXT_LENGTH = 36;

    public ItemId {
        Objects.requireNonNull(value);
    }

    /**
     * Reads the one accepted spelling, 36 characters in lower case.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static ItemId parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a lower-case UUID"));
    }

    /** The id, or empty when the text is not exactly a lower-case UUID. */
    public static Optional<ItemId> tryParse(String text) {
        return strictUuid(text).map(ItemId::new);
    }

    /** The UUID, or empty when the text is not exactly its lower-case spelling ({@link UUID} alone accepts more). */
    static Optional<UUID> strictUuid(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) ? Optional.of(uuid) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(ItemId other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
