package tinysync.tree;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Identity of a vault, made by the server. Written as a lower-case UUID. */
public record VaultId(UUID value) {
    public VaultId {
        Objects.requireNonNull(value);
    }

    /**
     * Reads the one accepted spelling, 36 characters in lower case.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static VaultId parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a lower-case UUID"));
    }

    /** The id, or empty when the text is not exactly a lower-case UUID. */
    public static Optional<VaultId> tryParse(String text) {
        return ItemId.strictUuid(text).map(VaultId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
