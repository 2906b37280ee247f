package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.store.MemoryStore;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.Mutation.MoveRename.Move;
import tinysync.tree.MutationResult;
import tinysync.tree.MutationResult.Applied;
import tinysync.tree.MutationResult.Refused;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A vault in memory, made from text and told as text: {@code "a.txt=1 docs/{b.txt=2} l->a.txt"}, names in order,
 * contents behind {@code =}. Paths name what lives.
 */
final class Drive {
    static final Instant NOW = Instant.parse("2026-11-21T07:45:00Z");
    static final DeviceId LAPTOP = new DeviceId(new UUID(10, 1));
    static final VaultId VAULT = new VaultId(new UUID(1, 1));
    static final ItemId ROOT = new ItemId(new UUID(0, 1));
    static final UUID EPOCH = new UUID(3, 3);

    final VaultStore vault;
    private BundleState bundle = new BundleState();
    private Role role = Role.WRITE;
    private long ids = 100;
    private int ops;
    private long tags;

    Drive(VaultPolicy policy, VaultStore vault) {
        this.vault = vault;
        vault.write(tx -> VaultRules.create(tx, ROOT, EPOCH, policy));
    }

    static Drive empty() {
        return new Drive(VaultPolicy.DEFAULT, new MemoryStore().vault(VAULT));
    }

    static Drive exact() {
        VaultPolicy d = VaultPolicy.DEFAULT;
        VaultPolicy exact = new VaultPolicy(NamePolicy.EXACT, d.merge(), d.retention(), d.quotaBytes(), d.chunking());
        return new Drive(exact, new MemoryStore().vault(VAULT));
    }

    static Drive of(String tree) {
        Drive drive = empty();
        drive.make(tree);
        return drive;
    }

    void make(String tree) {
        List<ItemId> folders = new ArrayList<>(List.of(ROOT));
        for (String word : tree.replace("{", "{ ").replace("}", " } ").trim().split("\\s+")) {
            ItemId in = folders.getLast();
            if (word.equals("}")) {
                folders.removeLast();
            } else if (word.endsWith("/{") || word.endsWith("/")) {
                String name = word.substring(0, word.indexOf('/'));
                ItemId made = applied(folder(new Place(in, name))).items().getFirst().id();
                if (word.endsWith("{")) {
                    folders.add(made);
                }
            } else if (word.contains("->")) {
                String[] link = word.split("->");
                applied(new Mutation.CreateSymlink(op(), id(), new Place(in, link[0]), link[1], Optional.empty()));
            } else if (!word.isEmpty()) {
                String[] file = word.split("=");
                applied(file(new Place(in, file[0]), file[1]));
            }
        }
    }

    String tree() {
        return vault.read(tx -> text(tx, ROOT)).trim();
    }

    private static String text(VaultTx tx, ItemId folder) {
        StringBuilder text = new StringBuilder();
        for (Item item : BrowseRules.children(tx, folder, Optional.empty(), BrowseRules.PAGE_MAX)) {
            text.append(' ').append(item.name());
            if (item.kind().isFolder()) {
                String below = text(tx, item.id()).trim();
                text.append('/').append(below.isEmpty() ? "" : "{" + below + "}");
            } else if (item.target().isPresent()) {
                text.append("->").append(item.target().get());
            } else {
                Bytes bytes = tx.inline(item.content().orElseThrow().id()).orElseThrow();
                text.append('=').append(new String(bytes.toArray(), UTF_8));
            }
        }
        return text.toString();
    }

    void as(Role other) {
        role = other;
    }

    void newBundle() {
        bundle = new BundleState();
    }

    ItemId id() {
        return new ItemId(new UUID(ids++ * 0x9E3779B97F4A7C15L, ids));
    }

    OpId op() {
        return new OpId(new UUID(20, 20), ops++);
    }

