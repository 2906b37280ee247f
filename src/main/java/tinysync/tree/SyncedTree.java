package tinysync.tree;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where vault and disk last agreed, item by item: the merge base. Not thread-safe. */
public final class SyncedTree {
    private final Map<ItemId, SyncedEntry> entries = new HashMap<>();

    public Optional<SyncedEntry> get(ItemId id) {
        return Optional.ofNullable(entries.get(id));
    }

    public boolean has(ItemId id) {
        return entries.containsKey(id);
    }

    public int size() {
        return entries.size();
    }

    public Collection<SyncedEntry> all() {
        return Collections.unmodifiableCollection(entries.values());
    }

    public void put(SyncedEntry entry) {
        entries.put(entry.id(), entry);
    }

    public void drop(ItemId id) {
        entries.remove(id);
    }
}
