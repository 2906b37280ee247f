package tinysync.client;

import tinysync.client.engine.Event;
import tinysync.client.remote.ServerConnection;
import tinysync.tree.VaultId;
import tinysync.wire.Me;

import java.util.Optional;
import java.util.function.Consumer;

/** What attachments and {@code status} know of the connection to the server. Thread-safe. */
interface Connection {
    /** What the device may reach, as the server said last; empty before it said so in this run. */
    Optional<Me> me();

    /** Whether the server answers; empty while the first try is under way. */
    Optional<Boolean> reachable();

    /** Somebody waits: where the server was not reached, it is tried again now, whenever the next try was due. */
    void tryNow();

    /** How the server is asked, in the name of the device that this is now. */
    ServerConnection server();

    /** The server said that another copy of this device has been there. */
    void doubtIdentity();

    /** {@code socket}, {@code poll} or {@code none}. */
    String wake();

    /**
     * From now on the listener is told of the connection and of the vault's head, beginning with how things stand.
     *
     * @return ends it
     */
    AutoCloseable listen(VaultId vault, Consumer<Event> listener);
}