    /** The living item at a path; the root for the empty one. */
    Item at(String path) {
        return vault.read(
                tx -> {
                    ItemId id = ROOT;
                    for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
                        ItemId parent = id;
                        id =
                                BrowseRules.children(tx, parent, Optional.empty(), 1000).stream()
                                        .filter(item -> item.name().equals(name))
                                        .findFirst()
                                        .orElseThrow(() -> new AssertionError("nothing at " + path))
                                        .id();
                    }
                    return BrowseRules.item(tx, id);
                });
    }

    Item item(ItemId id) {
        return vault.read(tx -> BrowseRules.item(tx, id));
    }

    Place place(String path) {
        int slash = path.lastIndexOf('/');
        ItemId parent = slash < 0 ? ROOT : at(path.substring(0, slash)).id();
        return new Place(parent, path.substring(slash + 1));
    }

    /** Content that is in the vault. */
    ContentRef content(String text) {
        Bytes bytes = Bytes.of(text.getBytes(UTF_8));
        Hash hash = Hash.of(bytes.toArray());
        vault.write(
                tx -> {
                    ContentRules.addInline(tx, hash, bytes);
                    return true;
                });
        return new ContentRef(hash, bytes.length());
    }

    Mutation.CreateFolder folder(Place place) {
        return new Mutation.CreateFolder(op(), id(), place, Optional.empty(), false);
    }

    Mutation.CreateFolder adopting(Place place) {
        return new Mutation.CreateFolder(op(), id(), place, Optional.empty(), true);
    }

    Mutation.PutFile file(Place place, String text) {
        return new Mutation.PutFile(
                op(),
                id(),
                Optional.of(place),
                Optional.empty(),
                content(text),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    Mutation.PutFile edit(Item seen, String text) {
        return new Mutation.PutFile(
                op(),
                seen.id(),
                Optional.empty(),
                Optional.of(seen.versions().content()),
                content(text),
                Optional.empty(),
                Optional.of(NOW),
                List.of());
    }

    Move move(Item seen, String to) {
        return new Move(seen.id(), seen.versions().place(), place(to));
    }

    Mutation.MoveRename moves(Move... moves) {
        return new Mutation.MoveRename(op(), List.of(moves));
    }

    Mutation.Delete delete(Item seen) {
        return new Mutation.Delete(op(), seen.id(), seen.versions().content(), seen.versions().place());
    }

    Mutation.DeleteSubtree deleteSubtree(Item seen, long appliedSeq) {
        return new Mutation.DeleteSubtree(op(), seen.id(), seen.versions().place(), appliedSeq, false);
    }

    Mutation.Restore restore(ItemId item) {
        return restore(item, Optional.empty(), false);
    }

    Mutation.Restore restore(ItemId item, Optional<Place> to, boolean recursive) {
        return new Mutation.Restore(
                op(),
                item,
                Optional.empty(),
                to.map(Place::parent),
                to.map(Place::name),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                recursive);
    }

    Mutation.Restore restoreVersion(ItemId item, long version) {
        return new Mutation.Restore(
                op(),
                item,
                Optional.of(version),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    MutationResult commit(Mutation mutation) {
        return vault.write(tx -> apply(tx, mutation));
    }

    MutationResult apply(VaultTx tx, Mutation mutation) {
        Hash hash = Hash.of(mutation.toString().getBytes(UTF_8));
        return CommitRules.apply(
                tx, new Author(LAPTOP, role), new CommitRules.Submission(mutation, hash), bundle, NOW, this::tag);
    }

    String tag() {
        return String.format("%016x", ++tags);
    }

    Applied applied(Mutation mutation) {
        return assertInstanceOf(Applied.class, commit(mutation));
    }

    /** Refused with this code, and nothing changed by it. */
    Refused refused(String code, Mutation mutation) {
        Cursor before = head();
        String tree = tree();
        Refused refused = assertInstanceOf(Refused.class, commit(mutation));
        assertEquals(code, refused.code(), refused.message());
        assertEquals(before, head());
        assertEquals(tree, tree());
        return refused;
    }

    Cursor head() {
        return vault.read(LogRules::head);
    }

    <T> T read(Function<VaultTx, T> work) {
        return vault.read(work);
    }
}
