package tinysync.wire;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.VaultId;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole page of a snapshot.
 *
 * @param at the place in the log from which events are to be replayed over the snapshot; the same on every page
 * @param total how many items the snapshot has, where the server says so
 * @param next the token of the next page; empty on the last
 */
public record SnapshotPage(VaultId vault, Cursor at, Optional<Long> total, List<Item> items, Optional<String> next) {
    public SnapshotPage {
        Objects.requireNonNull(vault);
        Objects.requireNonNull(at);
        Objects.requireNonNull(total);
        items = List.copyOf(items);
        Objects.requireNonNull(next);
    }
}
