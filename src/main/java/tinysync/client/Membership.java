package tinysync.client;

import tinysync.client.folder.Root;
import tinysync.client.folder.UnusableRootException;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.content.Hash;
import tinysync.platform.SystemRandom;
import tinysync.tree.DeviceId;
import tinysync.wire.AdminToken;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteCode;
import tinysync.wire.Me;
import tinysync.wire.Registration;
import tinysync.wire.ServerInfo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Joining a server, and what is attached where. Used by whoever may write the home: the daemon, or a command that holds
 * its lock.
 */
public final class Membership {
    private static final int SECRET_BYTES = 32;
    private static final int REGISTER_TRIES = 3;
    private static final String PREFERRED_VAULT = "main";

    private final Home home;
    private final SystemRandom random;

    public Membership(Home home, SystemRandom random) {
        this.home = Objects.requireNonNull(home);
        this.random = Objects.requireNonNull(random);
    }

    /** What somebody asked for makes no sense here; the message says what to do instead. */
    public static final class NotPossibleException extends Exception {
        private static final long serialVersionUID = 1L;

        NotPossibleException(String message) {
            super(message);
        }
    }

    /** How a server is asked in this device's name. */
    public static ServerConnection connection(Identity identity) {
        return new ServerConnection(identity.server(), identity.token(), identity.pin());
    }

