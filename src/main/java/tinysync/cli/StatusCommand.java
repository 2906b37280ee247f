package tinysync.cli;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.LastStatus;
import tinysync.client.Membership;
import tinysync.client.ipc.IpcClient;
import tinysync.client.state.Identity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code status}: asks the running client, or tells what it said last. */
final class StatusCommand {
    private static final int SHOWN = 5;
    private static final int EXAMPLES = 3;

    private final Context context;

    StatusCommand(Context context) {
        this.context = context;
    }

    Exit run() throws CommandFailure, IOException {
        JsonObject status = status();
        if (context.json()) {
            context.terminal().json(status);
            return Exit.DONE;
        }
        if (!status.get("daemon").asObject().getBoolean("running", false)) {
            context.terminal().line("no client runs: 'tinysync client' starts it. As it was last:");
        }
        context.terminal().lines(inSentences(status));
        return Exit.DONE;
    }

    /** How all attachments are doing. */
    static List<String> inSentences(JsonObject status) {
        List<JsonValue> attachments = status.get("attachments").asArray().values();
        boolean several = status.get("servers").asArray().size() > 1;
        return attachments.isEmpty()
                ? List.of("nothing is attached: 'tinysync attach --vault VAULT --folder DIR'")
                : attachments.stream().flatMap(one -> sentences(one.asObject(), several).stream()).toList();
    }

    private JsonObject status() throws CommandFailure, IOException {
        List<Identity> identities = context.identities();
        JsonObject request = new JsonObject();
        Optional<String> name = context.arguments().operand(0);
        name.ifPresent(given -> request.add("name", given));
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                return running.call("status", request);
            }
        }
        if (name.isPresent() && identities.stream().noneMatch(one -> one.attachment(name.get()).isPresent())) {
            throw CommandFailure.failed(Membership.notAttached(name.get(), context.attachments()));
        }
        return LastStatus.read(context.home(), identities, name, Version.text());
    }

    /**
     * How one attachment is doing, in a sentence, and what a person should look at, in a line each.
     *
     * @param several whether it must be said at which server it is
     */
    static List<String> sentences(JsonObject attachment, boolean several) {
        List<String> lines = new ArrayList<>();
        String name = attachment.getString("name", "");
        String path = attachment.getString("path", "");
        String where = several ? path + ", at " + attachment.getString("server", "") : path;
        lines.add(Terminal.printable(name + " (" + where + "): " + state(attachment)));
        JsonValue held = attachment.get("held");
        if (held != null) {
            lines.add(Terminal.printable("  held: " + held(held.asObject())));
        }
        for (JsonValue one : attachment.get("disguised").asArray().values().stream().limit(SHOWN).toList()) {
            JsonObject item = one.asObject();
            lines.add(
                    Terminal.printable(
                            "  "
                                    + item.getString("path", "")
                                    + " is named '"
                                    + item.getString("vault_name", "")
                                    + "' in the vault"));
        }
        int conflicts = attachment.getInt("conflicts", 0);
        if (conflicts > 0) {
            lines.add("  " + counted(conflicts, "conflict copy", "conflict copies") + ": 'tinysync conflicts'");
        }
        List<JsonValue> parked = attachment.get("parked").asArray().values();
        for (JsonValue one : parked.subList(0, Math.min(parked.size(), SHOWN))) {
            JsonObject item = one.asObject();
            String left = item.getString("path", "");
            // What is wrong with the vault as a whole has no path.
            String what = left.isEmpty() ? "" : "not synced: " + left + ": ";
            lines.add(Terminal.printable("  " + what + item.getString("message", "")));
        }
        int more = attachment.getInt("parked_total", 0) - Math.min(parked.size(), SHOWN);
        if (more > 0) {
            lines.add("  and " + more + " more: 'tinysync status --json'");
        }
        return lines;
    }

    private static String state(JsonObject attachment) {
        String items =
                counted(attachment.getLong("items", 0), "item", "items")
                        + ", "
                        + Quantities.shown(attachment.getLong("bytes", 0));
        return switch (attachment.getString("state", "")) {
            case "synced" ->
                    (attachment.getInt("parked_total", 0) == 0 ? "all is synced (" : "all else is synced (")
                            + items
                            + ")";
            case "syncing" -> "syncing" + pending(attachment);
            case "scanning" -> "looking through the folder" + pending(attachment);
            case "starting" -> "starting";
            case "offline" -> "offline: the server is not reachable, changes wait here" + pending(attachment);
            case "paused" -> "paused: 'tinysync resume' goes on";
            case "held" -> "held";
            case "revoked" -> "this device may no longer reach the vault: ask its operator";
            case "not_running" -> "not running (" + items + ")";
            default -> "stopped by an error" + (isTold(attachment) ? "" : ": see the client's output");
        };
    }

    /** Whether what is parked says why. */
    private static boolean isTold(JsonObject attachment) {
        return attachment.get("parked").asArray().values().stream()
                .anyMatch(one -> one.asObject().getString("path", "").isEmpty());
    }

    private static String pending(JsonObject attachment) {
        JsonObject pending = attachment.get("pending").asObject();
        long up = pending.getLong("up_items", 0);
        long down = pending.getLong("down_items", 0);
        List<String> parts = new ArrayList<>();
        if (up > 0) {
            parts.add(up + " up (" + Quantities.shown(pending.getLong("up_bytes", 0)) + ")");
        }
        if (down > 0) {
            parts.add(down + " down (" + Quantities.shown(pending.getLong("down_bytes", 0)) + ")");
        }
        return parts.isEmpty() ? "" : ": " + String.join(", ", parts);
    }

    private static String held(JsonObject held) {
        return switch (held.getString("reason", "")) {
            case "mass_delete", "mass_overwrite" ->
                    heldChanges(held) + ": 'tinysync confirm' lets them go on, 'tinysync confirm --reject' undoes them";
            case "root_missing" -> "the folder is not there; goes on by itself when it is back";
            default ->
                    "the folder is not as it was ("
                            + held.getString("reason", "").replaceFirst("^root_", "").replace('_', ' ')
                            + "); goes on by itself when it is back";
        };
    }

    private static String heldChanges(JsonObject held) {
        long deletes = held.getLong("deletes", 0);
        long overwrites = held.getLong("overwrites", 0);
        List<String> changes = new ArrayList<>();
        if (deletes > 0) {
            changes.add(counted(deletes, "deletion", "deletions"));
        }
        if (overwrites > 0) {
            changes.add(counted(overwrites, "overwrite", "overwrites"));
        }
        List<String> examples =
                held.get("examples").asArray().values().stream().limit(EXAMPLES).map(JsonValue::asString).toList();
        return String.join(" and ", changes)
                + (held.getString("direction", "up").equals("up") ? " made here wait" : " made elsewhere wait")
                + (examples.isEmpty() ? "" : " (" + String.join(", ", examples) + ", …)");
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
