package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.wire.Times;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The conflict copies that are known of an attachment, with where they and their originals are. */
final class ConflictList {
    private record Spot(Optional<ItemId> parent, String name) {}

    private final EngineState state;
    private final Map<ItemId, Spot> spots = new HashMap<>();

    ConflictList(EngineState state) {
        this.state = state;
        if (!state.conflicts().isEmpty()) {
            for (Item item : state.remote()) {
                spots.put(item.id(), new Spot(item.parent(), item.name()));
            }
            for (LocalNode node : state.local()) {
                if (node.isPresent()) {
                    spots.put(node.id(), new Spot(node.parent(), node.name()));
                }
            }
        }
    }

    /** As {@code conflicts --json} lists them. */
    List<JsonObject> encode(String attachment) {
        List<JsonObject> list = new ArrayList<>();
        for (StateChange.PutConflict conflict : state.conflicts()) {
            list.add(
                    new JsonObject()
                            .add("attachment", attachment)
                            .add("copy", item(conflict.copy(), conflict.copyName()))
                            .add("original", item(conflict.original(), ""))
                            .add("devices", new JsonArray().add(conflict.device()))
                            .add("time", Times.format(conflict.time())));
        }
        return list;
    }

    private JsonObject item(ItemId id, String otherwise) {
        return new JsonObject().add("item", id.toString()).add("path", path(id).orElse(otherwise));
    }

    private Optional<String> path(ItemId id) {
        Deque<String> names = new ArrayDeque<>();
        Optional<Spot> at = Optional.ofNullable(spots.get(id));
        if (at.isEmpty()) {
            return Optional.empty();
        }
        while (at.isPresent() && at.get().parent().isPresent() && names.size() <= spots.size()) {
            names.push(at.get().name());
            at = at.get().parent().map(spots::get);
        }
        return Optional.of(String.join("/", names));
    }
}
