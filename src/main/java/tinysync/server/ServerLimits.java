package tinysync.server;

import tinysync.server.http.HttpTimes;
import tinysync.server.live.AttemptLimit;
import tinysync.server.ws.WakeTimes;

import java.util.Objects;

/**
 * How patient a server is. Operators take it as it is; tests cannot wait that long.
 *
 * @param http with HTTP connections
 * @param wake with connections to the wake socket
 * @param attempts how often somebody may fail to authenticate
 */
public record ServerLimits(HttpTimes http, WakeTimes wake, AttemptLimit attempts) {
    public static final ServerLimits DEFAULT =
            new ServerLimits(HttpTimes.DEFAULT, WakeTimes.DEFAULT, AttemptLimit.DEFAULT);

    public ServerLimits {
        Objects.requireNonNull(http);
        Objects.requireNonNull(wake);
        Objects.requireNonNull(attempts);
    }
}