    /**
     * Makes this a device of a server; a home that joined that server already is left as it is.
     *
     * @param invite or else the operator's token
     */
    public Identity register(
            URI base, Optional<Hash> pin, Optional<InviteCode> invite, Optional<AdminToken> operator, String deviceName)
            throws IOException, RemoteException, NotPossibleException {
        // Before anything secret is written there.
        refuseInsideAFolder(home.path().toRealPath(), Optional.of(home.path().toRealPath()));
        ServerInfo info = ServerApi.info(base, pin);
        Optional<Identity> known = home.identity();
        if (known.isPresent()) {
            if (known.get().serverId().equals(info.serverId())) {
                return known.get();
            }
            throw new NotPossibleException(
                    "this device belongs to " + known.get().server() + " already: use another --home for " + base);
        }
        DeviceToken token =
                new DeviceToken(new DeviceId(random.uuid()), HexFormat.of().formatHex(random.bytes(SECRET_BYTES)));
        Registration.Request request =
                new Registration.Request(token.device(), token.secretSha256(), deviceName, invite);
        registerPatiently(base, pin, operator, request);
        Identity identity =
                new Identity(
                        token,
                        deviceName,
                        List.of(base),
                        pin,
                        info.serverId(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        home.save(identity);
        return identity;
    }

    /** An answer that got lost would cost a use of the invite: the same request again is the same registration. */
    private static void registerPatiently(
            URI base, Optional<Hash> pin, Optional<AdminToken> operator, Registration.Request request)
            throws RemoteException {
        for (int attempt = 1; ; attempt++) {
            try {
                ServerApi.register(base, pin, operator, request);
                return;
            } catch (RemoteException.Unreachable lost) {
                if (attempt == REGISTER_TRIES) {
                    throw lost;
                }
            }
        }
    }

    /**
     * Shows a vault in a folder, which is made where it is missing.
     *
     * @param vault by name or id; empty is the only one, or {@code main}
     * @param as the attachment's name; empty is the vault's
     */
    public Attachment attach(Me me, Optional<String> vault, Path folder, Optional<String> as)
            throws IOException, NotPossibleException {
        Identity identity =
                home.identity()
                        .orElseThrow(
                                () ->
                                        new NotPossibleException(
                                                "this device has not joined a server: 'tinysync join INVITE'"));
        Me.Reach reach = choose(me, vault);
        Optional<Attachment> twin =
                identity.attachments().stream().filter(other -> other.vault().equals(reach.id())).findFirst();
        if (twin.isPresent()) {
            throw new NotPossibleException(
                    "vault '"
                            + reach.name()
                            + "' is shown in "
                            + twin.get().path()
                            + " already: 'tinysync detach "
                            + twin.get().name()
                            + "' first");
        }
        Path path = place(identity, folder);
        String name = as.orElse(reach.name());
        if (name.isBlank()) {
            throw new NotPossibleException("an attachment needs a name: choose a name with --as");
        }
        if (identity.attachment(name).isPresent()) {
            throw new NotPossibleException(
                    "'"
                            + name
                            + "' is attached already at "
                            + identity.attachment(name).get().path()
                            + ": choose another name with --as");
        }
        Attachment attachment =
                Attachment.of(
                        name, random.uuid(), reach.id(), reach.root(), reach.role(), Attachment.Mode.FOLDER, path);
        try (Root _ = Root.create(path, reach.id(), attachment.id().toString())) {
            remember(attachment);
            return attachment;
        } catch (UnusableRootException unusable) {
            throw new NotPossibleException(
                    unusable.getMessage()
                            + ": choose another folder, or remove "
                            + marker(path)
                            + " if nothing else syncs it");
        }
    }

    /** A marker that nobody knows of would refuse the folder to the next try. */
    private void remember(Attachment attachment) throws IOException {
        boolean done = false;
        try {
            home.update(now -> now.with(attachment));
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(marker(attachment.path()));
            }
        }
    }

    private static Path marker(Path root) {
        return root.resolve(Root.OWN_FOLDER).resolve("root.json");
    }

    private static Me.Reach choose(Me me, Optional<String> wanted) throws NotPossibleException {
        List<Me.Reach> found =
                me.vaults().stream()
                        .filter(
                                vault ->
                                        wanted.map(
                                                        name ->
                                                                vault.name().equals(name)
                                                                        || vault.id().toString().equals(name))
                                                .orElse(true))
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        String all = String.join(", ", me.vaults().stream().map(Me.Reach::name).toList());
        if (found.isEmpty()) {
            throw new NotPossibleException(
                    me.vaults().isEmpty()
                            ? "this device may reach no vault: ask the operator to grant it one"
                            : "no vault '" + wanted.orElse("") + "' in reach; there is: " + all);
        }
        return found.stream()
                .filter(vault -> vault.name().equals(PREFERRED_VAULT))
                .findFirst()
                .orElseThrow(() -> new NotPossibleException("choose a vault with --vault: " + all));
    }

    /** Makes the folder; nothing is made where it must not be, since another program may sync what is made there. */
    private Path place(Identity identity, Path folder) throws IOException, NotPossibleException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotPossibleException(folder + " is not a folder: choose another one");
        }
        refuseNesting(identity, whereItWouldBe(folder));
        Files.createDirectories(folder);
        Path path = folder.toRealPath();
        refuseNesting(identity, path);
        return path;
    }

    private static Path whereItWouldBe(Path folder) throws IOException {
        Path wanted = folder.toAbsolutePath().normalize();
        Path there = wanted;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(wanted)).normalize();
    }

    private void refuseNesting(Identity identity, Path path) throws IOException, NotPossibleException {
        List<Path> taken = new ArrayList<>(identity.attachments().stream().map(Attachment::path).toList());
        taken.add(home.path().toRealPath());
        for (Path other : taken) {
            if (path.startsWith(other) || other.startsWith(path)) {
                throw new NotPossibleException(
                        "folders cannot be inside one another: " + path + " and " + other + "; choose another folder");
            }
        }
        refuseInsideAFolder(path, Optional.ofNullable(path.getParent()));
    }

    /**
     * A folder that another home keeps in sync would send what lies in it to its vault: files twice, or our token.
     *
     * @param from the nearest folder that must not be kept in sync
     */
    private static void refuseInsideAFolder(Path path, Optional<Path> from) throws NotPossibleException {
        for (Path at = from.orElse(null); at != null; at = at.getParent()) {
            if (Files.exists(marker(at))) {
                throw new NotPossibleException(
                        at.equals(path)
                                ? path + " is kept in sync already: choose another folder"
                                : path
                                        + " lies inside "
                                        + at
                                        + ", which is kept in sync already: choose another folder");
            }
        }
    }

    /** Forgets an attachment that is not running; its files stay, and the folder can be attached anew. */
    public void detach(Attachment attachment) throws IOException {
        home.update(now -> now.without(attachment.id()));
        home.forget(attachment.id());
        Files.deleteIfExists(marker(attachment.path()));
    }
}
