package tinysync.server.core;

import tinysync.tree.VaultId;

import java.time.Instant;
import java.util.Objects;

/** A vault as the registry knows it. */
public record VaultRow(VaultId id, String name, Instant created) {
    public VaultRow {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(created);
    }
}
