package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.ipc.IpcClient;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code doctor}: looks at all that syncing rests on, and says of what is not well how to mend it. */
final class DoctorCommand {
    private final Context context;

    DoctorCommand(Context context) {
        this.context = Objects.requireNonNull(context);
    }

    Exit run() throws CommandFailure, IOException {
        List<Finding> findings = new ArrayList<>(new MachineCheck(Path.of("/")).findings());
        findings.addAll(home());
        boolean well = findings.stream().noneMatch(one -> one.grade() == Finding.Grade.BAD);
        JsonArray all = new JsonArray();
        findings.forEach(one -> all.add(one.encode()));
        String text = String.join("\n", findings.stream().map(Finding::text).toList());
        context.show(text, new JsonObject().add("ok", well).add("findings", all));
        return well ? Exit.DONE : Exit.FAILED;
    }

    private List<Finding> home() throws CommandFailure {
        Path path = context.homePath();
        if (!Files.isDirectory(path)) {
            return List.of(
                    Finding.advice(
                            "home", path + " does not exist: this device has not joined", "'tinysync join INVITE'"));
        }
        List<Finding> findings = new ArrayList<>(FolderCheck.home(path));
        try {
            // Opened only after its rights were looked at: opening mends them.
            List<Identity> identities = Home.open(path).identities();
            for (Identity identity : identities) {
                findings.addAll(new ServerCheck(identity).findings());
            }
            for (Identity identity : identities) {
                for (Attachment attachment : identity.attachments()) {
                    findings.addAll(FolderCheck.attached(attachment));
                }
            }
            findings.add(client(identities));
        } catch (IOException damaged) {
            findings.add(
                    Finding.bad("home", CommandFailure.inWords(damaged), "restore it from a backup, or join again"));
        }
        return findings;
    }

    private Finding client(List<Identity> identities) throws CommandFailure {
        try {
            Optional<IpcClient> daemon = context.daemon();
            if (daemon.isEmpty()) {
                return identities.isEmpty()
                        ? Finding.ok("client", "nothing to do: no server was joined")
                        : Finding.advice("client", "no client runs", "'tinysync client' starts it");
            }
            try (IpcClient running = daemon.get()) {
                JsonObject status = running.call("status", new JsonObject());
                String state = status.getString("state", "");
                return switch (state) {
                    case "error", "held", "revoked" ->
                            Finding.advice("client", "runs, and its state is " + state, "'tinysync status' says more");
                    default -> Finding.ok("client", "runs, and its state is " + state);
                };
            }
        } catch (IOException failed) {
            return Finding.bad("client", CommandFailure.inWords(failed), "stop it and start it again");
        }
    }
}
