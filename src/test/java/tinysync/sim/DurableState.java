package tinysync.sim;

import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.SyncedEntry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a device remembers: all state changes so far, as its database would hold them. */
final class DurableState {
    private final Map<ItemId, Item> remote = new LinkedHashMap<>();
    private final Map<ItemId, SyncedEntry> synced = new LinkedHashMap<>();
    private final Map<ItemId, LocalNode> local = new LinkedHashMap<>();
    private final Map<OpId, Mutation> ops = new LinkedHashMap<>();
    private final Map<ItemId, StateChange.PutConflict> conflicts = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private Optional<Cursor> cursor = Optional.empty();

    void apply(StateChange change) {
        switch (change) {
            case StateChange.PutRemote put -> remote.put(put.item().id(), put.item());
            case StateChange.DropRemote drop -> remote.remove(drop.id());
            case StateChange.PutSynced put -> synced.put(put.entry().id(), put.entry());
            case StateChange.DropSynced drop -> synced.remove(drop.id());
            case StateChange.PutLocal put -> local.put(put.node().id(), put.node());
            case StateChange.DropLocal drop -> local.remove(drop.id());
            case StateChange.SetCursor set -> cursor = Optional.of(set.cursor());
            case StateChange.ClearRemote clear -> remote.clear();
            case StateChange.PutOp put -> ops.put(put.mutation().opId(), put.mutation());
            case StateChange.DropOp drop -> ops.remove(drop.id());
            case StateChange.PutConflict put -> conflicts.put(put.copy(), put);
            case StateChange.DropConflict drop -> conflicts.remove(drop.copy());
            case StateChange.PutNote put ->
                    put.value().ifPresentOrElse(value -> notes.put(put.name(), value), () -> notes.remove(put.name()));
        }
    }

    EngineState state() {
        return new EngineState(
                List.copyOf(remote.values()),
                List.copyOf(synced.values()),
                List.copyOf(local.values()),
                cursor,
                List.copyOf(ops.values()),
                List.copyOf(conflicts.values()),
                notes);
    }

    Map<ItemId, LocalNode> local() {
        return local;
    }

    Map<ItemId, Item> remote() {
        return remote;
    }

    Map<ItemId, SyncedEntry> synced() {
        return synced;
    }

    Map<OpId, Mutation> ops() {
        return ops;
    }
}
