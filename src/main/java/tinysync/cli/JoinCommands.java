package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.content.Hash;
import tinysync.platform.PrivateFiles;
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

    Exit join() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        refuseDrive();
        String operand = arguments.operand(0).orElseThrow();
        InviteText invite = InviteText.parse(operand.equals("-") ? context.secret("-") : operand);
        Path folder = Arguments.path(arguments.value("--folder").orElse(DEFAULT_FOLDER));
        Home home = context.home();
        Optional<IpcClient> daemon = context.daemon();
        try {
            JsonObject attached;
            Identity identity;
            if (daemon.isPresent()) {
                // It joined before it could run, and it alone writes its home.
                identity = sameServer(context.identity(), invite);
                attached = attachBy(daemon.get(), folder);
            } else {
                try (PrivateFiles.Lock _ = home.lock()) {
                    Membership membership = new Membership(home, new SystemRandom());
                    identity =
                            membership.register(
                                    invite.base(),
                                    invite.pin(),
                                    Optional.of(invite.code()),
                                    Optional.empty(),
                                    deviceName());
                    attached = attachHere(membership, identity, folder);
                }
            }
            tellJoined(identity, attached, daemon.isPresent());
            return Exit.DONE;
        } finally {
            if (daemon.isPresent()) {
                daemon.get().close();
            }
        }
    }

    private static Identity sameServer(Identity identity, InviteText invite) throws RemoteException, CommandFailure {
        if (!ServerApi.info(invite.base(), invite.pin()).serverId().equals(identity.serverId())) {
            throw CommandFailure.failed("this device belongs to " + identity.server() + " already: use another --home");
        }
        return identity;
    }

    private void tellJoined(Identity identity, JsonObject attached, boolean running) throws CommandFailure {
        JsonObject json =
                new JsonObject()
                        .add(
                                "device",
                                new JsonObject()
                                        .add("id", identity.device().toString())
                                        .add("name", identity.deviceName()))
                        .add("server", identity.server().toString())
                        .add("attachment", attached)
                        .add("daemon_running", running);
        String done =
                "joined "
                        + identity.server()
                        + " as '"
                        + identity.deviceName()
                        + "'; vault '"
                        + attached.getString("name", "")
                        + "' is shown in "
                        + attached.getString("path", "")
                        + "\n";
        context.show(done + next(running), json);
    }

    private String next(boolean running) {
        String home = arguments.value("--home").map(given -> " --home " + given).orElse("");
        return running ? "the running client syncs it now" : "next: 'tinysync client" + home + "' keeps it in sync";
    }

    Exit register() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        if (arguments.value("--invite").isPresent() == arguments.value("--token-file").isPresent()) {
            throw CommandFailure.usage("register needs either --invite or --token-file");
        }
        Optional<InviteCode> code = Optional.empty();
        Optional<Hash> pin = Optional.empty();
        Optional<URI> base = arguments.value("--server").map(JoinCommands::address);
        if (arguments.value("--invite").isPresent()) {
            InviteText invite = InviteText.parse(context.secret(arguments.need("--invite")));
            code = Optional.of(invite.code());
            pin = invite.pin();
            base = base.or(() -> Optional.of(invite.base()));
        }
        Optional<AdminToken> operator =
                arguments.value("--token-file").isPresent()
                        ? Optional.of(adminToken(context, arguments.need("--token-file")))
                        : Optional.empty();
        Home home = context.home();
        try (PrivateFiles.Lock _ = home.lock()) {
            Identity identity =
                    new Membership(home, new SystemRandom())
                            .register(
                                    base.orElseThrow(() -> CommandFailure.usage("option --server is missing")),
                                    pin,
                                    code,
                                    operator,
                                    deviceName());
            JsonObject device =
                    new JsonObject().add("id", identity.device().toString()).add("name", identity.deviceName());
            context.show(
                    "registered at "
                            + identity.server()
                            + " as '"
                            + identity.deviceName()
                            + "'; next: 'tinysync attach --vault VAULT --folder DIR'",
                    new JsonObject().add("device", device).add("server", identity.server().toString()));
        }
        return Exit.DONE;
    }

    /** An address as people type it. */
    static URI address(String text) {
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    static AdminToken adminToken(Context context, String file) throws CommandFailure {
        return AdminToken.tryParse(context.secret(file))
                .orElseThrow(() -> CommandFailure.failed(file + " holds no admin token"));
    }

    Exit attach() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        refuseDrive();
        arguments.need("--vault");
        Path folder = Arguments.path(arguments.need("--folder"));
        Identity identity = context.identity();
        Optional<IpcClient> daemon = context.daemon();
        JsonObject attached;
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                attached = attachBy(running, folder);
            }
        } else {
            Home home = context.home();
            try (PrivateFiles.Lock _ = home.lock()) {
                attached = attachHere(new Membership(home, new SystemRandom()), identity, folder);
            }
        }
        context.show(
                "attached '"
                        + attached.getString("name", "")
                        + "' at "
                        + attached.getString("path", "")
                        + "\n"
                        + next(daemon.isPresent()),
                attached);
        return Exit.DONE;
    }

    private JsonObject attachBy(IpcClient daemon, Path folder) throws IOException {
        JsonObject request = new JsonObject().add("folder", folder.toString());
        arguments.value("--vault").ifPresent(vault -> request.add("vault", vault));
        arguments.value("--as").ifPresent(name -> request.add("as", name));
        return daemon.call("attach", request);
    }

    private JsonObject attachHere(Membership membership, Identity identity, Path folder)
            throws RemoteException, IOException, Membership.NotPossibleException {
        try (ServerApi api = Context.api(identity)) {
            Me me = api.me();
            return view(membership.attach(me, arguments.value("--vault"), folder, arguments.value("--as")));
        }
    }

    static JsonObject view(Attachment attachment) {
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

    Exit detach() throws CommandFailure, IOException {
        Identity identity = context.identity();
        Attachment attachment = choose(identity, arguments.operand(0));
        Optional<IpcClient> daemon = context.daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                running.call("detach", new JsonObject().add("name", attachment.name()));
            }
        } else {
            Home home = context.home();
            try (PrivateFiles.Lock _ = home.lock()) {
                new Membership(home, new SystemRandom()).detach(attachment);
            }
        }
        context.show("detached '" + attachment.name() + "'; its files stay in " + attachment.path(), view(attachment));
        return Exit.DONE;
    }

    private static Attachment choose(Identity identity, Optional<String> name) throws CommandFailure {
        List<Attachment> all = identity.attachments();
        if (name.isPresent()) {
            return identity.attachment(name.get())
                    .orElseThrow(
                            () ->
                                    CommandFailure.failed(
                                            "nothing is attached as '"
                                                    + name.get()
                                                    + "'; there is: "
                                                    + String.join(", ", all.stream().map(Attachment::name).toList())));
        }
        if (all.size() != 1) {
            throw CommandFailure.usage(
                    "say which one: "
                            + (all.isEmpty()
                                    ? "nothing is attached"
                                    : String.join(", ", all.stream().map(Attachment::name).toList())));
        }
        return all.getFirst();
    }

    Exit invite() throws CommandFailure, RemoteException, IOException {
        Identity identity = context.identity();
        try (ServerApi api = Context.api(identity)) {
            String vault = arguments.value("--vault").isPresent() ? arguments.need("--vault") : onlyManaged(api.me());
            InviteCodec.Minted minted =
                    api.mintInvite(
                            new InviteCodec.Request(
                                    Optional.empty(),
                                    Optional.of(vault),
                                    role(arguments),
                                    arguments.count("--uses"),
                                    arguments.span("--expires")));
            context.show(minted.invite(), InviteCodec.encode(minted));
            return Exit.DONE;
        }
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
