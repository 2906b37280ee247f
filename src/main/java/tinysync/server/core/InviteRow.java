package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An invite that was minted.
 *
 * @param verifier what its secret is compared with, see {@link Secrets}
 * @param group which a device that uses it joins
 * @param role what it was minted for; shown, while the group's grants decide
 * @param minter the device that must still manage the group; empty for the admin
 */
public record InviteRow(
        InviteId id,
        Hash verifier,
        GroupId group,
        Role role,
        int usesLeft,
        Instant expires,
        Instant created,
        Optional<DeviceId> minter) {
    public InviteRow {
        Objects.requireNonNull(id);
        Objects.requireNonNull(verifier);
        Objects.requireNonNull(group);
        Objects.requireNonNull(role);
        Objects.requireNonNull(expires);
        Objects.requireNonNull(created);
        Objects.requireNonNull(minter);
    }

    InviteRow usedOnce() {
        return new InviteRow(id, verifier, group, role, usesLeft - 1, expires, created, minter);
    }
}
