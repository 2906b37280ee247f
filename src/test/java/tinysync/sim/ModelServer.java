package tinysync.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.content.Chunk;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.core.Author;
import tinysync.server.core.BrowseRules;
import tinysync.server.core.BundleState;
import tinysync.server.core.Bytes;
import tinysync.server.core.CommitRules;
import tinysync.server.core.ContentRules;
import tinysync.server.core.ItemRow;
import tinysync.server.core.LogRules;
import tinysync.server.core.SnapshotRules;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultRules;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.server.core.VersionRow;
import tinysync.server.store.MemoryStore;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.tree.VaultId;
import tinysync.tree.Versions;
import tinysync.wire.LogPage;
import tinysync.wire.Role;
import tinysync.wire.SnapshotPage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The real rules of the server over a store in memory: one vault. Its pages are small, so that there are many. */
public final class ModelServer {
    static final VaultId VAULT = new VaultId(new UUID(1, 1));
    static final ItemId ROOT = new ItemId(new UUID(0, 1));
    private static final int PAGE = 20;

    private final List<Consumer<VaultStore>> journal = new ArrayList<>();
    private VaultStore vault = new MemoryStore().vault(VAULT);
    private boolean restored;
    private final Clock clock;
    private final Chance chance;
    private final Texts texts;

    ModelServer(Clock clock, Chance chance, Texts texts) {
        this.clock = clock;
        this.chance = chance;
        this.texts = texts;
        UUID epoch = chance.uuid();
        write(store -> store.write(tx -> VaultRules.create(tx, ROOT, epoch, VaultPolicy.DEFAULT)));
    }

    /** Does something that can be done once more on another store with the same outcome. */
    private void write(Consumer<VaultStore> work) {
        work.accept(vault);
        journal.add(work);
    }

    /** Takes a copy; returns what {@link #restore} wants. */
    int backup() {
        return journal.size();
    }

    /**
     * Goes back to what was when the copy was taken.
     *
     * @param declared the operator tells the server, which begins a new epoch
     */
    void restore(int backup, boolean declared) {
        restored = true;
        journal.subList(backup, journal.size()).clear();
        vault = new MemoryStore().vault(VAULT);
        journal.forEach(work -> work.accept(vault));
        if (declared) {
            UUID epoch = chance.uuid();
            write(store -> store.write(tx -> VaultRules.beginEpoch(tx, epoch)));
        }
    }

    Cursor head() {
        return vault.read(LogRules::head);
    }

    LogPage log(Cursor after) {
        return vault.read(tx -> LogRules.page(tx, after, PAGE));
    }

    SnapshotPage snapshot(Optional<String> page) {
        return vault.read(tx -> SnapshotRules.page(tx, VAULT, page, PAGE));
    }

    Cursor common(List<Cursor> checkpoints) {
        return vault.read(tx -> LogRules.common(tx, checkpoints)).common();
    }

    boolean wasRestored() {
        return restored;
    }

    /** Forgets the log up to now, so that clients behind it need a snapshot. */
    public void pruneLog() {
        long head = head().seq();
        write(
                store ->
                        store.write(
                                tx -> {
                                    VaultRules.pruneLog(tx, head);
                                    return true;
                                }));
    }

    /** Mutations of one bundle, each with the small content that came along. */
    record Incoming(Mutation mutation, Optional<String> inline) {}

    List<MutationResult> commit(DeviceId device, Cursor cursor, List<Incoming> bundle) {
        vault.read(
                tx -> {
                    LogRules.checkCursor(tx, cursor);
                    return true;
                });
        List<MutationResult> results = new ArrayList<>();
        Instant now = clock.now();
        List<String> tags = bundle.stream().map(incoming -> chance.tag()).toList();
        write(
                store -> {
                    results.clear();
                    BundleState state = new BundleState();
                    for (int i = 0; i < bundle.size(); i++) {
                        results.add(commit(store, device, bundle.get(i), state, now, tags.get(i)));
                    }
                });
        return List.copyOf(results);
    }

    private static MutationResult commit(
            VaultStore store, DeviceId device, Incoming incoming, BundleState state, Instant now, String tag) {
        return store.write(
                tx -> {
                    incoming.inline().ifPresent(text -> addInline(tx, text));
                    Mutation mutation = incoming.mutation();
                    Hash hash = Hash.of(mutation.toString().getBytes(UTF_8));
                    return CommitRules.apply(
                            tx,
                            new Author(device, Role.WRITE),
                            new CommitRules.Submission(mutation, hash),
                            state,
                            now,
                            () -> tag);
                });
    }

