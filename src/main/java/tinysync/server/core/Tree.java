package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.Optional;

/**
 * The tree as one transaction sees it at one moment: which items live. An item is dead when it, or any folder above it,
 * is deleted. Remembers what it found, so it is made anew after each change. For one thread.
 */
final class Tree {
    /** The deepest item: its distance from the root. */
    static final int DEPTH_MAX = 4_096;

    /** The depth of an item that is dead. */
    private static final int DEAD = -2;

    private static final int ABOVE_ROOT = -1;

    private final VaultTx tx;
    private final Ascent<Integer> depths = new Ascent<>(this::item, ABOVE_ROOT, Tree::depthBelow);

    Tree(VaultTx tx) {
        this.tx = tx;
    }

    private static int depthBelow(int above, Item item) {
        return above == DEAD || item.deleted() ? DEAD : above + 1;
    }

    Optional<ItemRow> row(ItemId id) {
        return tx.item(id);
    }

    private Item item(ItemId id) {
        return tx.item(id).orElseThrow(() -> new IllegalStateException("a parent without a row: " + id)).item();
    }

    boolean lives(ItemRow row) {
        return !row.item().deleted() && row.item().parent().map(this::depth).orElse(0) != DEAD;
    }

    /** How far an item that lives is from the root. */
    int depth(ItemId id) {
        return depths.of(id).orElseThrow(() -> new IllegalStateException("the tree has a cycle above " + id));
    }

    /** The item as clients are to see it: deleted when anything above it is. */
    Item view(ItemRow row) {
        Item item = row.item();
        return item.deleted() || lives(row) ? item : dead(item);
    }

    /** The item as deleted, with the versions it has. */
    static Item dead(Item item) {
        return item.withDeleted(true, item.versions(), item.device().orElseThrow());
    }
}
