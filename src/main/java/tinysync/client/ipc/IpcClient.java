package tinysync.client.ipc;

import com.eclipsesource.json.JsonObject;

import tinysync.wire.Fields;
import tinysync.wire.IpcFrame;
import tinysync.wire.IpcFrames;
import tinysync.wire.Refusal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks a running daemon, one request after the other. For one thread. */
public final class IpcClient implements AutoCloseable {
    private static final int PROTOCOL = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private long nextId;

    private IpcClient(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
        this.out = Channels.newOutputStream(channel);
    }

    /**
     * Connects and greets.
     *
     * @param name who asks, such as {@code cli/0.1.0}
     * @return empty when no daemon listens for this home
     * @throws IOException also when what listens there is not this user's, or leaves the greeting unanswered
     */
    public static Optional<IpcClient> connect(Path home, String name) throws IOException {
        return connect(home, name, IpcServer.Doorman.SAME_USER, PATIENCE);
    }

    static Optional<IpcClient> connect(Path home, String name, IpcServer.Doorman trusted, Duration patience)
            throws IOException {
        Optional<Path> socket = new SocketPlace(home).announced();
        if (socket.isEmpty() || !Files.exists(socket.get())) {
            return Optional.empty();
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket.get()));
        } catch (IOException nobody) {
            // What a daemon left that was killed: refused. Whoever cares about the reason starts one and is told.
            channel.close();
            return Optional.empty();
        }
        IpcClient client = new IpcClient(channel);
        boolean greeted = false;
        try {
            if (!trusted.admits(channel)) {
                throw new IOException("what listens at " + socket.get() + " belongs to another user: remove it");
            }
            client.greet(name, patience);
            greeted = true;
            return Optional.of(client);
        } finally {
            if (!greeted) {
                client.close();
            }
        }
    }

    /** A daemon answers this at once, however busy it is; one that is frozen, or another program, would keep us. */
    private void greet(String name, Duration patience) throws IOException {
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofVirtual().name("ipc-patience").start(() -> giveUpAfter(patience, answered));
        try {
            call("hello", new JsonObject().add("protocol", PROTOCOL).add("client", name));
        } catch (AsynchronousCloseException gaveUp) {
            throw new IOException("the client that runs here does not answer: end it, and start it again", gaveUp);
        } finally {
            answered.countDown();
        }
    }

    private void giveUpAfter(Duration patience, CountDownLatch answered) {
        try {
            if (!answered.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.close();
            }
        } catch (InterruptedException | IOException given) {
            System.getLogger(IpcClient.class.getName()).log(System.Logger.Level.DEBUG, "a greeting is given up", given);
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param members of the request, beside {@code id} and {@code op}
     * @throws IpcFailure when the daemon says no
     */
    public JsonObject call(String op, JsonObject members) throws IOException {
        return call(
                op,
                members,
                event -> {
                    throw new IllegalStateException("'" + op + "' streams nothing");
                });
    }

    /** As {@link #call(String, JsonObject)}, giving each event of the stream to {@code sink} before the answer. */
    public JsonObject call(String op, JsonObject members, Consumer<JsonObject> sink) throws IOException {
        long id = nextId++;
        send(new JsonObject().add("id", id).add("op", op).merge(members));
        while (true) {
            Optional<JsonObject> result = result(receive().json(), id, sink);
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    private void send(JsonObject request) throws IOException {
        try {
            IpcFrames.write(out, request);
        } catch (AsynchronousCloseException gaveUp) {
            throw gaveUp;
        } catch (IOException broken) {
            throw stopped();
        }
    }

    private IpcFrame receive() throws IOException {
        try {
            return IpcFrames.read(in).orElseThrow(IpcClient::stopped);
        } catch (SocketException reset) {
            throw stopped();
        }
    }

    private static IpcFailure stopped() {
        return new IpcFailure("stopped", "the running client stopped meanwhile: try again");
    }

    /** The result if this is it; empty after an event or something that is not for this request. */
    private static Optional<JsonObject> result(JsonObject json, long id, Consumer<JsonObject> sink) throws IOException {
        try {
            Fields fields = Fields.of(json);
            if (!fields.optWhole("id", 0, Fields.WHOLE_MAX).equals(Optional.of(id))) {
                return Optional.empty();
            }
            if (fields.has("event")) {
                sink.accept(fields.object("event").json());
                return Optional.empty();
            }
            if (fields.bool("ok", false)) {
                return Optional.of(fields.object("result").json());
            }
            Fields error = fields.object("error");
            throw new IpcFailure(error.text("code"), error.text("message"));
        } catch (Refusal malformed) {
            throw new IOException("the running client gave a strange answer: " + malformed.getMessage(), malformed);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
