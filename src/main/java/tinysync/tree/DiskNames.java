package tinysync.tree;

import java.util.Optional;

/** Who gets a name on the disk when two items want it. */
final class DiskNames {
    private final Draft draft;

    DiskNames(Draft draft) {
        this.draft = draft;
    }

    /**
     * True when {@code holder}, which has the vault's name of {@code local}, lies beside it on the disk and will stay
     * there, being spelled otherwise or disguised: then both stay as they are. A holder of a kind that only newer
     * programs show, or that is hidden, is not on the disk, and keeps its name all the same.
     */
    boolean standsBeside(ItemId holder, LocalNode local) {
        boolean known = draft.remote().get(holder).filter(item -> !item.kind().isKnown()).isEmpty();
        if (!known || draft.isHiddenAway(holder)) {
            return true;
        }
        Optional<LocalNode> other =
                draft.local()
                        .get(holder)
                        .filter(LocalNode::isPresent)
                        .filter(o -> o.parent().equals(local.parent()))
                        .filter(o -> !o.name().equals(local.name()));
        return other.isPresent()
                && (draft.remote().sameName(other.get().name(), local.name()) || isDisguised(other.get()));
    }

    /** Its name on the disk is not the vault's, and nobody is about to change either. */
    private boolean isDisguised(LocalNode local) {
        Optional<SyncedEntry> synced = draft.synced().get(local.id());
        Optional<Item> remote = draft.remote().get(local.id());
        return synced.isPresent()
                && remote.isPresent()
                && !remote.get().name().equals(local.name())
                && !Difference.ofLocal(synced.get(), local).place()
                && !Difference.ofRemote(synced.get(), remote.get()).place();
    }

    /**
     * The name that {@code item} shall have is held by {@code occupant}, which the server knows (or knew). If that one
     * has to leave anyway, its turn comes first; if it came here by a local move only, it loses the name; if it is only
     * disguised by it, it takes its own.
     */
    void makeWay(ItemId item, LocalNode occupant) {
        boolean mayMove = !draft.context.busy().test(occupant.id()) && !draft.local().isShut(occupant.id());
        if (mayMove && isDisguised(occupant)) {
            takeOwnName(occupant);
        } else if (mayMove && holdsNameWrongly(occupant)) {
            loseName(occupant);
        }
        draft.waitFor(item, Draft.For.NAME_ON_DISK, occupant.id());
    }

    private void takeOwnName(LocalNode occupant) {
        ItemId folder = occupant.parent().orElseThrow();
        String own = draft.remote().get(occupant.id()).orElseThrow().name();
        boolean free = draft.local().at(folder, own).isEmpty();
        if (!free) {
            loseName(occupant);
        } else if (draft.claim(occupant.id()) && draft.claimOnDisk(folder, own)) {
            draft.shift(occupant, new Place(folder, own), Operation.Shift.Why.FOLLOW);
        }
    }

    /** Moves something on the disk to a conflict name in its folder, from where it goes on as what it is. */
    void loseName(LocalNode occupant) {
        if (draft.claim(occupant.id())) {
            loseNameOf(occupant);
        }
    }

    /** As {@link #loseName}, for the item that is being decided about. */
    void loseNameOf(LocalNode occupant) {
        toCopyName(occupant, Operation.Shift.Why.NAME_LOST);
    }

    /** Takes a conflict name in its folder until its own place is free. */
    void stepAside(LocalNode occupant) {
        toCopyName(occupant, Operation.Shift.Why.STEP_ASIDE);
    }

    private void toCopyName(LocalNode occupant, Operation.Shift.Why why) {
        ItemId folder = occupant.parent().orElseThrow();
        String copy = draft.freeCopyName(folder, occupant.name(), occupant.kind().isFolder());
        draft.shift(occupant, new Place(folder, copy), why);
    }

    private boolean holdsNameWrongly(LocalNode occupant) {
        Optional<SyncedEntry> synced = draft.synced().get(occupant.id());
        if (synced.isEmpty()) {
            return true;
        }
        boolean movedHere = Difference.ofLocal(synced.get(), occupant).place();
        Optional<Item> remote = draft.remote().get(occupant.id());
        boolean vaultAgrees =
                remote.isPresent()
                        && remote.get().parent().equals(occupant.parent())
                        && remote.get().name().equals(occupant.name());
        if (remote.isEmpty()) {
            // Deleted in the vault: it goes, unless it was edited here; then it lives on under a name of its own.
            return movedHere || Difference.ofLocal(synced.get(), occupant).content();
        }
        return movedHere && !vaultAgrees;
    }
}
