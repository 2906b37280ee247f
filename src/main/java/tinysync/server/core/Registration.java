package tinysync.server.core;

import java.util.List;
import java.util.Objects;

/**
 * A device that is registered now.
 *
 * @param fresh false when it was registered before with equal values
 */
public record Registration(DeviceRow device, boolean fresh, List<Reach> vaults) {
    public Registration {
        Objects.requireNonNull(device);
        vaults = List.copyOf(vaults);
    }
}
