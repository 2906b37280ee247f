package tinysync.tree;

import java.util.Objects;
import java.util.Optional;

/** What the planner wants done about one item. Carried out in any order that keeps the order of a {@link Plan}. */
public sealed interface Operation {
    ItemId item();

    /** Vault and disk are equal in these dimensions: move the merge base, nothing else. */
    record Agree(ItemId item, boolean place, boolean content, boolean meta) implements Operation {}

    /** Gone on both sides: forget it. */
    record Forget(ItemId item) implements Operation {}

    /** Gone on the disk, but the vault's one lives: forget that it was here, so that it comes as if new. */
    record Resurface(ItemId item) implements Operation {}

    /** Both sides made the same thing apart: the local node {@code local} becomes the vault's {@code item}. */
    record Adopt(ItemId item, ItemId local) implements Operation {}

    /** Nothing can be done before {@code on} has moved on. */
    record Wait(ItemId item, ItemId on) implements Operation {}

    /** It cannot be synced as it is; a person sees why. */
    record Park(ItemId item, String code, String message) implements Operation {}

    /** Ask the server for a change. */
    record Send(ItemId item, Mutation mutation) implements Operation {}

    /** Make a folder on the disk. */
    record MakeFolder(ItemId item, ItemId folder, String name) implements Operation {}

    /**
     * Put the vault's file or symlink on the disk. Where there is a merge base, it advances in content and meta only:
     * the item may lie under a name that has yet to go up.
     *
     * @param replaces the local node whose bytes are replaced (the item's own, or another one that holds the name)
     * @param keepAs the replaced bytes stay beside it under this name: a conflict copy
     */
    record Show(ItemId item, ItemId folder, String name, Optional<ItemId> replaces, Optional<String> keepAs)
            implements Operation {
        public Show {
            Objects.requireNonNull(replaces);
            Objects.requireNonNull(keepAs);
        }
    }

    /**
     * Rename or move on the disk.
     *
     * @param exchange the node that holds the target name and takes the place that becomes free
     * @param why what a person is told
     */
    record Shift(ItemId item, ItemId folder, String name, Optional<ItemId> exchange, Why why) implements Operation {
        /** The reason of a move on the disk. */
        public enum Why {
            /** The vault moved it. */
            FOLLOW,
            /** Both sides moved it; the vault's place wins. */
            PLACE_LOST,
            /** Something else holds its name in the vault: it goes on beside it, under a conflict name. */
            NAME_LOST,
            /**
             * Out of the way for a moment. Nobody moved it: the merge base takes the new name as the one on the disk,
             * so that it is not taken for a move that a person made here.
             */
            STEP_ASIDE
        }
    }

    /** Give the disk the vault's mode and time stamp. */
    record Touch(ItemId item) implements Operation {}

    /** Take it off the disk; a folder only when it is empty. */
    record Remove(ItemId item) implements Operation {}

    /** Tell a person that an edit or move beat a deletion. */
    record EditWon(ItemId item, String detail) implements Operation {}
}
