package tinysync.server.core;

import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.wire.ErrorCode;

import java.util.List;
import java.util.Optional;

/** Deletions. A tombstone keeps its content, its name and its id; its place version says when it died. */
final class DeleteRules {
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
        long newest = judge.tx.maxVersionBelow(m.item());
        if (newest > m.appliedSeq()) {
            throw new Rejection(ErrorCode.CHANGED_BELOW, "something in it changed at " + newest, item);
        }
        Decision.Step step = new Decision.Step(List.of(tombstone(judge, item)), List.of(), m.confirmed());
        boolean folder = item.kind().isFolder();
        return new Decision.Change(List.of(step), folder ? Optional.of(m.item()) : Optional.empty(), Optional.empty());
    }

    private static Item tombstone(Judge judge, Item item) {
        return item.withDeleted(true, item.versions().withPlace(judge.seq()), judge.device);
    }
}
