package tinysync.server.core;

import tinysync.tree.DeviceId;

import java.util.Objects;

/** Who a request comes from, once its token was found good. */
public sealed interface Principal {

    /** The holder of the admin token: may do everything but commit. */
    record Admin() implements Principal {}

    /** A registered device that is not revoked. */
    record Device(DeviceId id) implements Principal {
        public Device {
            Objects.requireNonNull(id);
        }
    }
}
