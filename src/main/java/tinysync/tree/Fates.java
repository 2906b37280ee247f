package tinysync.tree;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether what is gone on one side goes on the other as well. An item lives if anything in it lives, and goes if all in
 * it goes. Found without recursion: a tree may be deeper than a thread's stack.
 */
final class Fates {
    /** What becomes of an item. */
    enum Fate {
        GOES,
        LIVES,
        UNDECIDED
    }

    private final Function<ItemId, Optional<Fate>> own;
    private final Function<ItemId, Collection<ItemId>> inside;
    private final Map<ItemId, Fate> known = new HashMap<>();

    /**
     * @param own the fate that an item has by itself; empty when it is that of what lies in it
     * @param inside the items in a folder
     */
    Fates(Function<ItemId, Optional<Fate>> own, Function<ItemId, Collection<ItemId>> inside) {
        this.own = own;
        this.inside = inside;
    }

    Fate of(ItemId item) {
        Deque<ItemId> open = new ArrayDeque<>(List.of(item));
        while (!open.isEmpty()) {
            ItemId at = open.peek();
            Optional<Fate> fate = known(at).or(() -> own.apply(at)).or(() -> ofAll(inside.apply(at)));
            if (fate.isPresent()) {
                known.put(at, fate.get());
                open.pop();
            } else {
                inside.apply(at).stream().filter(id -> !known.containsKey(id)).forEach(open::push);
            }
        }
        return known.get(item);
    }

    private Optional<Fate> known(ItemId id) {
        return Optional.ofNullable(known.get(id));
    }

    /** Empty while it depends on one that is not known. */
    private Optional<Fate> ofAll(Collection<ItemId> ids) {
        boolean complete = true;
        Fate worst = Fate.GOES;
        for (ItemId id : ids) {
            Fate its = known.get(id);
            if (its == Fate.LIVES) {
                return Optional.of(Fate.LIVES);
            }
            complete &= its != null;
            worst = its == Fate.UNDECIDED ? Fate.UNDECIDED : worst;
        }
        return complete ? Optional.of(worst) : Optional.empty();
    }
}
