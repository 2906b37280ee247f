package tinysync.server.core;

import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.Mutation.MoveRename.Move;
import tinysync.tree.Place;
import tinysync.wire.ErrorCode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Moves and renames, judged by the tree as it is once all of one mutation's moves are done. */
final class MoveRules {
    private final Judge judge;
    private final Map<ItemId, Item> after = new LinkedHashMap<>();

    private MoveRules(Judge judge) {
        this.judge = judge;
    }

    static Decision move(Judge judge, Mutation.MoveRename m) {
        return new MoveRules(judge).decide(m.moves());
    }

    private Decision decide(List<Move> moves) {
        for (Move move : moves) {
            ItemRow row = judge.livingBelowRoot(move.item(), Dimension.PLACE);
            judge.version(row.item(), Dimension.PLACE, move.base());
            judge.placeIgnoringDepth(move.to());
            Item moved =
                    row.item()
                            .withPlace(
                                    move.to().parent(),
                                    move.to().name(),
                                    row.item().versions().withPlace(judge.seq()),
                                    judge.device);
            if (after.put(move.item(), moved) != null) {
                throw new Rejection(ErrorCode.BAD_REQUEST, "an item is moved twice at once", row.item());
            }
        }
        requireDistinctNames();
        for (Item item : after.values()) {
            judge.free(placeOf(item), after.keySet());
            requireUnderRoot(item);
        }
        return Decision.change(new Decision.Step(new ArrayList<>(after.values()), List.of(), false));
    }

    private void requireDistinctNames() {
        Map<Place, Item> taken = new HashMap<>();
        for (Item item : after.values()) {
            Place key = new Place(item.parent().orElseThrow(), judge.nameKey(item.name()));
            Item other = taken.put(key, item);
            if (other != null) {
                throw Judge.taken(judge.known(other.id()).item());
            }
        }
    }

    /** Walks up through the places to be; whoever comes back to an item that is on the way has moved into itself. */
    private void requireUnderRoot(Item item) {
        Set<ItemId> path = new HashSet<>(Set.of(item.id()));
        int depth = 0;
        Optional<ItemId> next = item.parent();
        while (next.isPresent()) {
            ItemId id = next.get();
            depth++;
            if (!path.add(id)) {
                throw new Rejection(
                        ErrorCode.CYCLE, "a folder cannot be moved into itself", judge.known(item.id()).item());
            }
            if (depth > Tree.DEPTH_MAX) {
                throw new Rejection(ErrorCode.TOO_DEEP, "folders go " + Tree.DEPTH_MAX + " deep at most");
            }
            Item above = after.get(id);
            next = above != null ? above.parent() : judge.known(id).item().parent();
        }
    }

    private static Place placeOf(Item item) {
        return new Place(item.parent().orElseThrow(), item.name());
    }
}
