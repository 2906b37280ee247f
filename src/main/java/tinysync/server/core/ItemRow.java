package tinysync.server.core;

import tinysync.tree.FoldKey;
import tinysync.tree.Item;

import java.util.Objects;

/**
 * An item as a store keeps it. {@code item.deleted()} is what the row itself says: a row below a dead folder may still
 * say that it lives, until it is {@code buried}.
 *
 * @param foldKey of the item's name, by which portable siblings are compared
 * @param buried dead because a folder above it was deleted, not for itself; such a row is always deleted too
 */
public record ItemRow(Item item, String foldKey, boolean buried) {
    public ItemRow {
        Objects.requireNonNull(item);
        Objects.requireNonNull(foldKey);
        if (buried && !item.deleted()) {
            throw new IllegalArgumentException("a buried row is deleted");
        }
    }

    /** The row of an item that lives, or was deleted for itself. */
    public static ItemRow of(Item item) {
        return new ItemRow(item, FoldKey.of(item.name()), false);
    }
}
