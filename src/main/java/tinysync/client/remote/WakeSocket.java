package tinysync.client.remote;

import tinysync.client.remote.WakeDown.Reason;
import tinysync.wire.DeviceToken;
import tinysync.wire.Refusal;
import tinysync.wire.WakeCodec;
import tinysync.wire.WakeFrame;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One life of the WebSocket on which a server says that vaults moved on. {@link #run} blocks for as long as it lives;
 * {@link #close} may be called from any thread. Never connects again by itself: who runs it knows when that is due.
 */
public final class WakeSocket implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * How long the other side may be silent.
     *
     * @param untilPing then it is asked whether it lives
     * @param untilPong so long after the ping it is told that it does not answer
     * @param most in all; then the socket is given up
     */
    record Patience(Duration untilPing, Duration untilPong, Duration most) {
        static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(15), Duration.ofSeconds(5), WakeCodec.SILENCE_MAX);

        Patience {
            Objects.requireNonNull(untilPing);
            Objects.requireNonNull(untilPong);
            Objects.requireNonNull(most);
        }

        Duration rest() {
            return most.minus(untilPing).minus(untilPong);
        }
    }

    private sealed interface Signal {
        record Text(String frame) implements Signal {}

        /** A ping, a pong or a part of a frame: the other side lives. */
        record Alive() implements Signal {}

        record Down(WakeDown why) implements Signal {}
    }

    private final HttpClient client;
    private final URI address;
    private final DeviceToken token;
    private final UUID instance;
    private final Patience patience;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

    WakeSocket(HttpClient client, URI address, DeviceToken token, UUID instance) {
        this(client, address, token, instance, Patience.DEFAULT);
    }

    WakeSocket(HttpClient client, URI address, DeviceToken token, UUID instance, Patience patience) {
        this.client = Objects.requireNonNull(client);
        this.address = Objects.requireNonNull(address);
        this.token = Objects.requireNonNull(token);
        this.instance = Objects.requireNonNull(instance);
        this.patience = Objects.requireNonNull(patience);
    }

    /**
     * Connects, authenticates and listens until the socket is gone for whatever reason, which {@code listener} hears.
     */
    public void run(WakeListener listener) {
        CompletableFuture<WebSocket> connecting = new CompletableFuture<>();
        try {
            connecting = connect();
            WebSocket socket = connecting.get();
            // Not waited for: a server that closes at once says why, and that matters more than that this failed.
            socket.sendText(WakeCodec.encode(new WakeFrame.Auth(token, instance)), true)
                    .exceptionally(
                            failed -> {
                                down(Reason.UNREACHABLE, text(failed));
                                return socket;
                            });
            listener.onDown(listen(socket, listener));
        } catch (ExecutionException failed) {
            listener.onDown(connectFailed(failed.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            listener.onDown(new WakeDown(Reason.CLOSED, text(interrupted)));
        } finally {
            // Also what connects only after this has given up.
            connecting.thenAccept(WebSocket::abort);
        }
    }

    /** Ends {@link #run}, now or as soon as it begins. */
    @Override
    public void close() {
        down(Reason.CLOSED, "closed");
    }

    private CompletableFuture<WebSocket> connect() {
        try {
            return client.newWebSocketBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .subprotocols(WakeCodec.SUBPROTOCOL)
                    .buildAsync(address, new Frames());
        } catch (IllegalArgumentException notAnAddress) {
            return CompletableFuture.failedFuture(notAnAddress);
        }
    }

    private WakeDown listen(WebSocket socket, WakeListener listener) throws InterruptedException {
        if (!socket.getSubprotocol().equals(WakeCodec.SUBPROTOCOL)) {
            return new WakeDown(Reason.GARBLED, "the server does not speak " + WakeCodec.SUBPROTOCOL);
        }
        while (true) {
            switch (next(socket, listener)) {
                case Signal.Text(String text) -> {
                    Optional<WakeDown> end = hear(text, listener);
                    if (end.isPresent()) {
                        return end.get();
                    }
                    // Only now the next one: a burst of heads waits at the server, which keeps the newest only.
                    socket.request(1);
                }
                case Signal.Alive _ -> socket.request(1);
                case Signal.Down(WakeDown why) -> {
                    return why;
                }
            }
        }
    }

    /** A frozen server closes nothing, and the network may have gone without a word: so it is asked. */
    private Signal next(WebSocket socket, WakeListener listener) throws InterruptedException {
        Optional<Signal> signal = within(patience.untilPing());
        if (signal.isEmpty()) {
            socket.sendPing(ByteBuffer.allocate(0)).exceptionally(failed -> socket);
            signal = within(patience.untilPong());
        }
        if (signal.isEmpty()) {
            listener.onSilence();
            signal = within(patience.rest());
        }
        return signal.orElseGet(
                () ->
                        new Signal.Down(
                                new WakeDown(
                                        Reason.SILENT, "nothing was heard for " + patience.most().toSeconds() + " s")));
    }

    private Optional<Signal> within(Duration time) throws InterruptedException {
        return Optional.ofNullable(signals.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static Optional<WakeDown> hear(String text, WakeListener listener) {
        Optional<WakeFrame> frame;
        try {
            frame = WakeCodec.decode(text);
        } catch (Refusal malformed) {
            return Optional.of(new WakeDown(Reason.GARBLED, malformed.getMessage()));
        }
        if (frame.isEmpty()) {
            return Optional.empty();
        }
        switch (frame.get()) {
            case WakeFrame.Ready _ -> listener.onReady();
            case WakeFrame.Head head -> listener.onHead(head.vault(), head.head());
            case WakeFrame.Grants _ -> listener.onGrants();
            case WakeFrame.Error error -> {
                return Optional.of(new WakeDown(reason(error.code()), error.message()));
            }
            case WakeFrame.Auth _ -> {
                return Optional.of(new WakeDown(Reason.GARBLED, "a server that authenticates itself"));
            }
        }
        return Optional.empty();
    }

    private static Reason reason(String code) {
        return switch (code) {
            case "unauthenticated" -> Reason.UNAUTHENTICATED;
            case "device_revoked" -> Reason.REVOKED;
            case "unavailable", "rate_limited" -> Reason.TRY_LATER;
            default -> Reason.UNREACHABLE;
        };
    }

    private static Reason reason(int closeCode) {
        return switch (closeCode) {
            case WakeCodec.CLOSE_UNAUTHENTICATED -> Reason.UNAUTHENTICATED;
            case WakeCodec.CLOSE_REVOKED -> Reason.REVOKED;
            case WakeCodec.CLOSE_RESTART -> Reason.RESTART;
            case WakeCodec.CLOSE_TRY_LATER -> Reason.TRY_LATER;
            default -> Reason.UNREACHABLE;
        };
    }

    private WakeDown connectFailed(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException || cause instanceof IllegalArgumentException) {
            return new WakeDown(Reason.GARBLED, "no WebSocket at " + address);
        }
        boolean foreign =
                cause instanceof IOException broken && HttpLink.sorted(broken) instanceof RemoteException.Garbled;
        return new WakeDown(foreign ? Reason.GARBLED : Reason.UNREACHABLE, text(cause));
    }

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private void down(Reason reason, String detail) {
        signals.add(new Signal.Down(new WakeDown(reason, detail)));
    }

    /** Turns what the JDK says, on its threads, into signals for the one that runs. */
    private final class Frames implements WebSocket.Listener {
        private final StringBuilder frame = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            if (frame.length() + part.length() > WakeCodec.FRAME_MAX) {
                down(Reason.GARBLED, "a frame of more than " + WakeCodec.FRAME_MAX + " bytes");
                return CompletableFuture.completedFuture(null);
            }
            frame.append(part);
            if (last) {
                signals.add(new Signal.Text(frame.toString()));
                frame.setLength(0);
            } else {
                signals.add(new Signal.Alive());
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            down(Reason.GARBLED, "a binary frame");
            return CompletableFuture.completedFuture(null);
        }

        /** The JDK has answered already; a ping still counts as a sign of life. */
        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            signals.add(new Signal.Alive());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            signals.add(new Signal.Alive());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            down(reason(code), "closed by the server (" + code + ")");
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            down(Reason.UNREACHABLE, text(error));
        }
    }
}
