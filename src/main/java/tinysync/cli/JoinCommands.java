package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.wire.AdminToken;
import tinysync.wire.InviteCode;
import tinysync.wire.InviteCodec;
import tinysync.wire.InviteText;
import tinysync.wire.Me;
import tinysync.wire.Role;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code join, register, attach, detach, invite}: what makes this a device of a server and shows vaults in folders. */
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
        Attached attached =
                context.askOrDo(
                        daemon -> {
                            // It joined before it could run.
                            Identity identity = sameServer(context.identity(), invite);
                            return attachBy(daemon, identity, folder, Optional.empty());
                        },
                        home -> {
                            Identity identity =
                                    membership(home)
                                            .register(
                                                    invite.base(),
                                                    invite.pin(),
                                                    Optional.of(invite.code()),
                                                    Optional.empty(),
                                                    deviceName());
                            return attachHere(home, identity, folder, Optional.empty());
                        });
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

    private static Identity sameServer(Identity identity, InviteText invite) throws RemoteException, CommandFailure {
        if (!ServerApi.info(invite.base(), invite.pin()).serverId().equals(identity.serverId())) {
            throw CommandFailure.failed("this device belongs to " + identity.server() + " already: use another --home");
        }
        return identity;
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
        if (arguments.value("--invite").isPresent() == arguments.value("--token-file").isPresent()) {
            throw CommandFailure.usage("register needs either --invite or --token-file");
        }
        Identity identity = arguments.value("--invite").isPresent() ? registerInvited() : registerByOperator();
        context.show(
                "registered at "
                        + identity.server()
                        + " as '"
                        + identity.deviceName()
                        + "'; next: 'tinysync attach --vault VAULT --folder DIR'",
                joined(identity));
        return Exit.DONE;
    }

    private Identity registerInvited()
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        InviteText invite = InviteText.parse(context.secret(arguments.need("--invite")));
        URI base = arguments.value("--server").isPresent() ? server().base() : invite.base();
        return register(new ServerAddress(base, invite.pin()), Optional.of(invite.code()), Optional.empty());
    }

    private Identity registerByOperator()
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        return register(server(), Optional.empty(), Optional.of(adminToken(context, arguments.need("--token-file"))));
    }

    private Identity register(ServerAddress server, Optional<InviteCode> code, Optional<AdminToken> operator)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Home home = context.home();
        try (var _ = home.lock()) {
            return membership(home).register(server.base(), server.pin(), code, operator, deviceName());
        }
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
        arguments.need("--vault");
        Path folder = Arguments.path(arguments.need("--folder"));
        Optional<String> as = arguments.value("--as");
        Identity identity = context.identity();
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
        JsonObject request = new JsonObject().add("folder", folder.toString());
        arguments.value("--vault").ifPresent(vault -> request.add("vault", vault));
        as.ifPresent(name -> request.add("as", name));
        return new Attached(identity, daemon.call("attach", request), true);
    }

    private Attached attachHere(Home home, Identity identity, Path folder, Optional<String> as)
            throws RemoteException, IOException, Membership.NotPossibleException {
        try (ServerApi api = Context.api(identity)) {
            Attachment attachment = membership(home).attach(api.me(), arguments.value("--vault"), folder, as);
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
        Attachment attachment = choose(context.identity(), arguments.operand(0));
        context.askOrDo(
                daemon -> daemon.call("detach", new JsonObject().add("name", attachment.name())),
                home -> {
                    membership(home).detach(attachment);
                    return new JsonObject();
                });
        context.show("detached '" + attachment.name() + "'; its files stay in " + attachment.path(), view(attachment));
        return Exit.DONE;
    }

    private static Attachment choose(Identity identity, Optional<String> name) throws CommandFailure {
        List<Attachment> all = identity.attachments();
        String names = String.join(", ", all.stream().map(Attachment::name).toList());
        if (all.isEmpty()) {
            throw CommandFailure.failed("nothing is attached");
        }
        if (name.isEmpty() && all.size() > 1) {
            throw CommandFailure.usage("say which one: " + names);
        }
        return name.isEmpty()
                ? all.getFirst()
                : identity.attachment(name.get())
                        .orElseThrow(
                                () ->
                                        CommandFailure.failed(
                                                "nothing is attached as '" + name.get() + "'; there is: " + names));
    }

    Exit invite() throws CommandFailure, RemoteException, IOException {
        Identity identity = context.identity();
        try (ServerApi api = Context.api(identity)) {
            String vault = arguments.value("--vault").isPresent() ? arguments.need("--vault") : onlyManaged(api.me());
            mint(context, api, Optional.empty(), Optional.of(vault));
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

    private static String onlyManaged(Me me) throws CommandFailure {
        List<Me.Reach> managed = me.vaults().stream().filter(vault -> vault.role().includes(Role.MANAGE)).toList();
        if (managed.isEmpty()) {
            throw new CommandFailure(
                    Exit.REFUSED, "forbidden", "this device manages no vault: ask one that does for the invite");
        }
        if (managed.size() > 1) {
            throw CommandFailure.usage(
                    "choose with --vault: " + String.join(", ", managed.stream().map(Me.Reach::name).toList()));
        }
        return managed.getFirst().id().toString();
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
