package tinysync.cli;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
import tinysync.wire.Me;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The servers that this device has joined, each asked only when something is to be known of it: one that is away does
 * not disturb what concerns the others. For one thread.
 */
final class Servers implements AutoCloseable {
    private final List<Server> all = new ArrayList<>();

    Servers(List<Identity> identities) {
        identities.forEach(identity -> all.add(new Server(identity)));
    }

    /** One of them. */
    static final class Server {
        private final Identity identity;
        private Optional<ServerApi> api = Optional.empty();
        private Optional<Me> me = Optional.empty();

        private Server(Identity identity) {
            this.identity = identity;
        }

        Identity identity() {
            return identity;
        }

        ServerApi api() {
            if (api.isEmpty()) {
                api = Optional.of(Context.api(identity));
            }
            return api.get();
        }

        URI address() {
            return identity.server();
        }

        /** What this device may reach there; asked once. */
        Me me() throws RemoteException {
            if (me.isEmpty()) {
                me = Optional.of(api().me());
            }
            return me.get();
        }

        /** A vault there, by name or id. */
        Optional<Me.Reach> vault(String nameOrId) throws RemoteException {
            return me().vaults().stream()
                    .filter(vault -> vault.name().equals(nameOrId) || vault.id().toString().equals(nameOrId))
                    .findFirst();
        }
    }

    /** A vault, and where it is. */
    record Found(Server server, Me.Reach vault) {}

    /** An attachment, and the server of its vault. */
    record Attached(Server server, Attachment attachment) {
        /** Its vault, as the server tells of it now. */
        Me.Reach vault() throws RemoteException, CommandFailure {
            return server.vault(attachment.vault().toString())
                    .orElseThrow(
                            () ->
                                    new CommandFailure(
                                            Exit.REFUSED,
                                            "forbidden",
                                            "this device may no longer reach the vault of '"
                                                    + attachment.name()
                                                    + "': ask its operator"));
        }
    }

    List<Server> all() {
        return all;
    }

    List<Attached> attachments() {
        return all.stream()
                .flatMap(server -> server.identity().attachments().stream().map(one -> new Attached(server, one)))
                .toList();
    }

    /** The one that {@code --server} says: its address, its host, or its id; without a word all of them. */
    List<Server> chosen(Optional<String> said) throws CommandFailure {
        if (said.isEmpty()) {
            return all;
        }
        List<Server> chosen = all.stream().filter(server -> isCalled(server.identity(), said.get())).toList();
        if (chosen.size() != 1) {
            throw CommandFailure.failed(
                    "'" + said.get() + "' is not one server of this device; there is: " + addresses(all));
        }
        return chosen;
    }

    private static boolean isCalled(Identity identity, String said) {
        String plain = said.endsWith("/") ? said.substring(0, said.length() - 1) : said;
        return identity.serverId().toString().equals(plain)
                || identity.servers().stream()
                        .anyMatch(
                                base ->
                                        base.toString().equals(plain)
                                                || base.getHost().equals(plain)
                                                || base.getAuthority().equals(plain));
    }

    static String addresses(List<Server> servers) {
        return String.join(", ", servers.stream().map(server -> server.address().toString()).toList());
    }

    /**
     * The vault of that name or id. Where several servers have one of that name, an attachment called so decides; what
     * cannot be asked is a failure then, for it might be another vault.
     */
    Optional<Found> vault(String nameOrId) throws RemoteException, CommandFailure {
        Optional<Attached> attached =
                attachments().stream().filter(one -> one.attachment().name().equals(nameOrId)).findFirst();
        if (attached.isPresent()) {
            Me.Reach vault = attached.get().vault();
            if (vault.name().equals(nameOrId)) {
                return Optional.of(new Found(attached.get().server(), vault));
            }
        }
        List<Found> found = vaults(all, nameOrId);
        if (found.size() > 1) {
            throw several(nameOrId, found);
        }
        if (found.isEmpty() && attached.isPresent()) {
            return Optional.of(new Found(attached.get().server(), attached.get().vault()));
        }
        return found.stream().findFirst();
    }

    /** All vaults of that name or id at these servers. */
    static List<Found> vaults(List<Server> servers, String nameOrId) throws RemoteException {
        List<Found> found = new ArrayList<>();
        for (Server server : servers) {
            server.vault(nameOrId).ifPresent(vault -> found.add(new Found(server, vault)));
        }
        return found;
    }

    private static CommandFailure several(String name, List<Found> found) {
        List<String> choices = found.stream().map(one -> one.vault().id() + " at " + one.server().address()).toList();
        return CommandFailure.usage(
                "several vaults are called '" + name + "', say its id: " + String.join(", ", choices));
    }

    /** The server at which to attach or manage a vault; without a name of one, the only server. */
    Server home(Optional<String> said, Optional<String> vault) throws RemoteException, CommandFailure {
        List<Server> candidates = chosen(said);
        if (candidates.size() == 1 && vault.isEmpty()) {
            return candidates.getFirst();
        }
        List<Server> having = new ArrayList<>();
        if (vault.isPresent()) {
            vaults(candidates, vault.get()).forEach(found -> having.add(found.server()));
        }
        if (having.isEmpty() && vault.isPresent()) {
            throw CommandFailure.notFound(
                    "no vault '" + vault.get() + "' is in reach; there is: " + vaultNames(candidates));
        }
        if (having.size() != 1) {
            throw CommandFailure.usage(
                    "say with --server which: " + addresses(vault.isPresent() ? having : candidates));
        }
        return having.getFirst();
    }

    /** All that may be reached, as far as a place in it can be named. */
    String vaultNames() throws RemoteException {
        return vaultNames(all);
    }

    private static String vaultNames(List<Server> servers) throws RemoteException {
        List<String> names = new ArrayList<>();
        for (Server server : servers) {
            server.me().vaults().forEach(vault -> names.add(vault.name()));
        }
        return String.join(", ", names);
    }

    @Override
    public void close() {
        all.forEach(server -> server.api.ifPresent(ServerApi::close));
    }
}
