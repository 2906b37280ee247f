package tinysync.client;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * What all attachments of a daemon share.
 *
 * @param identity as it is now
 * @param server how the server is asked
 */
record Surroundings(
        Home home,
        Supplier<Identity> identity,
        ServerConnection server,
        Connection connection,
        HoldLimit holdDeletes,
        SystemClock clock,
        SystemRandom random) {
    Surroundings {
        Objects.requireNonNull(home);
        Objects.requireNonNull(identity);
        Objects.requireNonNull(server);
        Objects.requireNonNull(connection);
        Objects.requireNonNull(holdDeletes);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(random);
    }
}
