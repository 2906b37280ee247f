package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tree as one transaction sees it at one moment: which items live. An item is dead when it, or any folder above it,
 * is deleted. Remembers what it found, so it is made anew after each change. For one thread.
 */
final class Tree {
    /** The deepest item: its distance from the root. */
    static final int DEPTH_MAX = 4_096;

    private final VaultTx tx;
    private final Map<ItemId, Boolean> folderLives = new HashMap<>();

    Tree(VaultTx tx) {
        this.tx = tx;
    }

    Optional<ItemRow> row(ItemId id) {
        return tx.item(id);
    }

    boolean lives(ItemRow row) {
        if (row.item().deleted()) {
            return false;
        }
        return row.item().parent().map(this::folderLives).orElse(true);
    }

    private boolean folderLives(ItemId folder) {
        Map<ItemId, Boolean> asked = new HashMap<>();
        Optional<ItemId> next = Optional.of(folder);
        boolean lives = true;
        while (lives && next.isPresent()) {
            ItemId id = next.get();
            Boolean known = folderLives.get(id);
            if (known != null) {
                lives = known;
                break;
            }
            if (asked.put(id, true) != null) {
                throw new IllegalStateException("the tree has a cycle at " + id);
            }
            ItemRow row = parentRow(id);
            lives = !row.item().deleted();
            next = row.item().parent();
        }
        // Whoever was passed on the way up shares the fate of the last one seen.
        for (ItemId id : asked.keySet()) {
            folderLives.put(id, lives);
        }
        return lives;
    }

    /** The item as clients are to see it: deleted when anything above it is. */
    Item view(ItemRow row) {
        Item item = row.item();
        return item.deleted() || lives(row) ? item : dead(item);
    }

    /** How far the item is from the root. */
    int depth(ItemRow row) {
        int depth = 0;
        Optional<ItemId> next = row.item().parent();
        while (next.isPresent()) {
            depth++;
            next = parentRow(next.get()).item().parent();
        }
        return depth;
    }

    private ItemRow parentRow(ItemId id) {
        return tx.item(id).orElseThrow(() -> new IllegalStateException("a parent without a row: " + id));
    }

    /** The item as deleted, with the versions it has. */
    static Item dead(Item item) {
        return item.withDeleted(true, item.versions(), item.device().orElseThrow());
    }
}
