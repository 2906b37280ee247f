package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.Relocation;
import tinysync.client.ipc.IpcClient;
import tinysync.client.ipc.IpcFailure;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Account;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.wire.AdminToken;
import tinysync.wire.InviteCodec;
import tinysync.wire.InviteText;
import tinysync.wire.Role;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code join, register, attach, detach, relocate, leave, invite}: what makes this a device of a server and shows
 * vaults in folders.
 */
final class JoinCommands {
    private static final String DEFAULT_FOLDER = "~/TinySync";
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Context context;
    private final Arguments arguments;

    JoinCommands(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    /** An attachment that was made, as {@code --json} shows it; {@code running} when a daemon has it already. */
    private record Attached(Identity identity, JsonObject attachment, boolean running) {
        String name() {
            return attachment.getString("name", "");
        }

        String path() {
            return attachment.getString("path", "");
        }
    }

    Exit join() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        refuseDrive();
        String operand = arguments.operand(0).orElseThrow();
        InviteText invite = InviteText.parse(operand.equals("-") ? context.secret("-") : operand);
        Path folder = Arguments.path(arguments.value("--folder").orElse(DEFAULT_FOLDER));
        Optional<String> as = arguments.value("--as");
        Membership.Registering registering = invited(invite.base(), invite);
        Attached attached =
                context.askOrDo(
                        daemon -> attachBy(daemon, registerBy(daemon, registering), folder, as),
                        home -> attachHere(home, membership(home).register(registering), folder, as));
        Identity identity = attached.identity();
        context.show(
                "joined "
                        + identity.server()
                        + " as '"
                        + identity.deviceName()
                        + "'; vault '"
                        + attached.name()
                        + "' is shown in "
                        + attached.path()
                        + "\n"
                        + next(attached.running()),
                joined(identity).add("attachment", attached.attachment()).add("daemon_running", attached.running()));
        return Exit.DONE;
    }

    private static JsonObject joined(Identity identity) {
        JsonObject device = new JsonObject().add("id", identity.device().toString()).add("name", identity.deviceName());
        return new JsonObject().add("device", device).add("server", identity.server().toString());
    }

    private String next(boolean running) {
        String home = arguments.value("--home").map(given -> " --home " + given).orElse("");
        return running ? "the running client syncs it now" : "next: 'tinysync client" + home + "' keeps it in sync";
    }

