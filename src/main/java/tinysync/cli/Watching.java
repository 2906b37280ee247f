package tinysync.cli;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.ipc.IpcClient;
import tinysync.platform.SystemClock;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** While a client syncs and a person waits: asks it now and then how far it is, and shows that in one line. */
final class Watching implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Context context;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Optional<Thread> thread;

    Watching(Context context) {
        this.context = context;
        this.thread =
                context.terminal().columns().get().isPresent()
                        ? Optional.of(Thread.ofVirtual().start(this::run))
                        : Optional.empty();
    }

    private void run() {
        try (Progress progress = new Progress(context.terminal(), "", new SystemClock()::monotonicNanos)) {
            while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<IpcClient> daemon = context.daemon();
                if (daemon.isPresent()) {
                    try (IpcClient running = daemon.get()) {
                        progress.say(text(running.call("status", new JsonObject())));
                    }
                }
            }
        } catch (CommandFailure | IOException | InterruptedException ended) {
            // Progress is a courtesy; what came of the syncing is told by who waits for it.
            over.countDown();
        }
    }

    /** The state, what is under way, and how fast it goes. */
    static String text(JsonObject status) {
        long up = 0;
        long down = 0;
        long bytes = 0;
        long rate = 0;
        for (JsonValue one : status.get("attachments").asArray()) {
            JsonObject pending = one.asObject().get("pending").asObject();
            up += pending.getLong("up_items", 0);
            down += pending.getLong("down_items", 0);
            bytes += pending.getLong("up_bytes", 0) + pending.getLong("down_bytes", 0);
            JsonObject rates = one.asObject().get("rate").asObject();
            rate += rates.getLong("up_bytes_s", 0) + rates.getLong("down_bytes_s", 0);
        }
        String work = up + down == 0 ? "" : "  " + up + " up, " + down + " down, " + Quantities.shown(bytes);
        String pace = rate == 0 ? "" : ", " + Quantities.shown(rate) + "/s";
        String rest = rate == 0 || bytes == 0 ? "" : ", " + Progress.rest(bytes, rate);
        return status.getString("state", "") + work + pace + rest;
    }

    @Override
    public void close() {
        over.countDown();
        try {
            if (thread.isPresent()) {
                thread.get().join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
