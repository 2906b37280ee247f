package tinysync.tree;

import java.util.List;
import java.util.Optional;

/** Items that stand on both sides: place, content and meta are merged apart. */
final class KeptItems {
    private final Draft draft;
    private final DiskNames diskNames;

    KeptItems(Draft draft) {
        this.draft = draft;
        this.diskNames = new DiskNames(draft);
    }

    void merge(SyncedEntry synced, Item remote, LocalNode local) {
        Difference theirs = Difference.ofRemote(synced, remote);
        Difference ours = Difference.ofLocal(synced, local);
        boolean placeAgreed = mergePlace(synced, remote, local, theirs, ours);
        if (remote.isRoot() || !placeAgreed && theirs.place()) {
            // The item moves on the disk first; what else differs is looked at where it then lies.
            return;
        }
        boolean contentMoves = mergeInPlace(remote, local, theirs, ours);
        if (!theirs.place() && !ours.place() && !contentMoves && !theirs.content() && !theirs.meta() && !ours.meta()) {
            agreeOnVersions(synced, remote);
        }
    }

    /** All but the place; true when content goes up or down. */
    boolean mergeInPlace(Item remote, LocalNode local, Difference theirs, Difference ours) {
        boolean contentMoves = mergeContent(remote, local, theirs, ours);
        if (!contentMoves) {
            mergeMeta(remote, local, theirs, ours);
        }
        return contentMoves;
    }

    /** The same id on both sides and no memory of agreeing: equal is agreement, else both contents are kept. */
    void mergeWithoutBase(Item remote, LocalNode local) {
        boolean samePlace = remote.parent().equals(local.parent()) && remote.name().equals(local.name());
        if (!samePlace && !remote.isRoot()) {
            follow(remote, local, Operation.Shift.Why.FOLLOW);
        } else if (remote.kind().isFolder() || remote.content().equals(local.content())) {
            draft.note(new Operation.Agree(remote.id(), true, true, true));
        } else {
            keepBoth(remote, local);
        }
    }

    private void agreeOnVersions(SyncedEntry synced, Item remote) {
        if (!synced.versions().equals(remote.versions())) {
            draft.note(new Operation.Agree(remote.id(), true, true, true));
        }
    }

    /** True when nothing is left to do about the place. */
    private boolean mergePlace(SyncedEntry synced, Item remote, LocalNode local, Difference theirs, Difference ours) {
        if (remote.isRoot() || (!theirs.place() && !ours.place())) {
            return true;
        }
        if (remote.parent().equals(local.parent()) && showsName(remote.name(), local.name())) {
            draft.note(new Operation.Agree(remote.id(), true, false, false));
            return true;
        }
        if (!theirs.place()) {
            moveUp(remote, local);
            return false;
        }
        follow(remote, local, ours.place() ? Operation.Shift.Why.PLACE_LOST : Operation.Shift.Why.FOLLOW);
        return false;
    }

    private static boolean showsName(String vaultName, String diskName) {
        return vaultName.equals(diskName) || vaultName.equals(ItemName.normalize(diskName));
    }

    private void moveUp(Item remote, LocalNode local) {
        ItemId parent = local.parent().orElseThrow();
        if (!draft.atServer(parent)) {
            draft.waitFor(remote.id(), parent);
            return;
        }
        String name = ItemName.normalize(local.name());
        Optional<String> problem = ItemName.problem(name);
        if (problem.isPresent()) {
            draft.park(remote.id(), "bad_name", problem.get());
            return;
        }
        Place place = new Place(parent, name);
        Optional<ItemId> arriving = draft.claimant(place).filter(other -> !other.equals(remote.id()));
        if (arriving.isPresent()) {
            standBeside(remote, local, place, arriving.get());
            return;
        }
        // Noted before the holder is asked, so that a swap finds the other half on its way.
        draft.move(remote.id(), place);
        Optional<ItemId> holder =
                draft.remote()
                        .at(parent, name)
                        .map(Item::id)
                        .filter(other -> !other.equals(remote.id()) && !isLeaving(other));
        if (holder.isPresent()) {
            draft.keepPlace(remote.id());
            standBeside(remote, local, place, holder.get());
        }
    }

    /** Moves up under a twin's name, or waits, where {@code holder} has the name in the vault. */
    private void standBeside(Item remote, LocalNode local, Place place, ItemId holder) {
        if (diskNames.standsBeside(holder, local)) {
            draft.move(remote.id(), new Place(place.parent(), draft.freeTwinName(place.parent(), place.name())));
        } else {
            draft.waitFor(remote.id(), Draft.For.NAME_IN_VAULT, holder);
        }
    }

    /**
     * The holder of a name was itself moved away on the disk, and the server does not know yet: both go in one
     * mutation.
     */
    private boolean isLeaving(ItemId holder) {
        Optional<SyncedEntry> synced = draft.synced().get(holder);
        Optional<LocalNode> local = draft.local().get(holder).filter(LocalNode::isPresent);
        Optional<Item> remote = draft.remote().get(holder);
        if (draft.moves().containsKey(holder)) {
            return true;
        }
        if (synced.isEmpty() || local.isEmpty() || remote.isEmpty() || draft.context.busy().test(holder)) {
            return false;
        }
        boolean leaves =
                Difference.ofLocal(synced.get(), local.get()).place()
                        && !Difference.ofRemote(synced.get(), remote.get()).place();
        if (leaves && draft.claim(holder)) {
            moveUp(remote.get(), local.get());
        }
        return leaves && draft.moves().containsKey(holder);
    }

