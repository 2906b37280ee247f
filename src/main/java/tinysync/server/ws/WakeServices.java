package tinysync.server.ws;

import tinysync.platform.SystemClock;
import tinysync.server.live.Access;
import tinysync.server.live.AccessWatch;
import tinysync.server.live.Attempts;
import tinysync.server.live.HeadHub;
import tinysync.server.live.Origins;
import tinysync.server.live.Vaults;

import java.util.Objects;

/** What a wake connection needs of the server. */
public record WakeServices(
        Access access,
        Attempts attempts,
        Origins origins,
        AccessWatch watch,
        HeadHub hub,
        Vaults vaults,
        SystemClock clock) {
    public WakeServices {
        Objects.requireNonNull(access);
        Objects.requireNonNull(attempts);
        Objects.requireNonNull(origins);
        Objects.requireNonNull(watch);
        Objects.requireNonNull(hub);
        Objects.requireNonNull(vaults);
        Objects.requireNonNull(clock);
    }

    System.Logger log() {
        return System.getLogger("tinysync.server.wake");
    }
}
