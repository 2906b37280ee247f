package tinysync.server.core;

import java.time.Instant;
import java.util.Objects;

/** A group of devices. */
public record GroupRow(GroupId id, String name, Instant created) {
    public GroupRow {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(created);
    }
}
