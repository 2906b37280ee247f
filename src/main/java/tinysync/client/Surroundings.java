package tinysync.client;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * What all attachments at one server share.
 *
 * @param identity at that server, as it is now
 */
record Surroundings(
        Account account,
        Supplier<Identity> identity,
        Connection connection,
        HoldLimit holdDeletes,
        SystemClock clock,
        SystemRandom random) {
    Surroundings {
        Objects.requireNonNull(account);
        Objects.requireNonNull(identity);
        Objects.requireNonNull(connection);
        Objects.requireNonNull(holdDeletes);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(random);
    }

    /** How the server is asked now. */
    ServerConnection server() {
        return connection.server();
    }
}
