package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.SyncedEntry;
import tinysync.tree.SyncedEntry.DiskFacts;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Own operations that went out, until the log brings them back. Then, and only then, the merge base moves: it is taken
 * from the event, in the dimension that the operation changed, with what lay on the disk when the operation was made.
 */
final class Settlement {
    static final String UNTOLD = "the server took it, and does not tell of it";

    private final Books books;
    private final Map<OpId, Mutation> ops = new LinkedHashMap<>();
    private final Map<ItemId, Set<OpId>> byItem = new HashMap<>();
    private final Map<OpId, Long> accepted = new HashMap<>();
    private final Set<OpId> untold = new HashSet<>();

    Settlement(Books books, List<Mutation> known) {
        this.books = books;
        known.forEach(this::remember);
    }

    /** Remembers an operation before it goes out. */
    void sent(Mutation mutation) {
        remember(mutation);
        books.record(new StateChange.PutOp(mutation));
    }

    private void remember(Mutation mutation) {
        ops.put(mutation.opId(), mutation);
        items(mutation).forEach(item -> byItem.computeIfAbsent(item, i -> new LinkedHashSet<>()).add(mutation.opId()));
    }

    /** The server refused it, or it was never sent: it will not come back. */
    void dropped(OpId id) {
        accepted.remove(id);
        Mutation mutation = ops.remove(id);
        if (mutation == null) {
            return;
        }
        books.record(new StateChange.DropOp(id));
        for (ItemId item : items(mutation)) {
            byItem.get(item).remove(id);
            if (byItem.get(item).isEmpty()) {
                byItem.remove(item);
            }
        }
    }

    /** The server accepted it, and will tell of it at this place of the log. */
    void accepted(OpId id, long seq) {
        accepted.put(id, seq);
    }

    /** The log was replayed up to here. What was accepted before and was not told of is of a history that is lost. */
    void replayedTo(long seq) {
        List<OpId> lost = accepted.entrySet().stream().filter(a -> a.getValue() <= seq).map(Map.Entry::getKey).toList();
        lost.forEach(this::dropped);
        untold.addAll(lost);
    }

    /** Operations that the server accepted and then did not tell of, since this was last asked. */
    Set<OpId> takeUntold() {
        Set<OpId> taken = Set.copyOf(untold);
        untold.clear();
        return taken;
    }

    /** The log will not bring them back: a snapshot stands for the part of it that would have. */
    void forgetAll() {
        List.copyOf(ops.keySet()).forEach(this::dropped);
    }

    /** The server was asked to delete it or a folder above it, and it is not known yet what came of it. */
    boolean isBeingDeleted(ItemId item) {
        Optional<ItemId> at = Optional.of(item);
        while (at.isPresent()) {
            if (byItem.getOrDefault(at.get(), Set.of()).stream().anyMatch(id -> isDeletion(ops.get(id)))) {
                return true;
            }
            at = books.local.get(at.get()).flatMap(LocalNode::parent);
        }
        return false;
    }

    private static boolean isDeletion(Mutation mutation) {
        return mutation instanceof Mutation.Delete || mutation instanceof Mutation.DeleteSubtree;
    }

    boolean isOpen(OpId id) {
        return ops.containsKey(id);
    }

    static List<ItemId> items(Mutation mutation) {
        return switch (mutation) {
            case Mutation.CreateFolder m -> List.of(m.item());
            case Mutation.PutFile m -> List.of(m.item());
            case Mutation.CreateSymlink m -> List.of(m.item());
            case Mutation.MoveRename m -> m.moves().stream().map(Mutation.MoveRename.Move::item).toList();
            case Mutation.SetMetadata m -> List.of(m.item());
            case Mutation.Delete m -> List.of(m.item());
            case Mutation.DeleteSubtree m -> List.of(m.item());
            case Mutation.Restore m -> List.of(m.item());
        };
    }

    /** Moves the merge base on when the event is one of ours. */
    void settle(LogEvent event) {
        Mutation mutation = ops.get(event.opId());
        if (mutation == null) {
            return;
        }
        for (Item item : event.items()) {
            if (!item.deleted()) {
                advance(mutation, item);
            }
        }
        dropped(event.opId());
        dropFenced(mutation);
    }

    /** Older tries of the same change whose answer never came: this one changed the version that they name. */
    private void dropFenced(Mutation settled) {
        for (ItemId item : items(settled)) {
            byItem.getOrDefault(item, Set.of()).stream()
                    .filter(id -> ops.get(id).op().equals(settled.op()))
                    .toList()
                    .forEach(this::dropped);
        }
    }

    private void advance(Mutation mutation, Item item) {
        Optional<SyncedEntry> base = books.synced.get(item.id());
        switch (mutation) {
            case Mutation.CreateFolder m -> born(item, m.mode().orElse(item.mode()), Optional.empty());
            case Mutation.CreateSymlink m -> born(item, item.mode(), m.mtime());
            case Mutation.PutFile m -> {
                if (base.isEmpty() || m.place().isPresent()) {
                    born(item, m.mode().orElse(item.mode()), m.mtime());
                } else {
                    SyncedEntry moved = base.get().withContent(item);
                    int mode = m.mode().orElse(moved.disk().mode());
                    books.putSynced(moved.withMeta(item, mode, m.mtime().orElse(moved.disk().mtime())));
                }
            }
            case Mutation.MoveRename m -> base.ifPresent(b -> books.putSynced(b.withPlace(item, diskName(item))));
            case Mutation.SetMetadata m ->
                    base.ifPresent(
                            b ->
                                    books.putSynced(
                                            b.withMeta(
                                                    item,
                                                    m.mode().orElse(b.disk().mode()),
                                                    m.mtime().orElse(b.disk().mtime()))));
            case Mutation.Restore m -> revived(item, base, m);
            case Mutation.Delete m -> {}
            case Mutation.DeleteSubtree m -> {}
        }
    }

    private void born(Item item, int diskMode, Optional<Instant> diskMtime) {
        DiskFacts disk = new DiskFacts(diskName(item), diskMode, diskMtime.orElse(mtimeOnDisk(item)));
        books.putSynced(SyncedEntry.of(item, disk));
    }

    /** Only what the operation named is agreed on; what others changed before it died still has to come down. */
    private void revived(Item item, Optional<SyncedEntry> base, Mutation.Restore m) {
        if (base.isEmpty()) {
            born(item, m.mode().orElse(item.mode()), m.mtime());
            return;
        }
        SyncedEntry moved = base.get().withPlace(item, diskName(item));
        if (m.content().isPresent()) {
            moved = moved.withContent(item);
        }
        if (m.mode().isPresent() || m.mtime().isPresent()) {
            int mode = m.mode().orElse(moved.disk().mode());
            moved = moved.withMeta(item, mode, m.mtime().orElse(moved.disk().mtime()));
        }
        books.putSynced(moved);
    }

    /** The name it had on the disk: its own where that may stand for the vault's, else it was renamed here since. */
    private String diskName(Item item) {
        return books.local
                .get(item.id())
                .map(LocalNode::name)
                .filter(name -> SyncedEntries.isDisguise(name, item.name()))
                .orElse(item.name());
    }

    private Instant mtimeOnDisk(Item item) {
        return books.local.get(item.id()).map(node -> node.fingerprint().mtime()).or(item::mtime).orElse(Instant.EPOCH);
    }
}
