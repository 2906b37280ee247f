package tinysync.server.core;

import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.wire.ErrorCode;

import java.util.List;
import java.util.Optional;

/** Deletions. A tombstone keeps its content, its name and its id; its place version says when it died. */
final class DeleteRules {
    /** So many changed items are looked at one by one; where there are more, the folder is. */
    private static final int CHANGED_MAX = 1_000;

    private DeleteRules() {}

    static Decision delete(Judge judge, Mutation.Delete m) {
        Item item = judge.livingBelowRoot(m.item(), Dimension.PLACE).item();
        judge.version(item, Dimension.CONTENT, m.baseContent());
        judge.version(item, Dimension.PLACE, m.basePlace());
        if (!judge.tx.children(m.item(), Optional.empty(), 1).isEmpty()) {
            throw new Rejection(ErrorCode.CHANGED_BELOW, "the folder is not empty", item);
        }
        return Decision.change(tombstone(judge, item));
    }

    static Decision subtree(Judge judge, Mutation.DeleteSubtree m) {
        Item item = judge.livingBelowRoot(m.item(), Dimension.PLACE).item();
        judge.version(item, Dimension.PLACE, m.basePlace());
        if (m.appliedSeq() > judge.head().seq()) {
            throw new Rejection(ErrorCode.CHANGED_BELOW, "applied_seq is ahead of this vault's log", item);
        }
        // A folder's own content never changes; that of a file is all that this deletes.
        boolean edited = !item.kind().isFolder() && item.versions().content() > m.appliedSeq();
        if (edited) {
            throw new Rejection(ErrorCode.VERSION_MISMATCH, Dimension.CONTENT, "the item was edited since", item);
        }
        if (changedBelow(judge, m.item(), m.appliedSeq())) {
            throw new Rejection(ErrorCode.CHANGED_BELOW, "something in it changed since " + m.appliedSeq(), item);
        }
        Decision.Step step = new Decision.Step(List.of(tombstone(judge, item)), List.of(), m.confirmed());
        boolean folder = item.kind().isFolder();
        return new Decision.Change(List.of(step), folder ? Optional.of(m.item()) : Optional.empty(), Optional.empty());
    }

    /**
     * Whether anything that lives below the folder changed after {@code seq}. A deleter is seldom far behind, so what
     * changed since is little, also where the folder holds a million files.
     */
    private static boolean changedBelow(Judge judge, ItemId folder, long seq) {
        boolean logged = seq + 1 >= judge.state.minRetained();
        List<ItemId> changed = logged ? judge.tx.changedAfter(seq, CHANGED_MAX + 1) : List.of();
        if (!logged || changed.size() > CHANGED_MAX) {
            return judge.tx.changedBelow(folder, seq);
        }
        Ascent<Boolean> below =
                new Ascent<>(id -> judge.known(id).item(), false, (above, item) -> above && !item.deleted());
        below.know(folder, true);
        return changed.stream().anyMatch(id -> !id.equals(folder) && below.of(id).orElseThrow());
    }

    private static Item tombstone(Judge judge, Item item) {
        return item.withDeleted(true, item.versions().withPlace(judge.seq()), judge.device);
    }
}
