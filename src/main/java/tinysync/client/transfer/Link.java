package tinysync.client.transfer;

import tinysync.client.engine.Event;
import tinysync.client.remote.ServerApi;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.VaultId;

import java.util.UUID;
import java.util.function.Consumer;

/**
 * Keeps touch with one server for all attachments, and tells each whether its vault can be reached and where its head
 * is: {@link Event.Online}, {@link Event.HeadMoved}, {@link Event.Offline}, {@link Event.AccessLost}.
 *
 * <p>Two threads: one holds the WebSocket ({@code Listening}); the other asks by HTTP ({@code Asking}). The second
 * begins at once with a long poll, gives it up when the socket has authenticated, and takes over when that is gone. A
 * socket that breaks does not mean offline: the server gets a moment to answer by HTTP first. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private final Standing standing;
    private final Thread asking;
    private final Thread listening;

    /**
     * @param instance of this run of the client, as the server knows it
     * @param whenGranted is run when something else may be reached now, or is called or ruled otherwise
     */
    public Link(ServerApi api, UUID instance, SystemRandom random, SystemClock clock, Runnable whenGranted) {
        this.standing = new Standing(clock::monotonicNanos, random::nextLong);
        this.asking = Thread.ofVirtual().name("link-poll").unstarted(new Asking(api, standing));
        this.listening =
                Thread.ofVirtual().name("link-socket").unstarted(new Listening(api, instance, standing, whenGranted));
    }

    /** Call once. */
    public void start() {
        asking.start();
        listening.start();
    }

    /** Tells {@code listener} of a vault from now on, on a thread of its own, one event after the other. */
    public void watch(VaultId vault, Consumer<Event> listener) {
        unwatch(vault);
        standing.watch(vault, new Watch(listener));
    }

    /** Tells no more; returns when a running call of the listener has ended. */
    public void unwatch(VaultId vault) {
        standing.unwatch(vault).ifPresent(Watch::close);
    }

    /** Somebody waits: where the server was not reached, it is tried again now, whenever the next try was due. */
    public void tryNow() {
        standing.hurry();
    }

    /** How news come in: {@code socket}, {@code poll}, or {@code none} while there is no connection. */
    public String mode() {
        return standing.mode();
    }

    /** Whether the server said where the head of a vault is within the last minute. */
    public boolean isConfirmed(VaultId vault) {
        return standing.isConfirmed(vault);
    }

    /** Ends both threads and tells nobody anything any more. */
    @Override
    public void close() {
        standing.stop().forEach(Watch::close);
        asking.interrupt();
        listening.interrupt();
        try {
            asking.join();
            listening.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
