package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.util.Set;

/**
 * Where a person wants this disk to differ from the vault.
 *
 * @param hidden items of the vault that are not shown here, with all below them
 * @param keptLocal paths below the root, names joined by {@code /}, of what left the vault and stays on this disk
 *     alone: ignored here, except while the vault holds something of that name
 */
public record Selection(Set<ItemId> hidden, Set<String> keptLocal) {
    /** The vault as it is. */
    public static final Selection WHOLE = new Selection(Set.of(), Set.of());

    /** Of each, so that the lists stay small; a folder is one. */
    public static final int ENTRIES_MAX = 10_000;

    public Selection {
        hidden = Set.copyOf(hidden);
        keptLocal = Set.copyOf(keptLocal);
    }

    public Selection withHidden(Set<ItemId> nowHidden) {
        return new Selection(nowHidden, keptLocal);
    }

    public Selection withKeptLocal(Set<String> nowKept) {
        return new Selection(hidden, nowKept);
    }
}
