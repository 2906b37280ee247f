package tinysync.client;

import tinysync.client.engine.Selection;
import tinysync.client.folder.Root;
import tinysync.client.folder.UnusableRootException;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.content.Hash;
import tinysync.platform.SystemRandom;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

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

    /** What to say of a name that nothing here has. */
    public static String notAttached(String name, List<Attachment> all) {
        String names = String.join(", ", all.stream().map(Attachment::name).toList());
        return "nothing is attached as '" + name + "'" + (all.isEmpty() ? "" : "; there is: " + names);
    }

    /** How a server is asked in this device's name. */
    public static ServerConnection connection(Identity identity) {
        return new ServerConnection(identity.server(), identity.token(), identity.pin());
    }

    /**
     * At which server to register, and how to be let in.
     *
     * @param invite or else the operator's token
     */
    public record Registering(
            URI base,
            Optional<Hash> pin,
            Optional<InviteCode> invite,
            Optional<AdminToken> operator,
            String deviceName) {
        public Registering {
            Objects.requireNonNull(base);
            Objects.requireNonNull(pin);
            Objects.requireNonNull(invite);
            Objects.requireNonNull(operator);
            Objects.requireNonNull(deviceName);
        }
    }

    /** Makes this a device of a server; who it is to one that it joined already is left as it is. */
    public Identity register(Registering wanted) throws IOException, RemoteException, NotPossibleException {
        // Before anything secret is written there.
        Nesting.refuseInsideAnother(home.path().toRealPath(), Optional.of(home.path().toRealPath()));
        ServerInfo info = ServerApi.info(wanted.base(), wanted.pin());
        Optional<Identity> known = home.account(info.serverId()).identity();
        if (known.isPresent()) {
            return known.get();
        }
        DeviceToken token = newToken(random);
        Registration.Request request =
                new Registration.Request(token.device(), token.secretSha256(), wanted.deviceName(), wanted.invite());
        patiently(() -> ServerApi.register(wanted.base(), wanted.pin(), wanted.operator(), request));
        Identity identity =
                new Identity(
                        token,
                        wanted.deviceName(),
                        List.of(wanted.base()),
                        wanted.pin(),
                        info.serverId(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        home.save(identity);
        return identity;
    }

    static DeviceToken newToken(SystemRandom random) {
        return new DeviceToken(new DeviceId(random.uuid()), HexFormat.of().formatHex(random.bytes(SECRET_BYTES)));
    }

    /** Asks for a registration. */
    interface Attempt {
        void make() throws RemoteException;
    }

    /**
     * An answer that got lost would cost a use of the invite, or leave a device that nobody is: the same request again
     * is the same registration.
     */
    static void patiently(Attempt attempt) throws RemoteException {
        for (int tries = 1; ; tries++) {
            try {
                attempt.make();
                return;
            } catch (RemoteException.Unreachable lost) {
                if (tries == REGISTER_TRIES) {
                    throw lost;
                }
            }
        }
    }

    /**
     * Shows a vault in a folder, which is made where it is missing. A vault may be shown in several folders.
     *
     * @param account at the vault's server, which said what this device may reach there
     * @param vault by name or id; empty is the only one, or {@code main}
     * @param as the attachment's name; empty is the vault's, with a number behind it where that is taken
     */
    public Attachment attach(Account account, Me me, Optional<String> vault, Path folder, Optional<String> as)
            throws IOException, NotPossibleException {
        if (account.identity().isEmpty()) {
            throw new NotPossibleException("this device has not joined a server: 'tinysync join INVITE'");
        }
        Me.Reach reach = choose(me, vault);
        List<Attachment> others = attachments();
        String name = as.orElseGet(() -> freeName(reach.name(), others));
        if (name.isBlank()) {
            throw new NotPossibleException("an attachment needs a name: choose a name with --as");
        }
        Optional<Attachment> twin = others.stream().filter(other -> other.name().equals(name)).findFirst();
        if (twin.isPresent()) {
            throw new NotPossibleException(
                    "'" + name + "' is attached already at " + twin.get().path() + ": choose another name with --as");
        }
        Path path = new Nesting(home, others).make(folder);
        Attachment attachment =
                Attachment.of(
                        name, random.uuid(), reach.id(), reach.root(), reach.role(), Attachment.Mode.FOLDER, path);
        try (Root _ = Root.create(path, reach.id(), attachment.id().toString())) {
            remember(account, attachment);
            return attachment;
        } catch (UnusableRootException unusable) {
            throw new NotPossibleException(
                    unusable.getMessage()
                            + ": choose another folder, or remove "
                            + Nesting.marker(path)
                            + " if nothing else syncs it");
        }
    }

    /**
     * From now on what lies at a path stays on this disk, and out of the vault, when the vault has it no more.
     *
     * @param path below the root, names joined by {@code /}
     */
    public void keepLocal(Account account, UUID attachment, String path) throws IOException, NotPossibleException {
        Attachment known = attachment(account, attachment);
        Set<String> paths = new HashSet<>(known.selection().keptLocal());
        paths.add(path);
        if (paths.size() > Selection.ENTRIES_MAX) {
            throw new NotPossibleException(
                    "no more than "
                            + Selection.ENTRIES_MAX
                            + " files can be kept so: put them in one folder and keep that, or name them in a"
                            + " .tinysyncignore");
        }
        account.update(now -> now.with(known.withSelection(known.selection().withKeptLocal(paths))));
    }

    /**
     * Shows all of the vault but these items, with all below them.
     *
     * @param hidden instead of those before
     */
    public void select(Account account, UUID attachment, Set<ItemId> hidden) throws IOException, NotPossibleException {
        Attachment known = attachment(account, attachment);
        if (hidden.size() > Selection.ENTRIES_MAX) {
            throw new NotPossibleException(
                    "no more than " + Selection.ENTRIES_MAX + " items can be left out: choose folders instead");
        }
        account.update(now -> now.with(known.withSelection(known.selection().withHidden(hidden))));
    }

    /** As it is now. */
    private static Attachment attachment(Account account, UUID id) throws IOException, NotPossibleException {
        return account.identity().stream()
                .flatMap(identity -> identity.attachments().stream())
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NotPossibleException("it was detached meanwhile: 'tinysync status' shows"));
    }

    /** A marker that nobody knows of would refuse the folder to the next try. */
    private static void remember(Account account, Attachment attachment) throws IOException {
        boolean done = false;
        try {
            account.update(now -> now.with(attachment));
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(Nesting.marker(attachment.path()));
            }
        }
    }

    /** Of all servers: names and folders are this home's. */
    private List<Attachment> attachments() throws IOException {
        return home.identities().stream().flatMap(identity -> identity.attachments().stream()).toList();
    }

    private static String freeName(String wanted, List<Attachment> others) {
        List<String> taken = others.stream().map(Attachment::name).toList();
        String name = wanted;
        for (int n = 2; taken.contains(name); n++) {
            name = wanted + "-" + n;
        }
        return name;
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

    /**
     * Forgets an attachment that is not running; its files stay, and the folder can be attached anew. What lies at its
     * path without being its folder is left alone.
     */
    public void detach(Account account, Attachment attachment) throws IOException {
        account.update(now -> now.without(attachment.id()));
        home.forget(attachment.id());
        try (Root _ = Root.open(attachment.path(), attachment.vault(), attachment.id().toString())) {
            Files.deleteIfExists(Nesting.marker(attachment.path()));
        } catch (UnusableRootException notItsFolder) {
            System.getLogger("tinysync.client")
                    .log(System.Logger.Level.DEBUG, "no marker is removed: " + notItsFolder.getMessage());
        }
    }

    /**
     * Ends being a device of a server: it is revoked there, and what is known of it is forgotten; files stay.
     *
     * @param unheard also when the server cannot be told; it then must be revoked there by somebody else
     * @param whenRevoked ends what runs of the server with this id, before its state is forgotten
     */
    public void leave(Account account, boolean unheard, Consumer<UUID> whenRevoked)
            throws IOException, RemoteException {
        Optional<Identity> identity = account.identity();
        if (identity.isPresent()) {
            revoke(identity.get(), unheard);
            whenRevoked.accept(account.serverId());
            for (Attachment attachment : identity.get().attachments()) {
                detach(account, attachment);
            }
            home.leave(account.serverId());
        }
    }

    private static void revoke(Identity identity, boolean unheard) throws RemoteException {
        try (ServerApi api = new ServerApi(connection(identity))) {
            api.call("DELETE", "/v1/devices/" + identity.device(), Optional.empty());
        } catch (RemoteException.Refused refused) {
            if (!refused.isRevoked() && !unheard) {
                throw refused;
            }
            // It was revoked already, perhaps by an attempt that was cut off before it forgot the rest.
        } catch (RemoteException lost) {
            if (!unheard) {
                throw lost;
            }
        }
    }
}
