package tinysync.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Items that are gone on the disk and still in the vault: they go there too, unless somebody worked on them elsewhere.
 */
final class GoneLocally {
    private enum Fate {
        GOES,
        LIVES,
        UNDECIDED
    }

    private final Draft draft;
    private final Map<ItemId, Fate> fates = new HashMap<>();

    GoneLocally(Draft draft) {
        this.draft = draft;
    }

    void decide(Item remote) {
        switch (fate(remote)) {
            case LIVES -> comeBack(remote);
            case GOES -> go(remote);
            case UNDECIDED -> waitForChildren(remote);
        }
    }

    private void comeBack(Item remote) {
        if (!remote.kind().isFolder()) {
            draft.note(new Operation.EditWon(remote.id(), "back: it was deleted here and changed elsewhere"));
        }
        draft.note(new Operation.Resurface(remote.id()));
    }

    private void go(Item remote) {
        Optional<Item> parent = remote.parent().flatMap(draft.remote()::get);
        boolean goesWithFolder = parent.isPresent() && isAbsentHere(parent.get()) && fate(parent.get()) == Fate.GOES;
        if (goesWithFolder) {
            draft.waitFor(remote.id(), parent.get().id());
        } else if (draft.remote().children(remote.id()).isEmpty()) {
            draft.delete(
                    remote.id(),
                    op -> new Mutation.Delete(op, remote.id(), remote.versions().content(), remote.versions().place()));
        } else {
            draft.delete(
                    remote.id(),
                    op ->
                            new Mutation.DeleteSubtree(
                                    op, remote.id(), remote.versions().place(), draft.context.seq(), false));
        }
    }

    private void waitForChildren(Item remote) {
        for (ItemId child : draft.remote().children(remote.id())) {
            if (fate(draft.remote().get(child).orElseThrow()) == Fate.UNDECIDED) {
                draft.waitFor(remote.id(), child);
            }
        }
    }

    private boolean isAbsentHere(Item item) {
        return draft.local().get(item.id()).filter(LocalNode::isAbsent).isPresent();
    }

    private Fate fate(Item item) {
        Fate known = fates.get(item.id());
        if (known == null) {
            known = look(item);
            fates.put(item.id(), known);
        }
        return known;
    }

    /**
     * Changed and changed back, or deleted and restored, all since we last agreed: somebody wants it. Without this, one
     * who deletes and one who needs the folder would go on for ever.
     */
    private static boolean touched(Versions before, Versions now) {
        return before.content() != now.content() || before.place() != now.place();
    }

    private Fate look(Item item) {
        Optional<SyncedEntry> synced = draft.synced().get(item.id());
        Optional<LocalNode> local = draft.local().get(item.id());
        if (synced.isEmpty() || local.isEmpty()) {
            return Fate.LIVES;
        }
        Difference theirs = Difference.ofRemote(synced.get(), item);
        if (local.get().isPresent() && theirs.place()) {
            // Moved in there, and still elsewhere here: it needs the folder to come to.
            return Fate.LIVES;
        }
        if (!local.get().isAbsent() || draft.context.busy().test(item.id())) {
            return Fate.UNDECIDED;
        }
        if (theirs.place() || theirs.content() || touched(synced.get().versions(), item.versions())) {
            return Fate.LIVES;
        }
        Fate worst = Fate.GOES;
        for (ItemId child : draft.remote().children(item.id())) {
            Fate its = fate(draft.remote().get(child).orElseThrow());
            if (its == Fate.LIVES) {
                return Fate.LIVES;
            }
            worst = its == Fate.UNDECIDED ? Fate.UNDECIDED : worst;
        }
        return worst;
    }
}
