package tinysync.client;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.wire.Me;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * The line from a daemon to one of its servers: the connection, and what the attachments there share. One server that
 * is away keeps nothing from the others. Thread-safe.
 */
final class ServerLine implements AutoCloseable {
    private final Account account;
    private final ServerConnection server;
    private final ServerSide connection;
    private final Surroundings surroundings;

    /**
     * @param identity at the account's server
     * @param whenLearned is told each time what the device may reach there
     */
    ServerLine(
            Account account,
            Identity identity,
            HoldLimit holdDeletes,
            SystemClock clock,
            SystemRandom random,
            Consumer<Me> whenLearned,
            Signal changed) {
        this.account = account;
        this.server = Membership.connection(identity);
        this.connection = new ServerSide(account, new ServerApi(server), random, clock, whenLearned, changed);
        this.surroundings = new Surroundings(account, this::identity, server, connection, holdDeletes, clock, random);
    }

    void start() {
        connection.start();
    }

    Account account() {
        return account;
    }

    ServerConnection server() {
        return server;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    private Identity identity() {
        try {
            return account.identity().orElseThrow(() -> new IllegalStateException("the identity is gone"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    StatusJson.Server status(Identity identity) {
        return new StatusJson.Server(identity, connection.reachable().orElse(false), connection.wake());
    }

    @Override
    public void close() {
        connection.close();
    }
}
