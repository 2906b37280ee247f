package tinysync.server.core;

import java.util.Objects;
import java.util.UUID;

/** A stretch of history: from {@code firstSeq} on, events belong to {@code epoch}, up to where the next one begins. */
public record Epoch(UUID epoch, long firstSeq) {
    public Epoch {
        Objects.requireNonNull(epoch);
    }
}
