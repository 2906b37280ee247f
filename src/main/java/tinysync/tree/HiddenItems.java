package tinysync.tree;

import java.util.Optional;

/**
 * Items of the vault that shall not be on this disk. They are unknown here, never deleted: what is still here goes once
 * the vault has all that was done to it, and nothing follows from its absence.
 */
final class HiddenItems {
    private final Draft draft;
    private final KeptItems keptItems;

    HiddenItems(Draft draft, KeptItems keptItems) {
        this.draft = draft;
        this.keptItems = keptItems;
    }

    void decide(Item remote, Optional<SyncedEntry> synced, Optional<LocalNode> local) {
        boolean here = local.isPresent() && !local.get().isAbsent();
        if (!here && (local.isPresent() || synced.isPresent())) {
            draft.note(new Operation.Resurface(remote.id()));
        } else if (here && synced.isEmpty()) {
            keptItems.mergeWithoutBase(remote, local.get());
        } else if (here) {
            takeAway(remote, synced.get(), local.get());
        }
    }

    private void takeAway(Item remote, SyncedEntry synced, LocalNode local) {
        Difference theirs = Difference.ofRemote(synced, remote);
        Difference ours = Difference.ofLocal(synced, local);
        boolean waits = !theirs.place() && ours.place() || ours.content() || !theirs.meta() && ours.meta();
        if (waits && theirs.place()) {
            // Its new place is not on this disk; what was done to its content needs none.
            keptItems.mergeInPlace(remote, local, theirs, ours);
        } else if (waits) {
            keptItems.merge(synced, remote, local);
        } else if (draft.local().children(local.id()).isEmpty()) {
            draft.offDisk(new Operation.Remove(local.id()));
        } else {
            draft.local().children(local.id()).values().forEach(child -> draft.waitFor(local.id(), child));
        }
    }
}
