package tinysync.server.core;

import tinysync.wire.Role;

import java.util.Objects;

/** A vault that a device may reach, and as what. */
public record Reach(VaultRow vault, Role role) {
    public Reach {
        Objects.requireNonNull(vault);
        Objects.requireNonNull(role);
    }
}
