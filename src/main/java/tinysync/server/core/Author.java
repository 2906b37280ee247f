package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.wire.Role;

import java.util.Objects;

/** Who commits, with the role that was read under the vault's lock. */
public record Author(DeviceId device, Role role) {
    public Author {
        Objects.requireNonNull(device);
        Objects.requireNonNull(role);
    }
}
