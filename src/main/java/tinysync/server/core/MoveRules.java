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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Moves and renames, judged by the tree as it is once all of one mutation's moves are done. */
final class MoveRules {
    private final Judge judge;
    private final Map<ItemId, Item> after = new LinkedHashMap<>();

    /** How far each item is from the root once all moves are done. */
    private final Ascent<Integer> depths = new Ascent<>(this::itemAfter, -1, (above, item) -> above + 1);

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
            requireReach(item);
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

    /** Whoever comes back to where it began on its way up has moved into itself. */
    private void requireReach(Item item) {
        int depth =
                depths.of(item.id())
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ErrorCode.CYCLE,
                                                "a folder cannot be moved into itself",
                                                judge.known(item.id()).item()));
        Judge.depth(depth);
        // What lies below is looked at only where it sinks; it may be much.
        if (depth > judge.tree.depth(item.id()) && judge.tx.reaches(item.id(), Tree.DEPTH_MAX - depth + 1)) {
            Judge.depth(Tree.DEPTH_MAX + 1);
        }
    }

    private Item itemAfter(ItemId id) {
        Item moved = after.get(id);
        return moved != null ? moved : judge.known(id).item();
    }

    private static Place placeOf(Item item) {
        return new Place(item.parent().orElseThrow(), item.name());
    }
}
