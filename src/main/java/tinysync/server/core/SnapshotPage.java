package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.Item;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of a vault's live items, the root among them.
 *
 * @param at the place in the log from which the events are to be replayed over the whole snapshot
 * @param count how many items live; on the first page only
 * @param next the token of the next page; empty on the last
 */
public record SnapshotPage(Cursor at, Optional<Long> count, List<Item> items, Optional<String> next) {
    public SnapshotPage {
        Objects.requireNonNull(at);
        Objects.requireNonNull(count);
        items = List.copyOf(items);
        Objects.requireNonNull(next);
    }
}
