package tinysync.client;

import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.engine.Event.Order;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
        try (Daemon daemon = start(home, only, version, environment)) {
            return answer(daemon, only, new Settling(daemon).await(only, timeout));
        }
    }

    /**
     * The same for a person's word to what is held, which is known only after disk and server were compared.
     *
     * @return as {@link #run}, with {@code "was_held":true} where there was something to decide
     */
    public static JsonObject confirm(
            Home home, Optional<String> only, boolean reject, String version, Map<String, String> environment)
            throws IOException, InterruptedException, Membership.NotPossibleException {
        try (Daemon daemon = start(home, only, version, environment)) {
            Settling settling = new Settling(daemon);
            Settling.Outcome outcome = settling.await(only, Optional.empty());
            boolean held = false;
            for (AttachmentRunner runner : daemon.chosen(only)) {
                if (runner.awaitsWord()) {
                    held = true;
                    Settling.decided(runner, reject ? Order.REJECT : Order.CONFIRM);
                }
            }
            outcome = held ? settling.await(only, Optional.empty()) : outcome;
            return answer(daemon, only, outcome).add("was_held", held);
        }
    }

    private static Daemon start(Home home, Optional<String> only, String version, Map<String, String> environment)
            throws IOException, Membership.NotPossibleException {
        Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, version);
        boolean done = false;
        try {
            if (only.isPresent() && daemon.chosen(only).isEmpty()) {
                List<Attachment> all =
                        daemon.chosen(Optional.empty()).stream().map(AttachmentRunner::attachment).toList();
                throw new Membership.NotPossibleException(Membership.notAttached(only.get(), all));
            }
            daemon.openSocket(environment);
            done = true;
            return daemon;
        } finally {
            if (!done) {
                daemon.close();
            }
        }
    }

    private static JsonObject answer(Daemon daemon, Optional<String> only, Settling.Outcome outcome) {
        return new JsonObject().add("outcome", outcome.word()).add("status", daemon.status(only));
    }
}
