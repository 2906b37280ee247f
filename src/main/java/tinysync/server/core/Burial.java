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
            List<ItemRow> children = tx.children(dying.getFirst(), Optional.empty(), left);
            for (ItemRow child : children) {
                tx.putItem(new ItemRow(Tree.dead(child.item()), child.foldKey(), true));
                if (child.item().kind().isFolder()) {
                    tx.addDying(child.item().id());
                }
            }
            if (children.size() < left) {
                tx.removeDying(dying.getFirst());
            }
            left -= children.size();
        }
        return !tx.dying(1).isEmpty();
    }

    /** Buries all there is, as a rule that tells the buried from the living must. */
    static void finish(VaultTx tx) {
        boolean more = true;
        while (more) {
            more = some(tx, BATCH);
        }
    }
}
