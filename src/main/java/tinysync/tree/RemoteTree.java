package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the log says is alive in the vault, as far as it was replayed. Tombstones are not kept: gone is not there.
 *
 * <p>While a snapshot is being read, items may stand here whose parents have not come yet. Not thread-safe.
 */
public final class RemoteTree {
    private final Map<ItemId, Item> items = new HashMap<>();
    private final Map<ItemId, Set<ItemId>> children = new HashMap<>();
    private final Map<SlotKey, ItemId> slots = new HashMap<>();
    private final boolean portable;
    private long bytes;

    private record SlotKey(ItemId parent, String key) {}

    /**
     * @param portable siblings are unique by fold key; else by name
     */
    public RemoteTree(boolean portable) {
        this.portable = portable;
    }

    public Optional<Item> get(ItemId id) {
        return Optional.ofNullable(items.get(id));
    }

    public boolean has(ItemId id) {
        return items.containsKey(id);
    }

    public int size() {
        return items.size();
    }

    /** The sum of the sizes of all contents, in bytes. */
    public long bytes() {
        return bytes;
    }

    private static long size(Item item) {
        return item.content().map(ContentRef::size).orElse(0L);
    }

    public Collection<Item> all() {
        return Collections.unmodifiableCollection(items.values());
    }

    public Set<ItemId> children(ItemId parent) {
        return Collections.unmodifiableSet(children.getOrDefault(parent, Set.of()));
    }

    /** The live child that holds this name, by the vault's rule for names. */
    public Optional<Item> at(ItemId parent, String name) {
        return Optional.ofNullable(slots.get(new SlotKey(parent, key(name)))).map(items::get);
    }

    /** Whether two names cannot stand side by side in this vault. */
    public boolean sameName(String a, String b) {
        return key(a).equals(key(b));
    }

    /** The form under which names are compared in this vault. */
    public String key(String name) {
        return portable ? FoldKey.of(name) : name;
    }

    /** Puts the view in place of an older one of the same item. */
    public void put(Item item) {
        drop(item.id());
        items.put(item.id(), item);
        bytes += size(item);
        item.parent()
                .ifPresent(
                        parent -> {
                            children.computeIfAbsent(parent, p -> new HashSet<>()).add(item.id());
                            slots.put(new SlotKey(parent, key(item.name())), item.id());
                        });
    }

    public void drop(ItemId id) {
        unlink(id);
        Item old = items.remove(id);
        if (old != null) {
            bytes -= size(old);
        }
    }

    public void clear() {
        items.clear();
        children.clear();
        slots.clear();
        bytes = 0;
    }

    /** True when the chain of parents from {@code id} (included) meets {@code ancestor}. */
    public boolean isAtOrBelow(ItemId id, ItemId ancestor) {
        Optional<ItemId> at = Optional.of(id);
        for (int depth = 0; at.isPresent() && depth <= items.size(); depth++) {
            if (at.get().equals(ancestor)) {
                return true;
            }
            at = get(at.get()).flatMap(Item::parent);
        }
        return false;
    }

    /** How many folders are above the item; large when its chain does not reach a root. */
    public int depth(ItemId id) {
        int depth = 0;
        Optional<ItemId> at = get(id).flatMap(Item::parent);
        while (at.isPresent() && depth <= items.size()) {
            depth++;
            at = get(at.get()).flatMap(Item::parent);
        }
        return depth;
    }

    private void unlink(ItemId id) {
        Item old = items.get(id);
        if (old == null || old.parent().isEmpty()) {
            return;
        }
        ItemId parent = old.parent().get();
        Set<ItemId> siblings = children.get(parent);
        if (siblings != null) {
            siblings.remove(id);
            if (siblings.isEmpty()) {
                children.remove(parent);
            }
        }
        slots.remove(new SlotKey(parent, key(old.name())), id);
    }
}
