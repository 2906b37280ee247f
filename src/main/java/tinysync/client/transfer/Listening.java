package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.WakeDown;
import tinysync.client.remote.WakeListener;
import tinysync.client.remote.WakeSocket;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The thread of a {@link Link} that holds the WebSocket, and makes a new one whenever that is gone. */
final class Listening implements Runnable {
    private final ServerApi api;
    private final UUID instance;
    private final Standing standing;
    private final Runnable whenGranted;

    Listening(ServerApi api, UUID instance, Standing standing, Runnable whenGranted) {
        this.api = Objects.requireNonNull(api);
        this.instance = Objects.requireNonNull(instance);
        this.standing = Objects.requireNonNull(standing);
        this.whenGranted = Objects.requireNonNull(whenGranted);
    }

    /** Until the link stops. */
    @Override
    public void run() {
        while (!standing.isStopped()) {
            wakeAddress().ifPresent(address -> listen(api.wake(address, instance)));
            standing.pauseListening();
        }
    }

    /**
     * Where the socket is, if there is one. Never one in clear when the server itself is reached under TLS: the token
     * goes over it. That the server does not answer is for {@link Asking} to tell.
     */
    private Optional<URI> wakeAddress() {
        boolean tls = api.connection().base().getScheme().equals("https");
        try {
            return api.info()
                    .wake()
                    .flatMap(Listening::uri)
                    .filter(uri -> "wss".equals(uri.getScheme()) || (!tls && "ws".equals(uri.getScheme())));
        } catch (RemoteException notNow) {
            return Optional.empty();
        }
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private void listen(WakeSocket socket) {
        if (standing.opened(socket)) {
            socket.run(new Ears());
        }
    }

    private final class Ears implements WakeListener {
        @Override
        public void onReady() {
            standing.socketReady();
        }

        @Override
        public void onHead(VaultId vault, Cursor head) {
            standing.heard(vault, head);
        }

        @Override
        public void onGrants() {
            standing.ask();
            whenGranted.run();
        }

        @Override
        public void onDown(WakeDown why) {
            standing.socketDown(why.detail());
        }

        @Override
        public void onSilence() {
            standing.socketSilent();
        }
    }
}
