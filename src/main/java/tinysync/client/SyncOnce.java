package tinysync.client;

import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.state.Home;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Syncs until nothing is left to do, without a daemon: is one, for so long. */
public final class SyncOnce {
    private SyncOnce() {}

    /**
     * Starts, waits and ends.
     *
     * @param environment for the place of the socket: others can ask meanwhile
     * @return {@code {"outcome":"…","status":{}}}, as the running daemon answers {@code sync}
     */
    public static JsonObject run(
            Home home,
            Optional<String> only,
            Optional<Duration> timeout,
            String version,
            Map<String, String> environment)
            throws IOException, InterruptedException, Membership.NotPossibleException {
        try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, version)) {
            if (only.isPresent() && daemon.chosen(only).isEmpty()) {
                throw new Membership.NotPossibleException("nothing is attached as '" + only.get() + "'");
            }
            daemon.openSocket(environment);
            Settling.Outcome outcome = new Settling(daemon).await(only, timeout);
            return new JsonObject().add("outcome", outcome.word()).add("status", daemon.status(only));
        }
    }
}
