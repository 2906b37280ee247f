package tinysync.tree;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Identity of a device, made by the client when it registers. Written as a lower-case UUID. */
public record DeviceId(UUID value) {
    public DeviceId {
        Objects.requireNonNull(value);
    }

    /**
     * Reads the one accepted spelling, 36 characters in lower case.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static DeviceId parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a lower-case UUID"));
    }

    /** The id, or empty when the text is not exactly a lower-case UUID. */
    public static Optional<DeviceId> tryParse(String text) {
        return ItemId.strictUuid(text).map(DeviceId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
