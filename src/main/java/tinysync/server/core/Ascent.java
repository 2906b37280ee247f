package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * What follows for an item from the folder above it (how deep it is, whether it is dead), found by walking up, and each
 * folder is walked through once. Good for one state of the tree. For one thread.
 */
final class Ascent<A> {
    private final Map<ItemId, A> known = new HashMap<>();
    private final Function<ItemId, Item> items;
    private final A aboveRoot;
    private final Step<A> step;

    /** The answer for an item, from that for the folder above it. */
    interface Step<A> {
        A from(A above, Item item);
    }

    Ascent(Function<ItemId, Item> items, A aboveRoot, Step<A> step) {
        this.items = items;
        this.aboveRoot = aboveRoot;
        this.step = step;
    }

    /** Goes no further up than to this item. */
    void know(ItemId id, A answer) {
        known.put(id, answer);
    }

    /** Empty when the way up comes back to where it has been. */
    Optional<A> of(ItemId id) {
        SequencedMap<ItemId, Item> path = new LinkedHashMap<>();
        Optional<ItemId> next = Optional.of(id);
        while (next.isPresent() && !known.containsKey(next.get())) {
            Item item = items.apply(next.get());
            if (path.put(item.id(), item) != null) {
                return Optional.empty();
            }
            next = item.parent();
        }
        A answer = next.map(known::get).orElse(aboveRoot);
        for (Item item : path.reversed().values()) {
            answer = step.from(answer, item);
            known.put(item.id(), answer);
        }
        return Optional.of(answer);
    }
}
