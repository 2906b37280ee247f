package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.Membership;
import tinysync.client.Quiet;
import tinysync.client.SyncOnce;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.RemoteException;
import tinysync.client.state.Home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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

    private Quiet quiet(Home home) throws CommandFailure, IOException, Membership.NotPossibleException {
        return new Quiet(home, arguments.operand(0));
    }

    Exit events() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        boolean json = context.json();
        Consumer<JsonObject> print = event -> print(json ? event.toString() : line(event));
        if (arguments.on("--follow")) {
            try (IpcClient daemon = context.needDaemon()) {
                daemon.call("events", request().add("follow", true), print);
            }
            return Exit.DONE;
        }
        context.needJoined();
        List<JsonObject> events =
                context.askOrDo(
                        daemon -> {
                            List<JsonObject> told = new ArrayList<>();
                            daemon.call("events", request().add("follow", false), told::add);
                            return told;
                        },
                        home -> quiet(home).events());
        events.forEach(print);
        return Exit.DONE;
    }

    private void print(String line) {
        try {
            context.terminal().line(line);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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
        return Terminal.printable(line.toString());
    }

    Exit conflicts() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        context.needJoined();
        JsonObject answer =
                context.askOrDo(
                        daemon -> daemon.call("conflicts", request()),
                        home -> {
                            JsonArray list = new JsonArray();
                            quiet(home).conflicts().forEach(list::add);
                            return new JsonObject().add("conflicts", list);
                        });
        StringBuilder text = new StringBuilder();
        for (JsonValue one : answer.get("conflicts").asArray()) {
            JsonObject conflict = one.asObject();
            text.append(
                            Terminal.printable(
                                    conflict.getString("attachment", "")
                                            + ":/"
                                            + conflict.get("copy").asObject().getString("path", "")
                                            + "  beside  "
                                            + conflict.get("original").asObject().getString("path", "")))
                    .append('\n');
        }
        context.show(text.isEmpty() ? "no conflicts" : text.toString().stripTrailing(), answer);
        return Exit.DONE;
    }

    /** Holds also for the next start, when no client runs now. */
    Exit pause(boolean paused) throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        context.needJoined();
        context.askOrDo(
                daemon -> daemon.call(paused ? "pause" : "resume", request()),
                home -> {
                    quiet(home).remember(paused);
                    return new JsonObject();
                });
        context.show(paused ? "paused" : "resumed", new JsonObject().add("paused", paused));
        return Exit.DONE;
    }

    /** Also, and above all, when the client does not start any more. */
    Exit panicResync() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        context.needJoined();
        String told =
                context.askOrDo(
                        daemon -> {
                            daemon.call("panic_resync", request());
                            return "all is compared anew: 'tinysync status'";
                        },
                        home -> {
                            quiet(home).startOver();
                            return "all is compared anew when the client starts next";
                        });
        context.show(told, new JsonObject());
        return Exit.DONE;
    }

    Exit confirm() throws CommandFailure, IOException, InterruptedException, Membership.NotPossibleException {
        context.needJoined();
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
