package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.Membership;
import tinysync.client.Quiet;
import tinysync.client.SyncOnce;
import tinysync.client.ipc.IpcClient;
import tinysync.client.state.Home;
import tinysync.platform.PrivateFiles;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code events, conflicts, pause, resume, confirm, panic-resync}: what a running client is asked or told. */
final class WatchCommands {
    private final Context context;
    private final Arguments arguments;

    WatchCommands(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        arguments.operand(0).ifPresent(name -> request.add("name", name));
        return request;
    }

    /** What is done with a home on which no daemon runs. */
    @FunctionalInterface
    private interface Quietly<T> {
        T with(Quiet home) throws IOException;
    }

    private <T> T quietly(Quietly<T> work) throws CommandFailure, IOException, Membership.NotPossibleException {
        Home home = context.home();
        try (PrivateFiles.Lock _ = home.lock()) {
            return work.with(new Quiet(home, context.identity(), arguments.operand(0)));
        }
    }

    Exit events() throws CommandFailure, IOException, Membership.NotPossibleException {
        boolean follow = arguments.on("--follow");
        boolean json = context.json();
        Consumer<JsonObject> print = event -> context.terminal().line(json ? event.toString() : line(event));
        context.identity();
        Optional<IpcClient> daemon = follow ? Optional.of(context.needDaemon()) : context.daemon();
        if (daemon.isEmpty()) {
            quietly(Quiet::events).forEach(print);
            return Exit.DONE;
        }
        try (IpcClient running = daemon.get()) {
            running.call("events", request().add("follow", follow), print);
        }
        return Exit.DONE;
    }

    private static String line(JsonObject event) {
        String from = Optional.ofNullable(event.getString("from", null)).map(path -> path + " -> ").orElse("");
        StringBuilder line =
                new StringBuilder(event.getString("time", ""))
                        .append("  ")
                        .append(event.getString("attachment", ""))
                        .append("  ")
                        .append(event.getString("kind", ""))
                        .append("  ")
                        .append(from)
                        .append(event.getString("path", ""));
        if (event.get("bytes") != null) {
            line.append("  ").append(Quantities.shown(event.getLong("bytes", 0)));
        }
        Optional.ofNullable(event.getString("detail", null)).ifPresent(detail -> line.append("  ").append(detail));
        return FileCommands.printable(line.toString());
    }

    Exit conflicts() throws CommandFailure, IOException, Membership.NotPossibleException {
        context.identity();
        JsonObject answer = knownConflicts();
        StringBuilder text = new StringBuilder();
        for (JsonValue one : answer.get("conflicts").asArray()) {
            JsonObject conflict = one.asObject();
            text.append(
                            FileCommands.printable(
                                    conflict.getString("attachment", "")
                                            + "  "
                                            + conflict.get("copy").asObject().getString("path", "")
                                            + "  beside  "
                                            + conflict.get("original").asObject().getString("path", "")))
                    .append('\n');
        }
        context.show(text.isEmpty() ? "no conflicts" : text.toString().stripTrailing(), answer);
        return Exit.DONE;
    }

    private JsonObject knownConflicts() throws CommandFailure, IOException, Membership.NotPossibleException {
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                return running.call("conflicts", request());
            }
        }
        JsonArray list = new JsonArray();
        quietly(Quiet::conflicts).forEach(list::add);
        return new JsonObject().add("conflicts", list);
    }

    /** Holds also for the next start, when no client runs now. */
    Exit pause(boolean paused) throws CommandFailure, IOException, Membership.NotPossibleException {
        context.identity();
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                running.call(paused ? "pause" : "resume", request());
            }
        } else {
            quietly(
                    quiet -> {
                        quiet.remember(paused);
                        return paused;
                    });
        }
        context.show(paused ? "paused" : "resumed", new JsonObject().add("paused", paused));
        return Exit.DONE;
    }

    /** Also, and above all, when the client does not start any more. */
    Exit panicResync() throws CommandFailure, IOException, Membership.NotPossibleException {
        context.identity();
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                running.call("panic_resync", request());
            }
            context.show("all is compared anew: 'tinysync status'", new JsonObject());
        } else {
            quietly(
                    quiet -> {
                        quiet.startOver();
                        return quiet;
                    });
            context.show("all is compared anew when the client starts next", new JsonObject());
        }
        return Exit.DONE;
    }

    Exit confirm() throws CommandFailure, IOException, InterruptedException, Membership.NotPossibleException {
        context.identity();
        boolean reject = arguments.on("--reject");
        Optional<IpcClient> daemon = context.daemon();
        JsonObject answer;
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                answer = running.call("confirm", request().add("reject", reject));
            }
        } else {
            CleanExit.logInLines();
            answer =
                    SyncOnce.confirm(
                            context.home(),
                            arguments.operand(0),
                            reject,
                            Version.text(),
                            context.terminal().environment());
            String outcome = answer.getString("outcome", "synced");
            if (!outcome.equals("synced")) {
                throw SyncOnceCommand.failure(outcome);
            }
        }
        boolean held = answer.getBoolean("was_held", true);
        context.show(held ? "done" : "nothing is held", answer);
        return Exit.DONE;
    }
}
