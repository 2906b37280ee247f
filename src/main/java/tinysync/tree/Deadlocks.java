package tinysync.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Breaks up rings of items that wait for each other, as when a new folder took the name of the one whose files were
 * moved into it: one that has to leave its name anyway steps aside, under a conflict name that is gone when all is
 * done.
 */
final class Deadlocks {
    private final Draft draft;
    private final KeptItems keptItems;
    private final DiskNames diskNames;

    Deadlocks(Draft draft, KeptItems keptItems) {
        this.draft = draft;
        this.keptItems = keptItems;
        this.diskNames = new DiskNames(draft);
    }

    void breakUp() {
        Map<ItemId, Set<Draft.Wanted>> ring = rings(draft.waits());
        while (!ring.isEmpty() && (oneStepsAside(ring) || oneGivesUp(ring))) {
            ring.keySet().removeIf(draft::isOnItsWay);
            ring = rings(ring);
        }
    }

    /**
     * Where stepping aside does not help, what was done here is undone: the vault's place wins, or the vault's item
     * lives.
     */
    private boolean oneGivesUp(Map<ItemId, Set<Draft.Wanted>> ring) {
        for (ItemId id : ring.keySet()) {
            Optional<LocalNode> local = draft.local().get(id).filter(node -> !node.isOpaque());
            Optional<SyncedEntry> synced = draft.synced().get(id);
            Optional<Item> remote = draft.remote().get(id);
            if (local.isPresent() && synced.isPresent() && remote.isPresent() && draft.claim(id)) {
                giveUp(synced.get(), remote.get(), local.get());
                if (draft.isOnItsWay(id)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void giveUp(SyncedEntry synced, Item remote, LocalNode local) {
        if (local.isAbsent()) {
            draft.note(new Operation.Resurface(remote.id()));
        } else if (Difference.ofLocal(synced, local).place()) {
            keptItems.follow(remote, local, Operation.Shift.Why.PLACE_LOST);
        }
    }

    private boolean oneStepsAside(Map<ItemId, Set<Draft.Wanted>> ring) {
        for (Map.Entry<ItemId, Set<Draft.Wanted>> waiter : ring.entrySet()) {
            for (Draft.Wanted wanted : waiter.getValue()) {
                boolean broken = ring.containsKey(wanted.of()) && stepAside(wanted);
                if (broken) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean stepAside(Draft.Wanted wanted) {
        return switch (wanted.what()) {
            case PROGRESS -> false;
            case NAME_ON_DISK -> stepAsideOnDisk(wanted.of());
            case NAME_IN_VAULT -> stepAsideInVault(wanted.of());
        };
    }

    /** It follows the vault sooner or later, or goes with what left it. */
    private boolean stepAsideOnDisk(ItemId id) {
        Optional<LocalNode> local = draft.local().get(id).filter(LocalNode::isPresent);
        Optional<SyncedEntry> synced = draft.synced().get(id);
        Optional<Item> remote = draft.remote().get(id);
        boolean leaves =
                local.isPresent()
                        && synced.isPresent()
                        && (remote.isEmpty() || Difference.ofRemote(synced.get(), remote.get()).place());
        if (!leaves || draft.local().isShut(id) || !draft.claim(id)) {
            return false;
        }
        diskNames.stepAside(local.get());
        return true;
    }

    /** It was moved away or deleted on this disk, and the server does not know yet. */
    private boolean stepAsideInVault(ItemId id) {
        Optional<LocalNode> local = draft.local().get(id).filter(node -> !node.isOpaque());
        Optional<SyncedEntry> synced = draft.synced().get(id);
        Optional<Item> remote = draft.remote().get(id).filter(item -> !item.isRoot());
        if (local.isEmpty() || synced.isEmpty() || remote.isEmpty()) {
            return false;
        }
        boolean left = local.get().isAbsent() || Difference.ofLocal(synced.get(), local.get()).place();
        boolean theirs = Difference.ofRemote(synced.get(), remote.get()).place();
        if (!left || theirs || !draft.claim(id)) {
            return false;
        }
        ItemId folder = remote.get().parent().orElseThrow();
        String aside = draft.freeCopyName(folder, remote.get().name(), remote.get().kind().isFolder());
        draft.move(id, new Place(folder, aside));
        return true;
    }

    /**
     * Leaves of the waiting items those that are in rings: takes away all that wait for nobody, or that nobody waits
     * for.
     */
    private static Map<ItemId, Set<Draft.Wanted>> rings(Map<ItemId, Set<Draft.Wanted>> waits) {
        Map<ItemId, Set<ItemId>> waitsFor = new HashMap<>();
        Map<ItemId, Set<ItemId>> waitedForBy = new HashMap<>();
        waits.forEach(
                (item, all) ->
                        all.stream()
                                .map(Draft.Wanted::of)
                                .filter(waits::containsKey)
                                .forEach(
                                        on -> {
                                            waitsFor.computeIfAbsent(item, i -> new HashSet<>()).add(on);
                                            waitedForBy.computeIfAbsent(on, i -> new HashSet<>()).add(item);
                                        }));
        peel(waitsFor, waitedForBy);
        peel(waitedForBy, waitsFor);
        waits.keySet().retainAll(waitsFor.keySet());
        return waits;
    }

    /** Takes away, again and again, what has no edge in {@code out}; both maps lose it. */
    private static void peel(Map<ItemId, Set<ItemId>> out, Map<ItemId, Set<ItemId>> in) {
        Deque<ItemId> loose = new ArrayDeque<>();
        in.keySet().stream().filter(id -> !out.containsKey(id)).forEach(loose::add);
        while (!loose.isEmpty()) {
            ItemId gone = loose.pop();
            Set<ItemId> before = in.remove(gone);
            if (before == null) {
                continue;
            }
            for (ItemId id : before) {
                Set<ItemId> left = out.get(id);
                left.remove(gone);
                if (left.isEmpty()) {
                    out.remove(id);
                    loose.add(id);
                }
            }
        }
    }
}
