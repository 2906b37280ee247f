package tinysync.server.core;

import tinysync.tree.ItemId;

import java.util.HashSet;
import java.util.Set;

/**
 * What the mutations of one bundle need to know of the ones before them: which items were to be made and are not there.
 * A bundle may be cut into several transactions; keep one of these for all of them. For one thread at a time.
 */
public final class BundleState {
    private final Set<ItemId> refused = new HashSet<>();

    boolean isRefused(ItemId item) {
        return refused.contains(item);
    }

    void refused(ItemId item) {
        refused.add(item);
    }

    void created(ItemId item) {
        refused.remove(item);
    }
}