    /** Brings the item on the disk to the vault's place. */
    void follow(Item remote, LocalNode local, Operation.Shift.Why why) {
        ItemId folder = remote.parent().orElseThrow();
        Optional<LocalNode> parent = draft.local().get(folder).filter(LocalNode::isPresent);
        if (parent.isEmpty() || draft.local().isShut(folder)) {
            draft.waitFor(remote.id(), folder);
            return;
        }
        if (draft.isAtOrBelowOnDisk(folder, remote.id())) {
            draft.waitFor(remote.id(), misplacedAt(folder));
            return;
        }
        Optional<LocalNode> occupant = draft.local().at(folder, remote.name()).filter(o -> !o.id().equals(remote.id()));
        if (occupant.isEmpty()) {
            if (draft.claimOnDisk(folder, remote.name())) {
                draft.shift(local, new Place(folder, remote.name()), why);
            } else {
                draft.waitFor(remote.id(), folder);
            }
        } else if (!moveAlongWith(occupant.get(), local, why)) {
            diskNames.makeWay(remote.id(), occupant.get());
        }
    }

    /** Why a folder lies where it does: itself, or the first one above it that is not where the vault has it. */
    private ItemId misplacedAt(ItemId folder) {
        Optional<ItemId> at = Optional.of(folder);
        while (at.isPresent()) {
            Optional<ItemId> here = draft.local().get(at.get()).flatMap(LocalNode::parent);
            Optional<ItemId> there = draft.remote().get(at.get()).flatMap(Item::parent);
            if (!here.equals(there)) {
                return at.get();
            }
            at = here;
        }
        return folder;
    }

    /** The occupant has to move as well: the two swap, or, where one lies in the other, the outer one steps aside. */
    private boolean moveAlongWith(LocalNode occupant, LocalNode local, Operation.Shift.Why why) {
        Optional<SyncedEntry> synced = draft.synced().get(occupant.id());
        Optional<Item> theirs = draft.remote().get(occupant.id());
        boolean follows =
                synced.isPresent()
                        && theirs.isPresent()
                        && Difference.ofRemote(synced.get(), theirs.get()).place()
                        && !draft.local().isShut(occupant.id())
                        && !draft.context.busy().test(occupant.id());
        if (!follows || !draft.claim(occupant.id())) {
            return false;
        }
        if (draft.isAtOrBelowOnDisk(local.id(), occupant.id())) {
            diskNames.stepAside(occupant);
            draft.waitFor(local.id(), occupant.id());
        } else {
            draft.exchange(local, occupant, why);
        }
        return true;
    }

    /** True when content goes up or down, which carries mode and time stamp along. */
    private boolean mergeContent(Item remote, LocalNode local, Difference theirs, Difference ours) {
        if (remote.kind().isFolder() || (!theirs.content() && !ours.content())) {
            return false;
        }
        if (remote.content().equals(local.content())) {
            draft.note(new Operation.Agree(remote.id(), false, true, false));
            return false;
        }
        if (!theirs.content()) {
            edit(remote, local);
        } else if (!ours.content()) {
            draft.onDisk(
                    new Operation.Show(
                            remote.id(),
                            local.parent().orElseThrow(),
                            local.name(),
                            Optional.of(local.id()),
                            Optional.empty()));
        } else {
            keepBoth(remote, local);
        }
        return true;
    }

    private void edit(Item remote, LocalNode local) {
        draft.put(
                remote.id(),
                op ->
                        new Mutation.PutFile(
                                op,
                                remote.id(),
                                Optional.empty(),
                                Optional.of(remote.versions().content()),
                                local.content().orElseThrow(),
                                local.kind().isFile()
                                        ? Optional.of(local.fingerprint().mode() & Item.MODE_MASK)
                                        : Optional.empty(),
                                Optional.of(local.fingerprint().mtime()),
                                List.of(remote.versions().content())));
    }

    private void keepBoth(Item remote, LocalNode local) {
        ItemId folder = local.parent().orElseThrow();
        String copy = draft.freeCopyName(folder, local.name(), false);
        draft.onDisk(new Operation.Show(remote.id(), folder, local.name(), Optional.of(local.id()), Optional.of(copy)));
    }

    private void mergeMeta(Item remote, LocalNode local, Difference theirs, Difference ours) {
        if (local.kind().isSymlink() || (!theirs.meta() && !ours.meta())) {
            if (theirs.meta()) {
                draft.note(new Operation.Agree(remote.id(), false, false, true));
            }
            return;
        }
        if (Difference.metaShown(remote, local)) {
            draft.note(new Operation.Agree(remote.id(), false, false, true));
        } else if (theirs.meta()) {
            draft.onDisk(new Operation.Touch(remote.id()));
        } else {
            draft.meta(
                    remote.id(),
                    op ->
                            new Mutation.SetMetadata(
                                    op,
                                    remote.id(),
                                    remote.versions().meta(),
                                    Optional.of(local.fingerprint().mode() & Item.MODE_MASK),
                                    local.kind().isFile() ? Optional.of(local.fingerprint().mtime()) : Optional.empty(),
                                    Optional.empty()));
        }
    }
}
