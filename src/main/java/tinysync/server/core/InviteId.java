package tinysync.server.core;

import java.util.Objects;
import java.util.UUID;

/** Identity of an invite, made by the server; the first part of {@code tsinv_…}. */
public record InviteId(UUID value) {
    public InviteId {
        Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
