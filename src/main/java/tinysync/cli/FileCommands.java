package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.tree.Item;
import tinysync.tree.ItemName;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.wire.Me;
import tinysync.wire.Times;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code ls, cat, get, put, mkdir, mv, rm}: a vault without a folder, over HTTP. */
final class FileCommands {
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Context context;
    private final Arguments arguments;
    private final SystemRandom random = new SystemRandom();

    FileCommands(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    /** A place in a vault that was looked up. */
    private record Target(VaultFiles files, VaultPlace place) {
        List<String> path() {
            return place.path();
        }

        Item need() throws RemoteException, CommandFailure {
            return files.need(path());
        }

        Target inside(String name) {
            List<String> longer = new ArrayList<>(path());
            longer.add(name);
            return new Target(files, new VaultPlace(place.vault(), longer));
        }

        Target parent() throws CommandFailure {
            if (path().isEmpty()) {
                throw CommandFailure.failed("the vault itself cannot be changed like a file");
            }
            return new Target(files, new VaultPlace(place.vault(), path().subList(0, path().size() - 1)));
        }

        String shown() {
            return files.shown(path());
        }
    }

    Exit run(String command) throws CommandFailure, RemoteException, IOException {
        Identity identity = context.identity();
        try (ServerApi api = Context.api(identity)) {
            Me me = api.me();
            switch (command) {
                case "ls" -> list(api, identity, me);
                case "cat" -> print(target(api, identity, me, 0));
                case "get" -> get(target(api, identity, me, 0), arguments.operand(1));
                case "put" -> put(arguments.operands().getFirst(), target(api, identity, me, 1));
                case "mkdir" -> {
                    Target target = target(api, identity, me, 0);
                    target.files().makeFolders(target.path());
                }
                case "mv" -> move(target(api, identity, me, 0), target(api, identity, me, 1));
                default -> {
                    for (int i = 0; i < arguments.operands().size(); i++) {
                        remove(target(api, identity, me, i));
                    }
                }
            }
            return Exit.DONE;
        }
    }

    private Target target(ServerApi api, Identity identity, Me me, int operand) throws CommandFailure, IOException {
        VaultPlace place = VaultPlace.parse(arguments.operands().get(operand), identity, me);
        return new Target(
                new VaultFiles(api, place.vault(), identity.instance().orElseGet(random::uuid), random), place);
    }

    private void list(ServerApi api, Identity identity, Me me) throws CommandFailure, RemoteException, IOException {
        if (arguments.operands().isEmpty()) {
            JsonArray vaults = new JsonArray();
            StringBuilder text = new StringBuilder();
            for (Me.Reach vault : me.vaults()) {
                vaults.add(
                        new JsonObject()
                                .add("id", vault.id().toString())
                                .add("name", vault.name())
                                .add("role", vault.role().wire()));
                text.append(printable(vault.name())).append(":/  ").append(vault.role().wire()).append('\n');
            }
            context.show(text.toString().stripTrailing(), new JsonObject().add("vaults", vaults));
            return;
        }
        Target target = target(api, identity, me, 0);
        Item item = target.need();
        List<Item> items = item.kind().isFolder() ? target.files().children(item.id()) : List.of(item);
        JsonArray views = new JsonArray();
        StringBuilder text = new StringBuilder();
        for (Item one : items) {
            views.add(VaultFiles.view(one));
            text.append(line(one));
        }
        if (context.json()) {
            context.terminal().json(new JsonObject().add("items", views));
        } else {
            context.terminal().out().print(text);
        }
    }

    private static String line(Item item) {
        String size = item.content().map(content -> Quantities.shown(content.size())).orElse("");
        String time = item.mtime().map(at -> Times.format(at).substring(0, 16).replace('T', ' ')).orElse("");
        String end = item.kind().isFolder() ? "/" : item.target().map(to -> " -> " + to).orElse("");
        return String.format("%16s  %10s  %s%n", time, size, printable(item.name() + end));
    }

    /** Names come from others: what would steer a terminal is shown as a question mark. */
    static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    private void print(Target target) throws CommandFailure, RemoteException, IOException {
        Item item = target.need();
        requireFile(item, target);
        target.files().read(item, context.terminal().out(), done -> {});
        context.terminal().out().flush();
    }

    private static void requireFile(Item item, Target target) throws CommandFailure {
        if (!item.kind().isFile()) {
            throw CommandFailure.failed(target.shown() + " is a " + item.kind().wire() + ", not a file");
        }
    }

    private void get(Target source, Optional<String> where) throws CommandFailure, RemoteException, IOException {
        Item item = source.need();
        if (where.equals(Optional.of("-"))) {
            print(source);
            return;
        }
        if (item.kind().isFolder() && !arguments.on("-r")) {
            throw CommandFailure.usage(source.shown() + " is a folder: get -r copies it with all that is in it");
        }
        String name = item.isRoot() ? source.files().name() : item.name();
        Path target = Arguments.path(where.orElse("."));
        Path to = Files.isDirectory(target) ? child(target, name) : target;
        if (to.getParent() != null && !Files.isDirectory(to.getParent())) {
            throw CommandFailure.failed("the folder " + to.getParent() + " does not exist: make it first");
        }
        try (Progress progress = new Progress(context.terminal(), "get")) {
            getItem(source.files(), item, to, progress);
        }
    }

    /** A vault may hold names that mean something else on this disk. */
    private static Path child(Path folder, String name) throws CommandFailure {
        Path child = folder.resolve(name);
        if (name.contains("\\") && !POSIX || !folder.equals(child.getParent())) {
            throw CommandFailure.failed("'" + printable(name) + "' cannot be a name on this disk");
        }
        return child;
    }

    private void getItem(VaultFiles files, Item item, Path to, Progress progress)
            throws CommandFailure, RemoteException, IOException {
        if (item.kind().isFolder()) {
            if (!Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(to);
            }
            for (Item below : files.children(item.id())) {
                getItem(files, below, child(to, below.name()), progress);
            }
        } else if (item.kind().isSymlink()) {
            Files.createSymbolicLink(to, Path.of(item.target().orElse("")));
        } else if (item.kind().isFile()) {
            getFile(files, item, to, progress);
        }
    }

    /** Beside its place first, so that what was there stays until the new is whole. */
    private void getFile(VaultFiles files, Item item, Path to, Progress progress) throws RemoteException, IOException {
        Path part = to.resolveSibling("." + random.uuid() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                progress.next(item.name(), item.content().map(content -> content.size()).orElse(0L));
                files.read(item, out, progress::at);
            }
            if (POSIX) {
                Files.setPosixFilePermissions(part, permissions(item.mode()));
            }
            if (item.mtime().isPresent()) {
                Files.setLastModifiedTime(part, FileTime.from(item.mtime().get()));
            }
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The owner's bits, and for others what this user usually allows. */
    private static Set<PosixFilePermission> permissions(int mode) {
        String bits = (mode & 0400) != 0 ? "r" : "-";
        bits += (mode & 0200) != 0 ? "w" : "-";
        bits += (mode & 0100) != 0 ? "x" : "-";
        bits += (mode & 0044) == 0044 ? "r--r--" : "------";
        return PosixFilePermissions.fromString(bits);
    }

    private void put(String source, Target target) throws CommandFailure, RemoteException, IOException {
        try (Progress progress = new Progress(context.terminal(), "put")) {
            if (source.equals("-")) {
                progress.next("standard input", 0);
                putStream(context.terminal().in(), target, Optional.empty(), Optional.empty(), progress);
                return;
            }
            Path from = Arguments.path(source);
            if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                throw CommandFailure.failed(from + " does not exist");
            }
            if (Files.isDirectory(from) && !arguments.on("-r")) {
                throw CommandFailure.usage(from + " is a folder: put -r copies it with all that is in it");
            }
            boolean into =
                    target.path().isEmpty()
                            || target.files().find(target.path()).filter(item -> item.kind().isFolder()).isPresent();
            putPath(from, into ? target.inside(from.getFileName().toString()) : target, progress);
        }
    }

    private void putPath(Path from, Target target, Progress progress)
            throws CommandFailure, RemoteException, IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            target.files().makeFolders(target.path());
            for (Path below : children(from)) {
                putPath(below, target.inside(below.getFileName().toString()), progress);
            }
        } else if (Files.isSymbolicLink(from)) {
            Item folder = target.files().makeFolders(target.parent().path());
            target.files()
                    .commit(
                            new Mutation.CreateSymlink(
                                    target.files().newOp(),
                                    target.files().newItem(),
                                    new Place(folder.id(), name(target)),
                                    Files.readSymbolicLink(from).toString(),
                                    Optional.empty()));
        } else if (Files.isRegularFile(from)) {
            progress.next(from.getFileName().toString(), Files.size(from));
            Optional<Integer> mode = POSIX ? Optional.of(mode(from)) : Optional.empty();
            Instant mtime = Files.getLastModifiedTime(from).toInstant();
            try (InputStream in = Files.newInputStream(from)) {
                putStream(in, target, mode, Optional.of(mtime), progress);
            }
        } else {
            progress.close();
            context.terminal().err().println(printable("tinysync: left out, no file, folder or link: " + from));
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static int mode(Path file) throws IOException {
        int mode = 0;
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
            // The enum is in the order of the bits, the owner's read first.
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    private static void putStream(
            InputStream in, Target target, Optional<Integer> mode, Optional<Instant> mtime, Progress progress)
            throws CommandFailure, RemoteException, IOException {
        Item folder = target.files().need(target.parent().path());
        target.files().put(folder, name(target), in, mode, mtime, progress::at);
    }

    private static String name(Target target) throws CommandFailure {
        String name = ItemName.normalize(target.path().getLast());
        Optional<String> problem = ItemName.problem(name);
        if (problem.isPresent()) {
            throw CommandFailure.failed("'" + printable(name) + "' cannot be a name: it " + problem.get());
        }
        return name;
    }

    private void move(Target from, Target to) throws CommandFailure, RemoteException {
        if (!from.place().vault().id().equals(to.place().vault().id())) {
            throw CommandFailure.failed("mv works inside one vault: use get and put between vaults");
        }
        Item item = from.need();
        from.parent();
        boolean into =
                to.path().isEmpty() || to.files().find(to.path()).filter(there -> there.kind().isFolder()).isPresent();
        Target target = into ? to.inside(item.name()) : to;
        Item folder = to.files().need(target.parent().path());
        Mutation.MoveRename.Move move =
                new Mutation.MoveRename.Move(item.id(), item.versions().place(), new Place(folder.id(), name(target)));
        from.files().commit(new Mutation.MoveRename(from.files().newOp(), List.of(move)));
    }

    private void remove(Target target) throws CommandFailure, RemoteException {
        // Before the look: what is added behind it is not deleted unseen.
        long seq = target.files().head().seq();
        Item item = target.need();
        target.parent();
        if (item.kind().isFolder() && arguments.on("-r")) {
            target.files()
                    .commit(
                            new Mutation.DeleteSubtree(
                                    target.files().newOp(), item.id(), item.versions().place(), seq, true));
            return;
        }
        if (item.kind().isFolder() && !target.files().children(item.id()).isEmpty()) {
            throw CommandFailure.usage(target.shown() + " is a folder with something in it: rm -r removes both");
        }
        target.files()
                .commit(
                        new Mutation.Delete(
                                target.files().newOp(), item.id(), item.versions().content(), item.versions().place()));
    }
}
