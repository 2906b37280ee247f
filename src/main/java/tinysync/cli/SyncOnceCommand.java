package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.SyncOnce;
import tinysync.client.ipc.IpcClient;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code sync-once}: asks the running client to sync all, or does it by itself. */
final class SyncOnceCommand {
    private final Context context;
    private final Arguments arguments;

    SyncOnceCommand(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    Exit run() throws CommandFailure, IOException, InterruptedException, Membership.NotPossibleException {
        context.needJoined();
        JsonObject answer = sync();
        String outcome = answer.getString("outcome", "");
        JsonObject status = answer.get("status").asObject();
        if (outcome.equals("synced")) {
            if (context.json()) {
                context.terminal().json(status);
            } else {
                context.terminal().lines(StatusCommand.inSentences(status));
            }
            return Exit.DONE;
        }
        throw failure(outcome);
    }

    private JsonObject sync()
            throws CommandFailure, IOException, InterruptedException, Membership.NotPossibleException {
        Optional<String> name = arguments.operand(0);
        Optional<Duration> timeout = arguments.span("--timeout");
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            JsonObject request = new JsonObject();
            name.ifPresent(given -> request.add("name", given));
            timeout.ifPresent(given -> request.add("timeout_ms", given.toMillis()));
            try (IpcClient running = daemon.get();
                    Watching _ = new Watching(context)) {
                return running.call("sync", request);
            }
        }
        CleanExit.logInLines();
        try (Watching _ = new Watching(context)) {
            return SyncOnce.run(context.home(), name, timeout, Version.text(), context.terminal().environment());
        }
    }

    /** What to say when it did not end with everything synced. */
    static CommandFailure failure(String outcome) {
        return switch (outcome) {
            case "timeout" ->
                    new CommandFailure(
                            Exit.FAILED, outcome, "the time was up before all was synced: 'tinysync status'");
            case "paused" -> new CommandFailure(Exit.FAILED, outcome, "syncing is paused: 'tinysync resume' goes on");
            case "offline" ->
                    CommandFailure.unreachable("the server is not reachable: is it running, is the network up?");
            case "held" ->
                    new CommandFailure(Exit.HELD, outcome, "something is held: 'tinysync status' says what and why");
            case "revoked" ->
                    new CommandFailure(
                            Exit.REFUSED, outcome, "this device may no longer reach the vault: ask its operator");
            default -> new CommandFailure(Exit.FAILED, outcome, "stopped by an error: 'tinysync status' says more");
        };
    }
}
