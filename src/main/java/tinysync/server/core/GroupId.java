package tinysync.server.core;

import java.util.Objects;
import java.util.UUID;

/** Identity of a group of devices, made by the server. Written as a lower-case UUID. */
public record GroupId(UUID value) {
    public GroupId {
        Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
