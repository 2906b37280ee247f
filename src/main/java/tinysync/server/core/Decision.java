package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.List;
import java.util.Optional;

/**
 * What a rule found that a mutation does. Rules only read, but for {@link Burial}, which changes nothing that anyone
 * sees; {@link CommitRules} writes what they decided.
 */
sealed interface Decision {

    /** Nothing changes: this folder is the one that was wanted. */
    record Adopt(Item folder) implements Decision {}

    /**
     * One event per step, with consecutive seqs from {@link Judge#seq}.
     *
     * @param dying a folder whose children die with it
     * @param inline content that was made from the mutation itself
     */
    record Change(List<Step> steps, Optional<ItemId> dying, Optional<StoredContent.Inline> inline) implements Decision {
        public Change {
            steps = List.copyOf(steps);
        }
    }

    /** One event: the items as it leaves them, the contents it brings. */
    record Step(List<Item> items, List<VersionRow> versions, boolean confirmed) {
        public Step {
            items = List.copyOf(items);
            versions = List.copyOf(versions);
        }
    }

    static Change change(Item item) {
        return change(new Step(List.of(item), List.of(), false));
    }

    static Change change(Item item, VersionRow version) {
        return change(new Step(List.of(item), List.of(version), false));
    }

    static Change change(Step step) {
        return new Change(List.of(step), Optional.empty(), Optional.empty());
    }
}
