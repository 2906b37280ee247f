package tinysync.server.core;

import tinysync.tree.VaultId;
import tinysync.wire.Role;

import java.util.Objects;

/** That the devices of a group may reach a vault. */
public record GrantRow(GroupId group, VaultId vault, Role role) {
    public GrantRow {
        Objects.requireNonNull(group);
        Objects.requireNonNull(vault);
        Objects.requireNonNull(role);
    }
}
