package tinysync.server.core;

import tinysync.tree.ItemId;

import java.util.List;
import java.util.Optional;

/**
 * Marks what lies below a deleted folder, a few rows at a time and from the top down: deleting a folder of a million
 * files is one row at once, and these rows follow. What clients see does not change by it, and versions stay.
 */
public final class Burial {
    private static final int BATCH = 1_000;

    private Burial() {}

    /** Buries up to {@code limit} rows; true when there is more to do. Needs a write transaction. */
    public static boolean some(VaultTx tx, int limit) {
        int left = limit;
        while (left > 0) {
            List<ItemId> dying = tx.dying(1);
            if (dying.isEmpty()) {
                return false;
            }
            // An empty folder is work, too: there may be very many.
            left -= Math.max(1, children(tx, dying.getFirst(), left));
        }
        return !tx.dying(1).isEmpty();
    }

    /**
     * Buries up to {@code limit} children of a folder; returns how many it did. What lies below them is left to {@link
     * #some}.
     */
    static int children(VaultTx tx, ItemId folder, int limit) {
        List<ItemRow> children = tx.children(folder, Optional.empty(), limit);
        for (ItemRow child : children) {
            tx.putItem(new ItemRow(Tree.dead(child.item()), child.foldKey(), true));
            if (child.item().kind().isFolder()) {
                tx.addDying(child.item().id());
            }
        }
        if (children.size() < limit) {
            tx.removeDying(folder);
        }
        return children.size();
    }

    /** Buries all children of a folder. */
    static void children(VaultTx tx, ItemId folder) {
        int buried;
        do {
            buried = children(tx, folder, BATCH);
        } while (buried == BATCH);
    }
}
