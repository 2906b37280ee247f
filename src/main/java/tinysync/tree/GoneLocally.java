package tinysync.tree;

import tinysync.tree.Fates.Fate;

import java.util.Optional;

/**
 * Items that are gone on the disk and still in the vault: they go there too, unless somebody worked on them elsewhere.
 */
final class GoneLocally {
    private final Draft draft;
    private final Fates fates;

    GoneLocally(Draft draft) {
        this.draft = draft;
        this.fates = new Fates(this::ownFate, id -> draft.remote().children(id));
    }

    void decide(Item remote) {
        switch (fates.of(remote.id())) {
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
        boolean goesWithFolder =
                parent.isPresent() && isAbsentHere(parent.get()) && fates.of(parent.get().id()) == Fate.GOES;
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
            if (fates.of(child) == Fate.UNDECIDED) {
                draft.waitFor(remote.id(), child);
            }
        }
    }

    private boolean isAbsentHere(Item item) {
        return draft.local().get(item.id()).filter(LocalNode::isAbsent).isPresent();
    }

    /**
     * Changed and changed back, or deleted and restored, all since we last agreed: somebody wants it. Without this, one
     * who deletes and one who needs the folder would go on for ever.
     */
    private static boolean touched(Versions before, Versions now) {
        return before.content() != now.content() || before.place() != now.place();
    }

    private Optional<Fate> ownFate(ItemId id) {
        Item item = draft.remote().get(id).orElseThrow();
        Optional<SyncedEntry> synced = draft.synced().get(id);
        Optional<LocalNode> local = draft.local().get(id);
        if (synced.isEmpty() || local.isEmpty() || draft.context.hidden().test(id)) {
            return Optional.of(Fate.LIVES);
        }
        Difference theirs = Difference.ofRemote(synced.get(), item);
        if (local.get().isPresent() && theirs.place()) {
            // Moved in there, and still elsewhere here: it needs the folder to come to.
            return Optional.of(Fate.LIVES);
        }
        if (!local.get().isAbsent() || draft.context.busy().test(id)) {
            return Optional.of(Fate.UNDECIDED);
        }
        boolean lives = theirs.place() || theirs.content() || touched(synced.get().versions(), item.versions());
        return lives ? Optional.of(Fate.LIVES) : Optional.empty();
    }
}
