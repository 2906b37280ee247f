package tinysync.client.engine;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.SyncedEntry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine starts from: all that earlier {@link StateChange}s left, or {@link #EMPTY}. */
public record EngineState(
        List<Item> remote,
        List<SyncedEntry> synced,
        List<LocalNode> local,
        Optional<Cursor> cursor,
        List<Mutation> ops,
        List<StateChange.PutConflict> conflicts,
        Map<String, String> notes) {
    public static final EngineState EMPTY =
            new EngineState(List.of(), List.of(), List.of(), Optional.empty(), List.of(), List.of(), Map.of());

    public EngineState {
        remote = List.copyOf(remote);
        synced = List.copyOf(synced);
        local = List.copyOf(local);
        ops = List.copyOf(ops);
        conflicts = List.copyOf(conflicts);
        notes = Map.copyOf(notes);
    }
}
