package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A registered device.
 *
 * @param verifier what the secret of its token is compared with, see {@link Secrets}
 * @param instance the running instance it last told of; empty before the first
 * @param seen when it last called, to within some minutes
 */
public record DeviceRow(
        DeviceId id,
        String name,
        Hash verifier,
        Optional<UUID> instance,
        boolean revoked,
        Instant created,
        Instant seen) {
    public DeviceRow {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(verifier);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(created);
        Objects.requireNonNull(seen);
    }

    public DeviceRow withInstance(UUID current) {
        return new DeviceRow(id, name, verifier, Optional.of(current), revoked, created, seen);
    }

    public DeviceRow asRevoked() {
        return new DeviceRow(id, name, verifier, instance, true, created, seen);
    }

    public DeviceRow withSeen(Instant at) {
        return new DeviceRow(id, name, verifier, instance, revoked, created, at);
    }
}