    Exit register() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Optional<String> invite = arguments.value("--invite");
        if (invite.isPresent() && arguments.value("--token-file").isPresent()) {
            throw CommandFailure.usage("register takes --invite or --token-file, not both");
        }
        Identity identity = invite.isPresent() ? registerInvited(invite.get()) : registerAt(server());
        context.show(
                "registered at "
                        + identity.server()
                        + " as '"
                        + identity.deviceName()
                        + "'; next: 'tinysync attach --vault VAULT --folder DIR'",
                joined(identity));
        return Exit.DONE;
    }

    private Identity registerInvited(String file)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        InviteText invite = InviteText.parse(context.secret(file));
        return register(invited(arguments.value("--server").isPresent() ? server().base() : invite.base(), invite));
    }

    private Membership.Registering invited(URI base, InviteText invite) {
        return new Membership.Registering(
                base, invite.pin(), Optional.of(invite.code()), Optional.empty(), deviceName());
    }

    /** As the operator; without his token where the server is open to all. */
    private Identity registerAt(ServerAddress server)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Optional<String> file = arguments.value("--token-file");
        Optional<AdminToken> token = file.isPresent() ? Optional.of(adminToken(context, file.get())) : Optional.empty();
        return register(new Membership.Registering(server.base(), server.pin(), Optional.empty(), token, deviceName()));
    }

    private Identity register(Membership.Registering registering)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        return context.askOrDo(
                daemon -> registerBy(daemon, registering), home -> membership(home).register(registering));
    }

    private Identity registerBy(IpcClient daemon, Membership.Registering registering)
            throws CommandFailure, IOException {
        JsonObject request =
                new JsonObject()
                        .add("server", registering.base().toString())
                        .add("device_name", registering.deviceName());
        registering.pin().ifPresent(pin -> request.add("pin", pin.hex()));
        registering.invite().ifPresent(code -> request.add("invite", code.format()));
        registering.operator().ifPresent(token -> request.add("operator", token.format()));
        String id = daemon.call("register", request).getString("server_id", "");
        return context.identities().stream()
                .filter(identity -> identity.serverId().toString().equals(id))
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed("the running client keeps its state elsewhere: check --home"));
    }

    private ServerAddress server() throws CommandFailure {
        return ServerAddress.parse("--server", arguments.need("--server"));
    }

    static AdminToken adminToken(Context context, String file) throws CommandFailure {
        return AdminToken.tryParse(context.secret(file))
                .orElseThrow(() -> CommandFailure.failed(file + " holds no admin token"));
    }

    Exit attach() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        refuseDrive();
        Optional<String> vault = Optional.of(arguments.need("--vault"));
        Path folder = Arguments.path(arguments.need("--folder"));
        Optional<String> as = arguments.value("--as");
        Identity identity;
        try (Servers servers = new Servers(context.identities())) {
            identity = servers.home(arguments.value("--server"), vault).identity();
        }
        Attached attached =
                context.askOrDo(
                        daemon -> attachBy(daemon, identity, folder, as),
                        home -> attachHere(home, identity, folder, as));
        context.show(
                "attached '" + attached.name() + "' at " + attached.path() + "\n" + next(attached.running()),
                attached.attachment());
        return Exit.DONE;
    }

    private Attached attachBy(IpcClient daemon, Identity identity, Path folder, Optional<String> as)
            throws IOException {
        JsonObject request =
                new JsonObject().add("server_id", identity.serverId().toString()).add("folder", folder.toString());
        arguments.value("--vault").ifPresent(vault -> request.add("vault", vault));
        as.ifPresent(name -> request.add("as", name));
        return new Attached(identity, daemon.call("attach", request), true);
    }

    private Attached attachHere(Home home, Identity identity, Path folder, Optional<String> as)
            throws RemoteException, IOException, Membership.NotPossibleException {
        try (ServerApi api = Context.api(identity)) {
            Account account = home.account(identity.serverId());
            Attachment attachment = membership(home).attach(account, api.me(), arguments.value("--vault"), folder, as);
            return new Attached(identity, view(attachment), false);
        }
    }

    private static Membership membership(Home home) {
        return new Membership(home, new SystemRandom());
    }

    private static JsonObject view(Attachment attachment) {
        return new JsonObject()
                .add("name", attachment.name())
                .add("vault", attachment.vault().toString())
                .add("mode", attachment.mode().name().toLowerCase(Locale.ROOT))
                .add("path", attachment.path().toString());
    }

    private void refuseDrive() throws CommandFailure {
        if (arguments.value("--drive").isPresent()) {
            throw CommandFailure.usage("drives are not in this version: use --folder");
        }
    }

    Exit detach() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Attachment attachment = context.oneAttachment(arguments.operand(0));
        context.askOrDo(
                daemon -> daemon.call("detach", new JsonObject().add("name", attachment.name())),
                home -> {
                    membership(home).detach(accountOf(home, attachment), attachment);
                    return new JsonObject();
                });
        context.show("detached '" + attachment.name() + "'; its files stay in " + attachment.path(), view(attachment));
        return Exit.DONE;
    }

    Exit relocate() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Attachment attachment = context.oneAttachment(arguments.operand(0));
        Path folder = Arguments.path(arguments.operands().get(1));
        Attachment moved =
                context.askOrDo(
                        daemon -> {
                            JsonObject request =
                                    new JsonObject().add("name", attachment.name()).add("folder", folder.toString());
                            return attachment.withPath(Path.of(daemon.call("relocate", request).getString("path", "")));
                        },
                        home -> new Relocation(home).move(accountOf(home, attachment), attachment, folder));
        context.show("'" + moved.name() + "' is at " + moved.path() + " now", view(moved));
        return Exit.DONE;
    }

    Exit leave() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        boolean unheard = arguments.on("--anyway");
        Identity identity;
        try (Servers servers = new Servers(context.identities())) {
            identity = servers.home(arguments.value("--server"), Optional.empty()).identity();
        }
        try {
            context.askOrDo(
                    daemon ->
                            daemon.call(
                                    "leave",
                                    new JsonObject()
                                            .add("server_id", identity.serverId().toString())
                                            .add("unheard", unheard)),
                    home -> {
                        membership(home).leave(home.account(identity.serverId()), unheard, _ -> {});
                        return new JsonObject();
                    });
        } catch (RemoteException.Unreachable lost) {
            throw unheard(identity);
        } catch (IpcFailure failed) {
            if (failed.code().equals("unreachable")) {
                throw unheard(identity);
            }
            throw failed;
        }
        List<String> lines = new ArrayList<>();
        lines.add("left " + identity.server() + "; no file was touched");
        if (unheard) {
            lines.add(
                    "have '"
                            + identity.deviceName()
                            + "' revoked there: tinysync admin device revoke "
                            + identity.device());
        }
        context.show(String.join("\n", lines), joined(identity));
        return Exit.DONE;
    }

    private static CommandFailure unheard(Identity identity) {
        return CommandFailure.unreachable(
                "the server "
                        + identity.server()
                        + " is not reachable, so that this device cannot be revoked there: try again later, or"
                        + " 'tinysync leave --anyway' forgets it here alone");
    }

    private static Account accountOf(Home home, Attachment attachment) throws IOException, CommandFailure {
        return home.identities().stream()
                .filter(identity -> identity.attachments().contains(attachment))
                .map(identity -> home.account(identity.serverId()))
                .findFirst()
                .orElseThrow(
                        () -> CommandFailure.failed("'" + attachment.name() + "' was changed meanwhile: try again"));
    }

    Exit invite() throws CommandFailure, RemoteException, IOException {
        try (Servers servers = new Servers(context.identities())) {
            Optional<String> vault = arguments.value("--vault");
            Optional<String> said = arguments.value("--server");
            if (vault.isPresent()) {
                mint(context, servers.home(said, vault).api(), Optional.empty(), vault);
            } else {
                Servers.Found only = onlyManaged(servers.chosen(said));
                mint(context, only.server().api(), Optional.empty(), Optional.of(only.vault().id().toString()));
            }
            return Exit.DONE;
        }
    }

    /** Has an invite minted as the options say, and prints it. */
    static void mint(Context context, ServerApi api, Optional<String> group, Optional<String> vault)
            throws CommandFailure, RemoteException, IOException {
        Arguments arguments = context.arguments();
        InviteCodec.Minted minted =
                api.mintInvite(
                        new InviteCodec.Request(
                                group, vault, role(arguments), arguments.count("--uses"), arguments.span("--expires")));
        context.show(minted.invite(), InviteCodec.encode(minted));
    }

    static Role role(Arguments arguments) throws CommandFailure {
        String word = arguments.value("--role").orElse(Role.WRITE.wire());
        return Role.parse(word)
                .orElseThrow(() -> CommandFailure.usage("a role is read, write or manage, not '" + word + "'"));
    }

    private static Servers.Found onlyManaged(List<Servers.Server> servers) throws CommandFailure, RemoteException {
        List<Servers.Found> managed = new ArrayList<>();
        for (Servers.Server server : servers) {
            server.me().vaults().stream()
                    .filter(vault -> vault.role().includes(Role.MANAGE))
                    .forEach(vault -> managed.add(new Servers.Found(server, vault)));
        }
        if (managed.isEmpty()) {
            throw new CommandFailure(
                    Exit.REFUSED, "forbidden", "this device manages no vault: ask one that does for the invite");
        }
        if (managed.size() > 1) {
            List<String> choices =
                    managed.stream()
                            .map(
                                    one ->
                                            one.vault().name()
                                                    + (servers.size() > 1 ? " at " + one.server().address() : ""))
                            .toList();
            throw CommandFailure.usage(
                    (servers.size() > 1 ? "choose with --vault and --server: " : "choose with --vault: ")
                            + String.join(", ", choices));
        }
        return managed.getFirst();
    }

    private String deviceName() {
        return arguments.value("--name").orElseGet(JoinCommands::hostName);
    }

    private static String hostName() {
        try {
            String name = Files.readString(HOST_NAME).strip();
            return name.isEmpty() ? "device" : name;
        } catch (IOException elsewhere) {
            return Optional.ofNullable(System.getenv("COMPUTERNAME")).orElse("device");
        }
    }
}
