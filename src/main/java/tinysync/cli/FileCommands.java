package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.remote.RemoteException;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.wire.ItemCodec;
import tinysync.wire.Me;
import tinysync.wire.Times;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code ls, cat, get, put, mkdir, mv, rm, conflicts resolve}: a vault without a folder, over HTTP. */
final class FileCommands {
    private final Context context;
    private final Arguments arguments;
    private final Servers servers;
    private final SystemRandom random = new SystemRandom();

    private FileCommands(Context context, Servers servers) {
        this.context = context;
        this.arguments = context.arguments();
        this.servers = servers;
    }

    /** What one of the commands does. */
    @FunctionalInterface
    interface Action {
        void run(FileCommands files) throws CommandFailure, RemoteException, IOException;
    }

    static Exit run(Context context, Action action) throws CommandFailure, RemoteException, IOException {
        try (Servers servers = new Servers(context.identities())) {
            action.run(new FileCommands(context, servers));
            return Exit.DONE;
        }
    }

    /** A place in a vault. */
    private record Target(VaultFiles files, VaultPlace place) {
        List<String> path() {
            return place.path();
        }

        Item need() throws RemoteException, CommandFailure {
            return files.need(path());
        }

        boolean isFolder() throws RemoteException {
            return path().isEmpty() || files.find(path()).filter(item -> item.kind().isFolder()).isPresent();
        }

        /** The folder around it, which must exist; the vault itself has none. */
        Item folder() throws RemoteException, CommandFailure {
            requireNotTheVault();
            return files.need(path().subList(0, path().size() - 1));
        }

        void requireNotTheVault() throws CommandFailure {
            if (path().isEmpty()) {
                throw CommandFailure.failed(
                        "the vault itself is no file: an operator deletes one with 'tinysync admin vault delete'");
            }
        }

        String shown() {
            return files.shown(path());
        }
    }

    private Target target(int operand) throws CommandFailure, RemoteException, IOException {
        VaultPlace place = VaultPlace.parse(arguments.operands().get(operand), servers);
        Servers.Server server = place.server();
        UUID instance = server.identity().instance().orElseGet(random::uuid);
        VaultFiles files = new VaultFiles(server.api(), place.vault(), instance, random);
        return new Target(files, place);
    }

    void list() throws CommandFailure, RemoteException, IOException {
        if (arguments.operands().isEmpty()) {
            listVaults();
            return;
        }
        Target target = target(0);
        Item item = target.need();
        List<Item> items = item.kind().isFolder() ? target.files().children(item.id()) : List.of(item);
        JsonArray views = new JsonArray();
        StringBuilder text = new StringBuilder();
        for (Item one : items) {
            views.add(ItemCodec.encode(one));
            text.append(line(one)).append('\n');
        }
        if (context.json()) {
            context.terminal().json(new JsonObject().add("items", views));
        } else {
            context.terminal().text(text.toString());
        }
    }

    /** Of all servers; those that are away are told of after the others. */
    private void listVaults() throws CommandFailure, RemoteException, IOException {
        JsonArray vaults = new JsonArray();
        List<String> lines = new ArrayList<>();
        Optional<RemoteException> failed = Optional.empty();
        for (Servers.Server server : servers.all()) {
            try {
                listVaults(server, vaults, lines);
            } catch (RemoteException away) {
                if (servers.all().size() > 1) {
                    context.terminal().warn(server.address() + " does not tell its vaults");
                }
                failed = Optional.of(away);
            }
        }
        if (failed.isPresent() && lines.isEmpty()) {
            throw failed.get();
        }
        String text = lines.isEmpty() ? "no vault is in reach: ask an operator" : String.join("\n", lines);
        context.show(text, new JsonObject().add("vaults", vaults));
        if (failed.isPresent()) {
            throw failed.get();
        }
    }

    private void listVaults(Servers.Server server, JsonArray vaults, List<String> lines) throws RemoteException {
        String where = servers.all().size() == 1 ? "" : "  " + server.address();
        for (Me.Reach vault : server.me().vaults()) {
            vaults.add(
                    new JsonObject()
                            .add("id", vault.id().toString())
                            .add("name", vault.name())
                            .add("role", vault.role().wire())
                            .add("server", server.address().toString()));
            lines.add(Terminal.printable(vault.name()) + ":/  " + vault.role().wire() + where);
        }
    }

    private static String line(Item item) {
        String size = item.content().map(content -> Quantities.shown(content.size())).orElse("");
        String time = item.mtime().map(at -> Times.format(at).substring(0, 16).replace('T', ' ')).orElse("");
        String end = item.kind().isFolder() ? "/" : item.target().map(to -> " -> " + to).orElse("");
        return String.format("%16s  %10s  %s", time, size, Terminal.printable(item.name() + end));
    }

