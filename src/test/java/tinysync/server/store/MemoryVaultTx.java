package tinysync.server.store;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.core.Bytes;
import tinysync.server.core.ChunkRow;
import tinysync.server.core.ItemRow;
import tinysync.server.core.OpResult;
import tinysync.server.core.Totals;
import tinysync.server.core.VaultState;
import tinysync.server.core.VaultTx;
import tinysync.server.core.VersionRow;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.wire.EpochStart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A vault's rows as sorted maps. */
final class MemoryVaultTx implements VaultTx {
    private record OpKey(DeviceId device, OpId op) {}

    private static final Comparator<String> BY_CODE_POINT =
            (a, b) -> {
                int[] left = a.codePoints().toArray();
                int[] right = b.codePoints().toArray();
                return Arrays.compare(left, right);
            };
    private static final Comparator<ItemRow> BY_NAME =
            Comparator.comparing(ItemRow::foldKey, BY_CODE_POINT).thenComparing(row -> row.item().id());

    private final UndoLog undo;
    private final Map<Integer, VaultState> state = new HashMap<>();
    private final Map<Integer, EpochStart> epochs = new LinkedHashMap<>();
    private final TreeMap<ItemId, ItemRow> items = new TreeMap<>();
    private final Map<ItemId, Map<ItemId, ItemRow>> byParent = new HashMap<>();
    private final TreeSet<ItemId> dying = new TreeSet<>();
    private final Map<ItemId, TreeMap<Long, VersionRow>> versions = new HashMap<>();
    private final TreeMap<Long, LogEvent> events = new TreeMap<>();
    private final Map<OpKey, OpResult> ops = new HashMap<>();
    private final Map<Hash, Bytes> inline = new HashMap<>();
    private final TreeMap<Hash, ChunkRow> chunks = new TreeMap<>();
    private final Map<Hash, Manifest> manifests = new HashMap<>();

    MemoryVaultTx(UndoLog undo) {
        this.undo = undo;
    }

    @Override
    public Optional<VaultState> state() {
        return Optional.ofNullable(state.get(0));
    }

    @Override
    public void putState(VaultState row) {
        undo.put(state, 0, row);
    }

    @Override
    public List<EpochStart> epochs() {
        return List.copyOf(epochs.values());
    }

    @Override
    public void addEpoch(EpochStart epoch) {
        undo.put(epochs, epochs.size(), epoch);
    }

    @Override
    public Optional<ItemRow> item(ItemId id) {
        return Optional.ofNullable(items.get(id));
    }

    @Override
    public void putItem(ItemRow row) {
        ItemId id = row.item().id();
        item(id).flatMap(old -> old.item().parent()).ifPresent(parent -> undo.remove(childrenOf(parent), id));
        undo.put(items, id, row);
        row.item().parent().ifPresent(parent -> undo.put(childrenOf(parent), id, row));
    }

    private Map<ItemId, ItemRow> childrenOf(ItemId parent) {
        return byParent.computeIfAbsent(parent, missing -> new TreeMap<>());
    }

    @Override
    public List<ItemRow> childrenByFoldKey(ItemId parent, String foldKey) {
        return childrenOf(parent).values().stream()
                .filter(row -> !row.item().deleted() && row.foldKey().equals(foldKey))
                .toList();
    }

    @Override
    public List<ItemRow> children(ItemId parent, Optional<ItemRow> after, int limit) {
        return childrenOf(parent).values().stream()
                .filter(row -> !row.item().deleted())
                .filter(row -> after.isEmpty() || BY_NAME.compare(row, after.get()) > 0)
                .sorted(BY_NAME)
                .limit(limit)
                .toList();
    }

    @Override
    public List<ItemRow> buriedChildren(ItemId parent, int limit) {
        return childrenOf(parent).values().stream().filter(ItemRow::buried).limit(limit).toList();
    }

    @Override
    public List<ItemRow> itemsAfter(Optional<ItemId> after, int limit) {
        return page(after, limit, row -> !row.item().deleted());
    }

