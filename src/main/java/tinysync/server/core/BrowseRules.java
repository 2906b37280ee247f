package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.List;
import java.util.Optional;

/** Looking around in a vault without a copy of its tree. Only reads; what is not there throws {@link Refusal}. */
public final class BrowseRules {
    /** The most rows of one page. */
    public static final int PAGE_MAX = 1_000;

    private BrowseRules() {}

    /** The view of an item, dead or alive. */
    public static Item item(VaultTx tx, ItemId id) {
        return new Tree(tx).view(row(tx, id));
    }

    /** The living children of a living folder behind {@code after}, in the order of their names. */
    public static List<Item> children(VaultTx tx, ItemId folder, Optional<ItemId> after, int limit) {
        ItemRow row = row(tx, folder);
        if (!row.item().kind().isFolder()) {
            throw new Refusal(ErrorCode.KIND_MISMATCH, "not a folder", Optional.of(row.item()));
        }
        if (!new Tree(tx).lives(row)) {
            return List.of();
        }
        Optional<ItemRow> from = after.map(id -> row(tx, id));
        return tx.children(folder, from, Math.clamp(limit, 1, PAGE_MAX)).stream().map(ItemRow::item).toList();
    }

    /** Contents that an item had, newest first, with content versions below {@code before}. */
    public static List<VersionRow> versions(VaultTx tx, ItemId item, long before, int limit) {
        row(tx, item);
        return tx.versions(item, before, Math.clamp(limit, 1, PAGE_MAX));
    }

    private static ItemRow row(VaultTx tx, ItemId id) {
        return tx.item(id).orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such item"));
    }
}