    void print() throws CommandFailure, RemoteException, IOException {
        print(target(0));
    }

    private void print(Target target) throws CommandFailure, RemoteException, IOException {
        Item item = target.need();
        if (!item.kind().isFile()) {
            throw CommandFailure.failed(target.shown() + " is a " + item.kind().wire() + ", not a file");
        }
        target.files().read(item, context.terminal().out(), done -> {});
        context.terminal().out().flush();
    }

    void get() throws CommandFailure, RemoteException, IOException {
        Target source = target(0);
        Optional<String> where = arguments.operand(1);
        if (where.equals(Optional.of("-"))) {
            print(source);
            return;
        }
        Item item = source.need();
        if (item.kind().isFolder() && !arguments.on("-r")) {
            throw CommandFailure.usage(source.shown() + " is a folder: get -r copies it with all that is in it");
        }
        String name = item.isRoot() ? source.files().name() : item.name();
        try (Progress progress = progress("get")) {
            new Download(source.files(), context.terminal(), random, progress)
                    .get(item, name, Arguments.path(where.orElse(".")));
        }
    }

    private Progress progress(String what) {
        return new Progress(context.terminal(), what, new SystemClock()::monotonicNanos);
    }

    void put() throws CommandFailure, RemoteException, IOException {
        String source = arguments.operands().getFirst();
        Target target = target(1);
        try (Progress progress = progress("put")) {
            Upload upload = new Upload(target.files(), context.terminal(), progress);
            if (source.equals("-")) {
                Item folder = target.folder();
                progress.next("standard input", 0);
                upload.put(context.terminal().in(), folder, target.path().getLast());
                return;
            }
            Path from = Arguments.path(source);
            if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                throw CommandFailure.failed(from + " does not exist");
            }
            if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS) && !arguments.on("-r")) {
                throw CommandFailure.usage(from + " is a folder: put -r copies it with all that is in it");
            }
            if (!target.isFolder()) {
                upload.put(from, target.folder(), target.path().getLast());
            } else if (from.getFileName() != null) {
                upload.put(from, target.need(), from.getFileName().toString());
            } else {
                throw CommandFailure.usage(from + " has no name: say which it gets, as in " + target.shown() + "NAME");
            }
        }
    }

    void makeFolder() throws CommandFailure, RemoteException, IOException {
        Target target = target(0);
        target.files().makeFolders(target.path());
    }

    void move() throws CommandFailure, RemoteException, IOException {
        Target from = target(0);
        Target to = target(1);
        if (!from.place().vault().id().equals(to.place().vault().id())) {
            throw CommandFailure.failed("mv works inside one vault: use get and put between vaults");
        }
        from.requireNotTheVault();
        Item item = from.need();
        Place place =
                to.isFolder()
                        ? new Place(to.need().id(), item.name())
                        : new Place(to.folder().id(), VaultFiles.checked(to.path().getLast()));
        Mutation.MoveRename.Move move = new Mutation.MoveRename.Move(item.id(), item.versions().place(), place);
        from.files().commit(new Mutation.MoveRename(from.files().newOp(), List.of(move)));
    }

    void remove() throws CommandFailure, RemoteException, IOException {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < arguments.operands().size(); i++) {
            targets.add(target(i));
        }
        for (Target target : targets) {
            remove(target);
        }
    }

    private void remove(Target target) throws CommandFailure, RemoteException, IOException {
        target.requireNotTheVault();
        // Before the look: what is added behind it is not deleted unseen.
        long seq = target.files().head().seq();
        Item item = target.need();
        boolean all = item.kind().isFolder() && arguments.on("-r");
        if (item.kind().isFolder() && !all && !target.files().children(item.id()).isEmpty()) {
            throw CommandFailure.usage(target.shown() + " is a folder with something in it: rm -r removes both");
        }
        if (arguments.on("--keep-local")) {
            new KeepLocal(context, servers).keep(target.place());
        }
        if (all) {
            target.files().deleteAll(item, seq);
        } else {
            target.files().delete(item);
        }
    }

    void settleConflict() throws CommandFailure, RemoteException, IOException {
        ConflictChoice.Keep keep = ConflictChoice.Keep.parse(arguments.need("--keep"));
        Target target = target(0);
        target.requireNotTheVault();
        String kept = target.files().shown(new ConflictChoice(target.files()).settle(target.path(), keep));
        context.show("kept " + Terminal.printable(kept), new JsonObject().add("kept", kept));
    }
}
