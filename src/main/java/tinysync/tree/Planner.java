package tinysync.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the three trees into operations: the table of the design of record, §7. A pure function: planning again from
 * any point, after any crash or time offline, gives the right answer for that point. Every defence leans towards
 * keeping bytes.
 *
 * <p>Each case of the table has its own room: {@link NewItems} (no merge base), {@link KeptItems} (on both sides),
 * {@link GoneRemotely}, {@link GoneLocally} and {@link HiddenItems} (not wanted on this disk).
 */
public final class Planner {
    private final Draft draft;
    private final NewItems newItems;
    private final KeptItems keptItems;
    private final GoneRemotely goneRemotely;
    private final GoneLocally goneLocally;
    private final HiddenItems hiddenItems;

    private Planner(Trees trees, PlanContext context) {
        draft = new Draft(trees, context);
        newItems = new NewItems(draft);
        keptItems = new KeptItems(draft);
        goneRemotely = new GoneRemotely(draft);
        goneLocally = new GoneLocally(draft);
        hiddenItems = new HiddenItems(draft, keptItems);
    }

    /** Decides about the given items, and only about them; what depends on others waits for them. */
    public static Plan plan(Trees trees, Collection<ItemId> items, PlanContext context) {
        Planner planner = new Planner(trees, context);
        for (ItemId id : planner.parentsFirst(items)) {
            planner.decide(id);
        }
        planner.undoCycles();
        new Deadlocks(planner.draft, planner.keptItems).breakUp();
        return planner.draft.finish();
    }

    private void decide(ItemId id) {
        if (draft.context.busy().test(id) || !draft.decide(id)) {
            return;
        }
        Optional<SyncedEntry> synced = draft.synced().get(id);
        Optional<Item> remote = draft.remote().get(id);
        Optional<LocalNode> local = draft.local().get(id);
        Optional<ItemId> shutBy = draft.local().shutBy(id);
        if (shutBy.isPresent()) {
            // One that is shut itself is planned again as soon as it can be read.
            shutBy.filter(folder -> !folder.equals(id)).ifPresent(folder -> draft.waitFor(id, folder));
            return;
        }
        if (remote.isEmpty()
                && local.filter(node -> !node.isAbsent()).isPresent()
                && draft.context.keptHere().test(id)) {
            goneRemotely.keepHere(id);
            return;
        }
        if (local.isPresent() && isUnread(local.get())) {
            return;
        }
        if (remote.isPresent() && !remote.get().kind().isKnown()) {
            return;
        }
        if (remote.isPresent() && draft.context.hidden().test(id)) {
            hiddenItems.decide(remote.get(), synced, local);
            return;
        }
        boolean here = local.isPresent() && !local.get().isAbsent();
        if (synced.isEmpty()) {
            decideWithoutBase(remote, local, here, id);
        } else if (remote.isPresent() && here) {
            keptItems.merge(synced.get(), remote.get(), local.get());
        } else if (here) {
            goneRemotely.decide(synced.get(), local.get());
        } else if (remote.isPresent() && local.isPresent()) {
            goneLocally.decide(remote.get());
        } else if (remote.isPresent()) {
            // Never seen on this disk as far as we remember: that is no deletion.
            draft.note(new Operation.Resurface(id));
        } else {
            draft.note(new Operation.Forget(id));
        }
    }

    private void decideWithoutBase(Optional<Item> remote, Optional<LocalNode> local, boolean here, ItemId id) {
        if (remote.isPresent() && here) {
            keptItems.mergeWithoutBase(remote.get(), local.get());
        } else if (remote.isPresent()) {
            newItems.comes(remote.get());
        } else if (here) {
            newItems.goes(local.get());
        } else if (local.isPresent()) {
            draft.note(new Operation.Forget(id));
        }
    }

    /** A file that waits to be hashed: nothing can be said about its content yet. */
    private static boolean isUnread(LocalNode local) {
        return local.isPresent() && !local.isSettled();
    }

    /**
     * A local move that, with all the others, would put a folder below itself: the server's place wins. Moves that
     * counted on a name becoming free by it wait.
     */
    private void undoCycles() {
        Set<ItemId> undone = new LinkedHashSet<>();
        boolean again = true;
        while (again) {
            again = false;
            for (ItemId id : List.copyOf(draft.moves().keySet())) {
                Optional<ItemId> holder = MoveGroups.stayingHolder(draft, id);
                if (MoveGroups.wouldCycle(draft, id)) {
                    undone.add(id);
                    draft.keepPlace(id);
                    again = true;
                } else if (holder.isPresent()) {
                    draft.keepPlace(id);
                    draft.waitFor(id, Draft.For.NAME_IN_VAULT, holder.get());
                    again = true;
                }
            }
        }
        for (ItemId id : undone) {
            keptItems.follow(
                    draft.remote().get(id).orElseThrow(),
                    draft.local().get(id).orElseThrow(),
                    Operation.Shift.Why.PLACE_LOST);
        }
    }

    private List<ItemId> parentsFirst(Collection<ItemId> items) {
        Map<ItemId, Integer> depth = new HashMap<>();
        for (ItemId id : Set.copyOf(items)) {
            int remote = draft.remote().has(id) ? draft.remote().depth(id) : 0;
            int local = draft.local().get(id).isPresent() ? draft.local().depth(id) : 0;
            depth.put(id, Math.max(remote, local));
        }
        List<ItemId> sorted = new ArrayList<>(depth.keySet());
        sorted.sort(Comparator.<ItemId>comparingInt(depth::get).thenComparing(Comparator.naturalOrder()));
        return sorted;
    }
}
