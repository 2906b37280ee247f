package tinysync.client.ipc;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.wire.Fields;
import tinysync.wire.IpcFrame;
import tinysync.wire.IpcFrames;
import tinysync.wire.IpcProtocolException;
import tinysync.wire.Refusal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One peer: reads its requests, runs each on a thread of its own and sends what comes of it, in whatever order that
 * happens.
 */
final class IpcConnection {
    static final int OUTSTANDING_MAX = 64;

    private static final System.Logger LOG = System.getLogger(IpcConnection.class.getName());

    private final SocketChannel channel;
    private final IpcHandler handler;
    private final Consumer<IpcConnection> whenClosed;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Long, Thread> outstanding = new ConcurrentHashMap<>();

    IpcConnection(SocketChannel channel, IpcHandler handler, Consumer<IpcConnection> whenClosed) {
        this.channel = channel;
        this.handler = handler;
        this.whenClosed = whenClosed;
        this.in = Channels.newInputStream(channel);
        this.out = Channels.newOutputStream(channel);
    }

    /** Until the peer closes or breaks a rule. */
    void run() {
        try {
            Optional<IpcFrame> frame = IpcFrames.read(in);
            while (frame.isPresent() && accept(frame.get().json())) {
                frame = IpcFrames.read(in);
            }
        } catch (IpcProtocolException broken) {
            LOG.log(Level.DEBUG, "a connection broke the rules: " + broken.getMessage());
            if (broken.fault() == IpcProtocolException.Fault.BAD_JSON) {
                fail(Json.NULL, new IpcFailure("bad_json", broken.getMessage()));
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "a connection ended: " + gone.getMessage());
        } finally {
            close();
        }
    }

    /** False when the connection cannot go on. */
    private boolean accept(JsonObject request) {
        Fields fields = Fields.of(request);
        long id;
        String op;
        try {
            id = fields.whole("id", 0, Fields.WHOLE_MAX);
            op = fields.text("op");
        } catch (Refusal refusal) {
            fail(
                    Optional.ofNullable(request.get("id")).orElse(Json.NULL),
                    new IpcFailure("bad_request", refusal.getMessage()));
            return false;
        }
        if (op.equals("cancel")) {
            cancel(id, fields);
            return true;
        }
        if (outstanding.size() >= OUTSTANDING_MAX) {
            fail(
                    Json.value(id),
                    new IpcFailure("limit_exceeded", "more than " + OUTSTANDING_MAX + " requests at once"));
            return false;
        }
        Thread thread = Thread.ofVirtual().name("ipc-" + op).unstarted(() -> answer(id, op, fields));
        if (outstanding.putIfAbsent(id, thread) != null) {
            fail(Json.value(id), new IpcFailure("bad_request", "id " + id + " is in use"));
            return false;
        }
        thread.start();
        return true;
    }

    private void cancel(long id, Fields fields) {
        try {
            interrupt(fields.whole("target", 0, Fields.WHOLE_MAX));
            succeed(id, new JsonObject());
        } catch (Refusal refusal) {
            fail(Json.value(id), new IpcFailure("bad_request", refusal.getMessage()));
        }
    }

    /** Never while it writes: that would close the channel, and with it all other requests. */
    private void interrupt(long target) {
        writing.lock();
        try {
            Optional.ofNullable(outstanding.get(target)).ifPresent(Thread::interrupt);
        } finally {
            writing.unlock();
        }
    }

    private void answer(long id, String op, Fields fields) {
        Request request = new Request(id, op, fields);
        try {
            JsonObject result = handler.handle(request);
            // Free before the answer is out: the peer may use the id again as soon as it has read it.
            outstanding.remove(id);
            succeed(id, result);
        } catch (InterruptedException cancelled) {
            outstanding.remove(id);
            fail(Json.value(id), new IpcFailure("cancelled", "the request was cancelled"));
        } catch (IpcFailure failure) {
            outstanding.remove(id);
            fail(Json.value(id), failure);
        } catch (Refusal refusal) {
            outstanding.remove(id);
            fail(Json.value(id), new IpcFailure(refusal.code().wire(), refusal.getMessage()));
        } catch (IOException | RuntimeException | Error failed) {
            outstanding.remove(id);
            LOG.log(Level.WARNING, "request '" + op + "' failed", failed);
            fail(Json.value(id), new IpcFailure("internal", String.valueOf(failed.getMessage())));
        }
    }

    private void succeed(long id, JsonObject result) {
        send(new JsonObject().add("id", id).add("ok", true).add("result", result));
    }

    private void fail(JsonValue id, IpcFailure failure) {
        send(new JsonObject().add("id", id).add("ok", false).add("error", failure.encode()));
    }

    private void send(JsonObject frame) {
        try {
            write(frame);
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "nobody reads an answer: " + gone.getMessage());
            close();
        }
    }

    private void write(JsonObject frame) throws IOException {
        writing.lock();
        // One who was cancelled and did not notice still has something to say.
        boolean interrupted = Thread.interrupted();
        try {
            IpcFrames.write(out, frame);
        } finally {
            writing.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void close() {
        whenClosed.accept(this);
        outstanding.values().forEach(Thread::interrupt);
        try {
            channel.close();
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, "closing a connection failed", failed);
        }
    }

    /** A request that streams back through this connection. */
    private final class Request implements IpcHandler.Call {
        private final long id;
        private final String op;
        private final Fields fields;

        Request(long id, String op, Fields fields) {
            this.id = id;
            this.op = op;
            this.fields = fields;
        }

        @Override
        public String op() {
            return op;
        }

        @Override
        public Fields fields() {
            return fields;
        }

        @Override
        public void event(JsonObject event) throws IOException {
            write(new JsonObject().add("id", id).add("event", event));
        }
    }
}
