package tinysync.client.engine;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.LocalTree;
import tinysync.tree.Presence;
import tinysync.tree.RemoteTree;
import tinysync.tree.SyncedEntry;
import tinysync.tree.SyncedTree;
import tinysync.tree.Trees;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The three trees, with a record of every change to them (which the driver makes durable) and of every item that a
 * change made worth planning again.
 */
final class Books {
    final RemoteTree remote;
    final LocalTree local = new LocalTree();
    final SyncedTree synced = new SyncedTree();
    final Trees trees;
    final Remarkable remarkable;

    private final List<StateChange> changes = new ArrayList<>();
    private final Set<ItemId> dirty = new LinkedHashSet<>();
    private final Map<ItemId, Set<ItemId>> waiting = new HashMap<>();
    private final Map<String, ItemId> departed = new HashMap<>();
    private long progress;
    private Optional<Cursor> cursor;

    Books(EngineState state, boolean portableNames) {
        remote = new RemoteTree(portableNames);
        trees = new Trees(remote, local, synced);
        remarkable = new Remarkable(trees);
        state.remote().forEach(remote::put);
        state.synced().forEach(synced::put);
        state.local().forEach(this::place);
        state.remote().forEach(item -> remarkable.look(item.id()));
        cursor = state.cursor();
    }

    void record(StateChange change) {
        changes.add(change);
    }

    List<StateChange> takeChanges() {
        List<StateChange> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    Optional<Cursor> cursor() {
        return cursor;
    }

    long seq() {
        return cursor.map(Cursor::seq).orElse(0L);
    }

    void setCursor(Cursor now) {
        cursor = Optional.of(now);
        changes.add(new StateChange.SetCursor(now));
    }

    /** The item is to be planned again, though nothing about it changed. */
    void markDirty(ItemId id) {
        dirty.add(id);
    }

    /** Something about the item changed: it is to be planned, and so is all that waited for it. */
    void changed(ItemId id) {
        progress++;
        dirty.add(id);
        Set<ItemId> waiters = waiting.remove(id);
        if (waiters != null) {
            dirty.addAll(waiters);
        }
    }

    void waitFor(ItemId id, ItemId on) {
        waiting.computeIfAbsent(on, o -> new LinkedHashSet<>()).add(id);
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** True when something waits that may go on by itself: not only for what cannot be read. */
    boolean hasHopefulWaiting() {
        return waiting.keySet().stream().anyMatch(on -> !local.isShut(on));
    }

    /** Plans all again that waits: a last look when nothing else is left to do. */
    void wakeAll() {
        waiting.values().forEach(dirty::addAll);
        waiting.clear();
    }

    /** Grows with every change. */
    long progress() {
        return progress;
    }

    void markAllDirty() {
        remote.all().forEach(item -> dirty.add(item.id()));
        local.all().forEach(node -> dirty.add(node.id()));
        synced.all().forEach(entry -> dirty.add(entry.id()));
    }

    boolean hasDirty() {
        return !dirty.isEmpty();
    }

    /** Takes up to {@code limit} items that are to be planned, oldest first. */
    Collection<ItemId> takeDirty(int limit) {
        List<ItemId> taken = new ArrayList<>(Math.min(limit, dirty.size()));
        var iterator = dirty.iterator();
        while (iterator.hasNext() && taken.size() < limit) {
            taken.add(iterator.next());
            iterator.remove();
        }
        return taken;
    }

    void putRemote(Item item) {
        remote.put(item);
        remarkable.look(item.id());
        changes.add(new StateChange.PutRemote(item));
        changed(item.id());
    }

    /** Takes an item with all below it out of Remote, and says which these were. */
    Set<ItemId> dropRemote(ItemId id) {
        Set<ItemId> dropped = new LinkedHashSet<>();
        Deque<ItemId> left = new ArrayDeque<>(List.of(id));
        while (!left.isEmpty()) {
            ItemId at = left.pop();
            left.addAll(remote.children(at));
            dropped.add(at);
            if (remote.has(at)) {
                remote.drop(at);
                remarkable.look(at);
                changes.add(new StateChange.DropRemote(at));
            }
            changed(at);
        }
        return dropped;
    }

    void clearRemote() {
        List<ItemId> all = remote.all().stream().map(Item::id).toList();
        remote.clear();
        all.forEach(remarkable::look);
        all.forEach(this::changed);
        changes.add(new StateChange.ClearRemote());
    }

    void putSynced(SyncedEntry entry) {
        synced.put(entry);
        remarkable.look(entry.id());
        changes.add(new StateChange.PutSynced(entry));
        changed(entry.id());
    }

    void dropSynced(ItemId id) {
        if (synced.has(id)) {
            synced.drop(id);
            remarkable.look(id);
            changes.add(new StateChange.DropSynced(id));
        }
        changed(id);
    }

    private void place(LocalNode node) {
        local.get(node.id()).ifPresent(old -> departed.remove(old.fingerprint().identity(), old.id()));
        local.put(node);
        if (node.isAbsent()) {
            departed.put(node.fingerprint().identity(), node.id());
        }
        remarkable.look(node.id());
    }

    /** The node whose file had this identity and is not where it was; it may turn up elsewhere. */
    Optional<LocalNode> departed(String identity) {
        return Optional.ofNullable(departed.get(identity)).flatMap(local::get);
    }

    void putLocal(LocalNode node) {
        place(node);
        changes.add(new StateChange.PutLocal(node));
        changed(node.id());
        // The parent may have been waiting for this child to come, go or be understood.
        node.parent().ifPresent(this::changed);
    }

    /** Keeps a node's memory of the disk without making anything worth planning: nothing that matters changed. */
    void refreshLocal(LocalNode node) {
        place(node);
        changes.add(new StateChange.PutLocal(node));
    }

    void dropLocal(ItemId id) {
        Optional<LocalNode> node = local.get(id);
        if (node.isPresent()) {
            departed.remove(node.get().fingerprint().identity(), id);
            local.drop(id);
            remarkable.look(id);
            changes.add(new StateChange.DropLocal(id));
            node.get().parent().ifPresent(this::changed);
        }
        changed(id);
    }

    /** Marks a node and all that lies below it as absent. */
    void markAbsent(ItemId id) {
        Deque<ItemId> left = new ArrayDeque<>(List.of(id));
        while (!left.isEmpty()) {
            ItemId at = left.pop();
            left.addAll(local.children(at).values());
            local.get(at).ifPresent(node -> putLocal(node.withPresence(Presence.ABSENT)));
        }
    }
}
