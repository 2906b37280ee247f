package tinysync.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts local moves together that only make sense together (swaps, rotations, a parent and a child that changed places),
 * so that the server judges them by their final state; all others stay apart, so that one refusal does not hold up the
 * rest.
 */
final class MoveGroups {
    private MoveGroups() {}

    static List<List<Mutation.MoveRename.Move>> of(Draft draft) {
        Map<ItemId, Place> moves = draft.moves();
        Map<ItemId, ItemId> leader = new HashMap<>();
        moves.keySet().forEach(id -> leader.put(id, id));
        moves.forEach(
                (id, to) -> {
                    draft.remote()
                            .at(to.parent(), to.name())
                            .map(Item::id)
                            .filter(holder -> !holder.equals(id) && moves.containsKey(holder))
                            .ifPresent(holder -> join(leader, id, holder));
                    Optional<ItemId> above = Optional.of(to.parent());
                    for (int depth = 0; above.isPresent() && depth <= draft.remote().size(); depth++) {
                        if (moves.containsKey(above.get()) && !above.get().equals(id)) {
                            join(leader, id, above.get());
                        }
                        above = draft.remote().get(above.get()).flatMap(Item::parent);
                    }
                });
        Map<ItemId, List<Mutation.MoveRename.Move>> groups = new LinkedHashMap<>();
        moves.forEach(
                (id, to) ->
                        groups.computeIfAbsent(find(leader, id), g -> new ArrayList<>())
                                .add(
                                        new Mutation.MoveRename.Move(
                                                id, draft.remote().get(id).orElseThrow().versions().place(), to)));
        List<List<Mutation.MoveRename.Move>> cut = new ArrayList<>();
        for (List<Mutation.MoveRename.Move> group : groups.values()) {
            for (int from = 0; from < group.size(); from += Mutation.MAX_MOVES) {
                cut.add(group.subList(from, Math.min(group.size(), from + Mutation.MAX_MOVES)));
            }
        }
        return cut;
    }

    /** The item whose chain of folders, with all planned moves done, would lead back to itself. */
    static boolean wouldCycle(Draft draft, ItemId item) {
        Optional<ItemId> at = Optional.of(draft.moves().get(item).parent());
        for (int depth = 0; at.isPresent() && depth <= draft.remote().size() + 1; depth++) {
            if (at.get().equals(item)) {
                return true;
            }
            Place moved = draft.moves().get(at.get());
            at = moved != null ? Optional.of(moved.parent()) : parentToBe(draft, at.get());
        }
        return at.isPresent();
    }

    /** The folder in the vault, or for one that this plan makes the folder it will lie in. */
    private static Optional<ItemId> parentToBe(Draft draft, ItemId id) {
        Optional<Item> remote = draft.remote().get(id);
        return remote.isPresent() ? remote.get().parent() : draft.local().get(id).flatMap(LocalNode::parent);
    }

    /** Who has the name that an item moves to, and will not leave it with this plan. */
    static Optional<ItemId> stayingHolder(Draft draft, ItemId item) {
        Place to = draft.moves().get(item);
        return draft.remote()
                .at(to.parent(), to.name())
                .map(Item::id)
                .filter(holder -> !holder.equals(item) && !draft.moves().containsKey(holder));
    }

    private static ItemId find(Map<ItemId, ItemId> leader, ItemId id) {
        ItemId at = id;
        while (!leader.get(at).equals(at)) {
            at = leader.get(at);
        }
        return at;
    }

    private static void join(Map<ItemId, ItemId> leader, ItemId a, ItemId b) {
        leader.put(find(leader, a), find(leader, b));
    }
}
