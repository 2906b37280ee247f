package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What this device remembers of the conflict copies that it made and that are still there: which item each was made
 * beside, even where that has another name by now.
 */
final class Conflicts {
    private final Books books;
    private final Set<ItemId> copies = new HashSet<>();

    Conflicts(Books books, List<StateChange.PutConflict> known) {
        this.books = books;
        known.forEach(conflict -> copies.add(conflict.copy()));
    }

    void add(ItemId copy, ItemId original, String copyName, String device, Instant now) {
        copies.add(copy);
        books.record(new StateChange.PutConflict(copy, original, copyName, device, now));
    }

    /** The item is gone, and with it the conflict. */
    void drop(ItemId copy) {
        if (copies.remove(copy)) {
            books.record(new StateChange.DropConflict(copy));
        }
    }
}
