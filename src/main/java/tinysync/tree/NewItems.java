package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.List;
import java.util.Optional;

/** Items without a merge base that stand on one side only. */
final class NewItems {
    private final Draft draft;
    private final DiskNames diskNames;

    NewItems(Draft draft) {
        this.draft = draft;
        this.diskNames = new DiskNames(draft);
    }

    /** New on the disk: goes up, parents first. */
    void goes(LocalNode local) {
        if (local.parent().isEmpty()) {
            return;
        }
        ItemId parent = local.parent().get();
        if (!draft.atServer(parent)) {
            draft.waitFor(local.id(), parent);
            return;
        }
        Optional<String> name = vaultName(local, parent);
        if (name.isEmpty()) {
            return;
        }
        Place place = new Place(parent, name.get());
        int mode = local.fingerprint().mode() & Item.MODE_MASK;
        if (local.kind().isFolder()) {
            draft.create(
                    local.id(), place, op -> new Mutation.CreateFolder(op, local.id(), place, Optional.of(mode), true));
        } else if (local.kind().isSymlink()) {
            draft.putNew(
                    local.id(),
                    place,
                    op ->
                            new Mutation.CreateSymlink(
                                    op,
                                    local.id(),
                                    place,
                                    local.target().orElseThrow(),
                                    Optional.of(local.fingerprint().mtime())));
        } else {
            ContentRef content = local.content().orElseThrow();
            draft.putNew(
                    local.id(),
                    place,
                    op ->
                            new Mutation.PutFile(
                                    op,
                                    local.id(),
                                    Optional.of(place),
                                    Optional.empty(),
                                    content,
                                    Optional.of(mode),
                                    Optional.of(local.fingerprint().mtime()),
                                    List.of()));
        }
    }

    /** The name it gets in the vault; empty when it has to wait for the holder of its name, or cannot have one. */
    private Optional<String> vaultName(LocalNode local, ItemId parent) {
        String name = ItemName.normalize(local.name());
        Optional<String> problem = ItemName.problem(name);
        if (problem.isPresent()) {
            draft.park(local.id(), "bad_name", problem.get());
            return Optional.empty();
        }
        Optional<ItemId> holder = draft.holder(new Place(parent, name)).filter(h -> !h.equals(local.id()));
        if (holder.isEmpty()) {
            return Optional.of(name);
        }
        if (diskNames.standsBeside(holder.get(), local)) {
            return Optional.of(draft.freeTwinName(parent, name));
        }
        draft.waitFor(local.id(), Draft.For.NAME_IN_VAULT, holder.get());
        return Optional.empty();
    }

    /** New in the vault: comes down, parents first. */
    void comes(Item remote) {
        if (remote.parent().isEmpty()) {
            return;
        }
        ItemId folder = remote.parent().get();
        Optional<LocalNode> parent = draft.local().get(folder);
        boolean present = parent.isPresent() && parent.get().isPresent() && !draft.local().isShut(folder);
        if (!present) {
            draft.waitFor(remote.id(), folder);
            return;
        }
        Optional<LocalNode> occupant = draft.local().at(folder, remote.name());
        if (occupant.isPresent()) {
            meet(remote, folder, occupant.get());
        } else if (draft.claimOnDisk(folder, remote.name())) {
            show(remote, folder, Optional.empty(), Optional.empty());
        } else {
            draft.waitFor(remote.id(), folder);
        }
    }

    /** Its name is held on the disk by something else. */
    private void meet(Item remote, ItemId folder, LocalNode occupant) {
        if (occupant.isOpaque()) {
            draft.waitFor(remote.id(), occupant.id());
            return;
        }
        boolean onlyHere = draft.synced().get(occupant.id()).isEmpty() && !draft.atServer(occupant.id());
        if (!onlyHere || draft.context.busy().test(occupant.id())) {
            diskNames.makeWay(remote.id(), occupant);
        } else if (!occupant.isSettled() || !draft.claim(occupant.id())) {
            draft.waitFor(remote.id(), occupant.id());
        } else if (isSame(remote, occupant)) {
            draft.absorb(occupant.id());
            draft.note(new Operation.Adopt(remote.id(), occupant.id()));
        } else if (remote.kind().isFolder() || occupant.kind().isFolder()) {
            diskNames.loseNameOf(occupant);
            draft.waitFor(remote.id(), occupant.id());
        } else {
            draft.absorb(occupant.id());
            String copy = draft.freeCopyName(folder, occupant.name(), false);
            show(remote, folder, Optional.of(occupant.id()), Optional.of(copy));
        }
    }

    private static boolean isSame(Item remote, LocalNode local) {
        return remote.kind().equals(local.kind())
                && (remote.kind().isFolder() || remote.content().equals(local.content()));
    }

    private void show(Item remote, ItemId folder, Optional<ItemId> replaces, Optional<String> keepAs) {
        if (remote.kind().isFolder()) {
            draft.onDisk(new Operation.MakeFolder(remote.id(), folder, remote.name()));
        } else {
            draft.onDisk(new Operation.Show(remote.id(), folder, remote.name(), replaces, keepAs));
        }
    }
}