    private static void addInline(VaultTx tx, String text) {
        Bytes bytes = Bytes.of(text.getBytes(UTF_8));
        ContentRules.addInline(tx, Hash.of(bytes.toArray()), bytes);
    }

    void upload(ContentRef content) {
        write(
                store ->
                        store.write(
                                tx -> {
                                    ContentRules.addChunk(
                                            tx,
                                            new Chunk(content.id(), Math.toIntExact(content.size())),
                                            content.id().hex());
                                    return true;
                                }));
    }

    boolean has(ContentRef content) {
        return vault.read(tx -> ContentRules.find(tx, content.id()).isPresent());
    }

    /** The log from the beginning, as far as it was not pruned. */
    public List<LogEvent> events() {
        return vault.read(tx -> tx.events(0, Integer.MAX_VALUE));
    }

    /** The words of the mutations that were accepted after a seq. */
    public List<String> opsAfter(long seq) {
        return events().stream().filter(event -> event.seq() > seq).map(LogEvent::op).toList();
    }

    public long seq() {
        return head().seq();
    }

    /** The living item at a path. */
    public Item at(String path) {
        ItemId id = ROOT;
        for (String name : path.split("/")) {
            id =
                    children(id).stream()
                            .filter(item -> item.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("not in the vault: " + path))
                            .id();
        }
        ItemId found = id;
        return vault.read(tx -> BrowseRules.item(tx, found));
    }

    List<Item> children(ItemId folder) {
        return vault.read(tx -> BrowseRules.children(tx, folder, Optional.empty(), BrowseRules.PAGE_MAX));
    }

    /** What a newer program put into a folder: an item of a kind that nobody here knows, with attributes of its own. */
    public Item plantNewer(String folder, String name) {
        Cursor before = head();
        Cursor after = new Cursor(before.epoch(), before.seq() + 1, "%016x".formatted(before.seq() + 1));
        DeviceId device = new DeviceId(chance.uuid());
        Item newer =
                new Item(
                        new ItemId(chance.uuid()),
                        Optional.of(at(folder).id()),
                        name,
                        new Kind("portal"),
                        Optional.empty(),
                        Optional.empty(),
                        0640,
                        Optional.of(clock.now()),
                        Versions.all(after.seq()),
                        false,
                        Optional.of(device),
                        "{\"leads\":\"elsewhere\"}");
        OpId op = new OpId(chance.uuid(), 0);
        LogEvent event =
                new LogEvent(after.seq(), after.tag(), clock.now(), device, op, "create_portal", List.of(newer), false);
        write(
                store ->
                        store.write(
                                tx -> {
                                    tx.putItem(ItemRow.of(newer));
                                    tx.appendEvent(event);
                                    tx.putState(tx.state().orElseThrow().withHead(after));
                                    return true;
                                }));
        return newer;
    }

    /** All that lives, folders before what is in them, without the root. */
    List<Item> living() {
        List<Item> all = new ArrayList<>();
        collect(ROOT, all);
        return all;
    }

    private void collect(ItemId folder, List<Item> all) {
        for (Item item : children(folder)) {
            all.add(item);
            if (item.kind().isFolder()) {
                collect(item.id(), all);
            }
        }
    }

    /** How many contents the item has had. */
    public int versions(ItemId item) {
        return vault.read(tx -> BrowseRules.versions(tx, item, Long.MAX_VALUE, BrowseRules.PAGE_MAX)).size();
    }

    /** Every text that some item has or had. */
    Set<String> everything() {
        Set<String> all = new HashSet<>();
        for (LogEvent event : events()) {
            for (Item item : event.items()) {
                List<VersionRow> rows =
                        vault.read(tx -> BrowseRules.versions(tx, item.id(), Long.MAX_VALUE, BrowseRules.PAGE_MAX));
                rows.forEach(row -> all.add(row.target().orElseGet(() -> texts.text(row.content()))));
            }
        }
        return all;
    }

    /** The tree as text, names in their order: {@code a.txt=1 docs/{b.txt=2} l->a.txt}. */
    @Override
    public String toString() {
        return text(ROOT);
    }

    private String text(ItemId folder) {
        List<String> words = new ArrayList<>();
        children(folder).stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(item -> words.add(item.name() + value(item)));
        return String.join(" ", words);
    }

    private String value(Item item) {
        if (item.kind().isFolder()) {
            String below = text(item.id());
            return below.isEmpty() ? "/" : "/{" + below + "}";
        }
        return item.target()
                .map(target -> "->" + target)
                .orElseGet(() -> "=" + texts.text(item.content().orElseThrow()));
    }
}
