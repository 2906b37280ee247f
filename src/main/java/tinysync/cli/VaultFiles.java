package tinysync.cli;

import tinysync.client.remote.CommitReply;
import tinysync.client.remote.RemoteContent;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.SmallContents;
import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Content;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.platform.SystemRandom;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.ItemName;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.wire.ErrorCode;
import tinysync.wire.Fields;
import tinysync.wire.ItemCodec;
import tinysync.wire.Me;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/** The tree and the contents of one vault, as the server has them now. For one thread. */
final class VaultFiles {
    private static final int PAGE = 1_000;

    private final ServerApi api;
    private final Me.Reach vault;
    private final UUID instance;
    private final SystemRandom random;

    /**
     * @param instance of this device, as the server knows it
     */
    VaultFiles(ServerApi api, Me.Reach vault, UUID instance, SystemRandom random) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
        this.instance = Objects.requireNonNull(instance);
        this.random = Objects.requireNonNull(random);
    }

    String name() {
        return vault.name();
    }

    /** The item at a path, names joined by {@code /}; the root for an empty one. */
    Optional<Item> find(List<String> path) throws RemoteException {
        Optional<Item> at = Optional.of(item(vault.root()));
        for (String name : path) {
            Optional<Item> folder = at.filter(item -> item.kind().isFolder());
            at = folder.isEmpty() ? Optional.empty() : child(folder.get(), name);
        }
        return at;
    }

    Item need(List<String> path) throws RemoteException, CommandFailure {
        return find(path)
                .orElseThrow(
                        () -> CommandFailure.notFound(shown(path) + " does not exist: 'tinysync ls' shows what does"));
    }

    /** The items of a folder by their names. */
    static final class Names {
        private final Map<String, Item> items = new HashMap<>();

        private Names(List<Item> children) {
            children.forEach(item -> items.put(item.name(), item));
        }

        Optional<Item> find(String name) {
            return Optional.ofNullable(items.get(ItemName.normalize(name)));
        }
    }

    Names names(Item folder) throws RemoteException {
        return new Names(children(folder.id()));
    }

    Optional<Item> child(Item folder, String name) throws RemoteException {
        return names(folder).find(name);
    }

    /** The name as vaults have it; a CommandFailure where it cannot be one. */
    static String checked(String given) throws CommandFailure {
        String name = ItemName.normalize(given);
        Optional<String> problem = ItemName.problem(name);
        if (problem.isPresent()) {
            throw CommandFailure.failed("'" + name + "' cannot be a name: it " + problem.get());
        }
        return name;
    }

    private Item item(ItemId id) throws RemoteException {
        return ItemCodec.decode(Fields.of(api.call("GET", path() + "/items/" + id, Optional.empty())));
    }

    /** In the order of their names. */
    List<Item> children(ItemId folder) throws RemoteException {
        List<Item> children = new ArrayList<>();
        String base = path() + "/items/" + folder + "/children?limit=" + PAGE;
        Optional<String> page = Optional.of(base);
        while (page.isPresent()) {
            Fields answer = Fields.of(api.call("GET", page.get(), Optional.empty()));
            answer.objects("items", PAGE).forEach(item -> children.add(ItemCodec.decode(item)));
            page = answer.optUuid("next").map(next -> base + "&after=" + next);
        }
        return children;
    }

    private String path() {
        return "/v1/vaults/" + vault.id();
    }

    String shown(List<String> path) {
        return vault.name() + ":/" + String.join("/", path);
    }

    OpId newOp() {
        return new OpId(random.uuid(), 0);
    }

    ItemId newItem() {
        return new ItemId(random.uuid());
    }

    Cursor head() throws RemoteException {
        return api.vault(vault.id()).head();
    }

    /** The folder at that path, made with all above it where it is missing. */
    Item makeFolders(List<String> path) throws RemoteException, CommandFailure {
        Item at = item(vault.root());
        for (String name : path) {
            at = folder(new Place(at.id(), checked(name)), child(at, name));
        }
        return at;
    }

    /** What is there, if that is a folder; a new one where nothing is. */
    Item folder(Place place, Optional<Item> there) throws RemoteException, CommandFailure {
        if (there.isPresent() && !there.get().kind().isFolder()) {
            throw CommandFailure.failed("'" + place.name() + "' is there and is no folder");
        }
        return there.isPresent()
                ? there.get()
                : commit(new Mutation.CreateFolder(newOp(), newItem(), place, Optional.empty(), true)).getFirst();
    }

    /** Does one thing in the vault; the views of what it changed. */
    List<Item> commit(Mutation mutation) throws RemoteException, CommandFailure {
        return commit(mutation, SmallContents.NONE);
    }

    /** A file, a link, or a folder that is empty. */
    void delete(Item item) throws RemoteException, CommandFailure {
        commit(new Mutation.Delete(newOp(), item.id(), item.versions().content(), item.versions().place()));
    }

    /**
     * A folder with all below it.
     *
     * @param seen what changed there after this seq is not deleted unseen: all is refused then
     */
    void deleteAll(Item folder, long seen) throws RemoteException, CommandFailure {
        commit(new Mutation.DeleteSubtree(newOp(), folder.id(), folder.versions().place(), seen, true));
    }

    private List<Item> commit(Mutation mutation, SmallContents contents) throws RemoteException, CommandFailure {
        CommitReply reply = api.commit(vault.id(), head(), instance, List.of(mutation), contents);
        if (reply.results().isEmpty()) {
            throw reply.broken().orElseThrow();
        }
        return switch (reply.results().getFirst()) {
            case MutationResult.Applied applied -> applied.items();
            case MutationResult.Duplicate duplicate -> duplicate.items();
            case MutationResult.Refused refused ->
                    throw new CommandFailure(
                            exit(refused.code()), refused.code(), refused.message() + hint(refused.code()));
        };
    }

    private static Exit exit(String code) {
        return code.equals(ErrorCode.FORBIDDEN.wire()) ? Exit.REFUSED : Exit.FAILED;
    }

    private static String hint(String code) {
        boolean raced = code.equals(ErrorCode.VERSION_MISMATCH.wire()) || code.equals(ErrorCode.CHANGED_BELOW.wire());
        return raced ? ": somebody changed it at this moment, try again" : "";
    }

    /** Gives a file of the vault new content, or makes it; reads {@code in} to its end. */
    void put(
            Place place,
            Optional<Item> there,
            InputStream in,
            Optional<Integer> mode,
            Optional<Instant> mtime,
            LongConsumer sent)
            throws RemoteException, CommandFailure, IOException {
        if (there.isPresent() && !there.get().kind().isFile()) {
            throw CommandFailure.failed("'" + place.name() + "' is there and no file: remove it first");
        }
        Sending sending = new Sending(api, vault.id(), sent);
        Content content = sending.read(in, vault.policy().chunking());
        if (there.isPresent() && isSame(there.get(), content.ref(), mode, mtime)) {
            return;
        }
        SmallContents small = sending.finish(content);
        commit(
                new Mutation.PutFile(
                        newOp(),
                        there.map(Item::id).orElseGet(this::newItem),
                        there.isPresent() ? Optional.empty() : Optional.of(place),
                        there.map(item -> item.versions().content()),
                        content.ref(),
                        mode,
                        mtime,
                        List.of()),
                small);
    }

    /** An equal change is agreement, no new version. */
    private static boolean isSame(Item item, ContentRef ref, Optional<Integer> mode, Optional<Instant> mtime) {
        return item.content().equals(Optional.of(ref))
                && mode.map(bits -> bits == item.mode()).orElse(true)
                && mtime.map(time -> item.mtime().equals(Optional.of(time))).orElse(true);
    }

    /** Writes the content of a file, every piece verified before it is written. */
    void read(Item file, OutputStream out, LongConsumer received) throws RemoteException, IOException {
        ContentRef ref = file.content().orElse(ContentRef.EMPTY);
        if (ref.size() <= Chunking.MAX_CHUNK) {
            byte[] whole = whole(ref);
            if (Hash.of(whole).equals(ref.id())) {
                out.write(whole);
                received.accept(whole.length);
                return;
            }
        }
        Manifest manifest = api.manifest(vault.id(), ref.id());
        long done = 0;
        try (RemoteContent in = api.content(vault.id(), ref.id())) {
            for (Chunk chunk : manifest.chunks()) {
                byte[] bytes = in.readNBytes(chunk.length());
                if (!Hash.of(bytes).equals(chunk.hash())) {
                    throw new RemoteException.Garbled("the server sent damaged bytes of '" + file.name() + "'");
                }
                out.write(bytes);
                done += bytes.length;
                received.accept(done);
            }
        }
    }

    private byte[] whole(ContentRef ref) throws RemoteException, IOException {
        if (ref.size() == 0) {
            return new byte[0];
        }
        try (RemoteContent in = api.content(vault.id(), ref.id())) {
            // One more than there may be, so that too many are noticed.
            return in.readNBytes((int) ref.size() + 1);
        }
    }
}
