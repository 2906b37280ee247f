package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the log says is alive in the vault, as far as it was replayed. Tombstones are not kept: gone is not there.
 *
 * <p>While a snapshot is being read, items may stand here whose parents have not come yet. Not thread-safe.
 */
public final class RemoteTree {
    /** An item without its texts, in the three trees and their tables. */
    private static final int ITEM_WEIGHT = 1_200;

    private final Map<ItemId, Item> items = new HashMap<>();
    private final Map<ItemId, Set<ItemId>> children = new HashMap<>();
    private final Map<SlotKey, ItemId> slots = new HashMap<>();

    /** Slots that more than one item claims, as may be while a snapshot and the log behind it are read. */
    private final Map<SlotKey, Set<ItemId>> contested = new LinkedHashMap<>();

    private final boolean portable;
    private long bytes;
    private long weight;

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

    /** What keeping the tree costs, roughly, in bytes of memory; with what a client knows beside it of each item. */
    public long weight() {
        return weight;
    }

    /** As {@link #weight()}, of one item. */
    public static long weight(Item item) {
        int texts = item.name().length() + item.attrs().length() + item.target().map(String::length).orElse(0);
        return ITEM_WEIGHT + 2L * texts;
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

    /** A name that two items of one folder have: a tree that is read to the end has none. */
    public Optional<String> contested() {
        return contested.keySet().stream().findFirst().map(SlotKey::key);
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
        weight += weight(item);
        item.parent()
                .ifPresent(
                        parent -> {
                            children.computeIfAbsent(parent, p -> new HashSet<>()).add(item.id());
                            claim(new SlotKey(parent, key(item.name())), item.id());
                        });
    }

    private void claim(SlotKey slot, ItemId id) {
        ItemId holder = slots.put(slot, id);
        if (holder != null) {
            contested.computeIfAbsent(slot, s -> new LinkedHashSet<>(Set.of(holder))).add(id);
        }
    }

    /** The slot goes to whoever else claims it. */
    private void release(SlotKey slot, ItemId id) {
        Set<ItemId> claimants = contested.get(slot);
        if (claimants == null) {
            slots.remove(slot, id);
            return;
        }
        claimants.remove(id);
        slots.put(slot, claimants.iterator().next());
        if (claimants.size() == 1) {
            contested.remove(slot);
        }
    }

    public void drop(ItemId id) {
        unlink(id);
        Item old = items.remove(id);
        if (old != null) {
            bytes -= size(old);
            weight -= weight(old);
        }
    }

    public void clear() {
        items.clear();
        children.clear();
        slots.clear();
        contested.clear();
        bytes = 0;
        weight = 0;
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
        release(new SlotKey(parent, key(old.name())), id);
    }
}
