package tinysync.client.engine;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.SyncedEntry;

import java.util.Optional;

/**
 * One change to the client's durable state. All changes of a step are one transaction, durable before the step's
 * effects are performed.
 */
public sealed interface StateChange {
    record PutRemote(Item item) implements StateChange {}

    record DropRemote(ItemId id) implements StateChange {}

    record PutSynced(SyncedEntry entry) implements StateChange {}

    record DropSynced(ItemId id) implements StateChange {}

    record PutLocal(LocalNode node) implements StateChange {}

    record DropLocal(ItemId id) implements StateChange {}

    /** The log is replayed up to here. */
    record SetCursor(Cursor cursor) implements StateChange {}

    /** Forget the Remote tree: a snapshot replaces it. */
    record ClearRemote() implements StateChange {}

    /** An operation whose id must not be lost once it went out. */
    record PutOp(Mutation mutation) implements StateChange {}

    record DropOp(OpId id) implements StateChange {}

    /**
     * A conflict copy that this device made.
     *
     * @param copy the item that became the copy
     * @param original the item beside it
     */
    record PutConflict(ItemId copy, ItemId original, String copyName, String device, java.time.Instant time)
            implements StateChange {}

    record DropConflict(ItemId copy) implements StateChange {}

    /** A small named value: pause, hold, checkpoints. */
    record PutNote(String name, Optional<String> value) implements StateChange {}
}
