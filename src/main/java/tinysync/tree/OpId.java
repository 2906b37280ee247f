package tinysync.tree;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one mutation of one device for ever, so that a retry is recognised. Written {@code BATCH-UUID:n}.
 *
 * @param batch a UUID the client made for a run of mutations
 * @param n the mutation's number within the batch, 0 … 2^31-1
 */
public record OpId(UUID batch, int n) {
    private static final int UUID_LENGTH = 36;

    public OpId {
        Objects.requireNonNull(batch);
        if (n < 0) {
            throw new IllegalArgumentException("negative number in an op id");
        }
    }

    /**
     * Reads the one accepted spelling.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static OpId parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not an op id (BATCH-UUID:n)"));
    }

    /** The op id, or empty when the text is not exactly {@code BATCH-UUID:n}, n without sign or leading zero. */
    public static Optional<OpId> tryParse(String text) {
        if (text.length() < UUID_LENGTH + 2 || text.charAt(UUID_LENGTH) != ':') {
            return Optional.empty();
        }
        String number = text.substring(UUID_LENGTH + 1);
        if (!number.matches("0|[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        return ItemId.strictUuid(text.substring(0, UUID_LENGTH)).map(u -> new OpId(u, Integer.parseInt(number)));
    }

    @Override
    public String toString() {
        return batch + ":" + n;
    }
}
