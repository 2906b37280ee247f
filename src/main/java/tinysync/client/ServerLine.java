package tinysync.client;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The line from a daemon to one of its servers: the connection, and what the attachments there share. One server that
 * is away keeps nothing from the others. Thread-safe.
 */
final class ServerLine implements AutoCloseable {
    private final Account account;
    private final ServerSide connection;
    private final Surroundings surroundings;

    /**
     * @param identity at the account's server
     * @param listener is told what the server says of this device
     */
    ServerLine(
            Account account,
            Identity identity,
            HoldLimit holdDeletes,
            SystemClock clock,
            SystemRandom random,
            ServerSide.Listener listener,
            Signal changed) {
        this.account = account;
        this.connection = new ServerSide(account, identity, random, clock, listener, changed);
        this.surroundings = new Surroundings(account, this::identity, connection, holdDeletes, clock, random);
    }

    void start() {
        connection.start();
    }

    Account account() {
        return account;
    }

    ServerConnection server() {
        return connection.server();
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