    private List<ItemRow> page(Optional<ItemId> after, int limit, Predicate<ItemRow> wanted) {
        return after.map(id -> items.tailMap(id, false)).orElse(items).values().stream()
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    private List<ItemRow> below(ItemId folder) {
        List<ItemRow> below = new ArrayList<>();
        Deque<ItemId> folders = new ArrayDeque<>(List.of(folder));
        while (!folders.isEmpty()) {
            for (ItemRow row : childrenOf(folders.remove()).values()) {
                if (!row.item().deleted()) {
                    below.add(row);
                    folders.add(row.item().id());
                }
            }
        }
        return below;
    }

    @Override
    public boolean changedBelow(ItemId folder, long seq) {
        return below(folder).stream().anyMatch(row -> row.item().versions().max() > seq);
    }

    @Override
    public boolean reaches(ItemId folder, int levels) {
        List<ItemId> level = List.of(folder);
        for (int i = 0; i < levels && !level.isEmpty(); i++) {
            level =
                    level.stream()
                            .flatMap(id -> childrenOf(id).values().stream())
                            .filter(row -> !row.item().deleted())
                            .map(row -> row.item().id())
                            .toList();
        }
        return !level.isEmpty();
    }

    @Override
    public Totals totalsBelow(ItemId folder) {
        return sum(below(folder));
    }

    @Override
    public Totals totals() {
        return sum(itemsAfter(Optional.empty(), Integer.MAX_VALUE));
    }

    private static Totals sum(List<ItemRow> rows) {
        long bytes = rows.stream().mapToLong(row -> row.item().content().map(ContentRef::size).orElse(0L)).sum();
        return new Totals(rows.size(), bytes);
    }

    @Override
    public List<ItemId> dying(int limit) {
        return dying.stream().limit(limit).toList();
    }

    @Override
    public void addDying(ItemId folder) {
        undo.add(dying, folder);
    }

    @Override
    public void removeDying(ItemId folder) {
        undo.remove(dying, folder);
    }

    @Override
    public void addVersion(VersionRow row) {
        undo.put(versionsOf(row.item()), row.contentVersion(), row);
    }

    private TreeMap<Long, VersionRow> versionsOf(ItemId item) {
        return versions.computeIfAbsent(item, missing -> new TreeMap<>());
    }

    @Override
    public Optional<VersionRow> version(ItemId item, long contentVersion) {
        return Optional.ofNullable(versionsOf(item).get(contentVersion));
    }

    @Override
    public List<VersionRow> versions(ItemId item, long before, int limit) {
        return versionsOf(item).headMap(before, false).descendingMap().values().stream().limit(limit).toList();
    }

    @Override
    public void appendEvent(LogEvent event) {
        if (events.containsKey(event.seq())) {
            throw new IllegalStateException("two events of seq " + event.seq());
        }
        undo.put(events, event.seq(), event);
    }

    @Override
    public List<LogEvent> events(long after, int limit) {
        return events.tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public List<ItemId> changedAfter(long after, int limit) {
        return events.tailMap(after, false).values().stream()
                .flatMap(event -> event.items().stream())
                .map(Item::id)
                .distinct()
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<String> eventTag(long seq) {
        return Optional.ofNullable(events.get(seq)).map(LogEvent::tag);
    }

    @Override
    public void pruneEvents(long seq) {
        List.copyOf(events.headMap(seq, false).keySet()).forEach(old -> undo.remove(events, old));
    }

    @Override
    public Optional<OpResult> opResult(DeviceId device, OpId op) {
        return Optional.ofNullable(ops.get(new OpKey(device, op)));
    }

    @Override
    public void putOpResult(DeviceId device, OpId op, OpResult result) {
        undo.put(ops, new OpKey(device, op), result);
    }

    @Override
    public Optional<Bytes> inline(Hash id) {
        return Optional.ofNullable(inline.get(id));
    }

    @Override
    public void putInline(Hash id, Bytes bytes) {
        undo.put(inline, id, bytes);
    }

    @Override
    public Optional<ChunkRow> chunk(Hash hash) {
        return Optional.ofNullable(chunks.get(hash));
    }

    @Override
    public void putChunk(ChunkRow row) {
        undo.put(chunks, row.chunk().hash(), row);
    }

    @Override
    public Optional<Manifest> manifest(Hash id) {
        return Optional.ofNullable(manifests.get(id));
    }

    @Override
    public void putManifest(Hash id, Manifest manifest) {
        undo.put(manifests, id, manifest);
    }
}
