package tinysync.tree;

import tinysync.tree.Fates.Fate;

import java.util.Map;
import java.util.Optional;

/** Items that are gone in the vault and still on the disk: they go too, unless somebody worked on them here. */
final class GoneRemotely {
    private final Draft draft;
    private final DiskNames diskNames;
    private final Fates fates;

    GoneRemotely(Draft draft) {
        this.draft = draft;
        this.diskNames = new DiskNames(draft);
        this.fates = new Fates(this::ownFate, id -> draft.local().children(id).values());
    }

    void decide(SyncedEntry synced, LocalNode local) {
        switch (fates.of(local.id())) {
            case LIVES -> revive(synced, local);
            case GOES -> go(local);
            case UNDECIDED ->
                    draft.local().children(local.id()).values().forEach(child -> draft.waitFor(local.id(), child));
        }
    }

    /** It stays as it is, and is no item any more; a folder after all that lies in it. */
    void keepHere(ItemId id) {
        Map<String, ItemId> inside = draft.local().children(id);
        if (inside.isEmpty()) {
            draft.note(new Operation.Forget(id));
        } else {
            inside.values().forEach(child -> draft.waitFor(id, child));
        }
    }

    private void go(LocalNode local) {
        Map<String, ItemId> inside = draft.local().children(local.id());
        if (inside.isEmpty()) {
            draft.offDisk(new Operation.Remove(local.id()));
        } else {
            inside.values().forEach(child -> draft.waitFor(local.id(), child));
        }
    }

    /** Back to the server under its own id, with what was changed here; folders come back as shells. */
    private void revive(SyncedEntry synced, LocalNode local) {
        ItemId parent = local.parent().orElseThrow();
        if (!draft.atServer(parent)) {
            draft.waitFor(local.id(), parent);
            return;
        }
        String plain = ItemName.normalize(local.name());
        Optional<String> problem = ItemName.problem(plain);
        if (problem.isPresent()) {
            draft.park(local.id(), "bad_name", problem.get());
            return;
        }
        Optional<ItemId> holder = draft.holder(new Place(parent, plain)).filter(h -> !h.equals(local.id()));
        boolean beside = holder.isPresent() && diskNames.standsBeside(holder.get(), local);
        if (holder.isPresent() && !beside) {
            diskNames.loseNameOf(local);
            return;
        }
        String name = beside ? draft.freeTwinName(parent, plain) : plain;
        Place place = new Place(parent, name);
        boolean edited = Difference.ofLocal(synced, local).content();
        if (draft.context.canWrite()) {
            draft.note(new Operation.EditWon(local.id(), "kept: it was deleted elsewhere and changed here"));
        }
        draft.create(
                local.id(),
                place,
                op ->
                        new Mutation.Restore(
                                op,
                                local.id(),
                                Optional.empty(),
                                Optional.of(parent),
                                Optional.of(name),
                                edited ? local.content() : Optional.empty(),
                                edited && local.kind().isFile()
                                        ? Optional.of(local.fingerprint().mode() & Item.MODE_MASK)
                                        : Optional.empty(),
                                edited ? Optional.of(local.fingerprint().mtime()) : Optional.empty(),
                                false));
    }

    private Optional<Fate> ownFate(ItemId id) {
        LocalNode local = draft.local().get(id).orElseThrow();
        Optional<SyncedEntry> synced = draft.synced().get(id);
        if (local.isOpaque() || draft.context.busy().test(id)) {
            return Optional.of(Fate.UNDECIDED);
        }
        Optional<Item> remote = draft.remote().get(id);
        if (remote.isPresent()) {
            // It lives in the vault, elsewhere: it leaves this folder, unless it was moved in here and only here.
            boolean leaves =
                    synced.isEmpty()
                            || Difference.ofRemote(synced.get(), remote.get()).place()
                            || !Difference.ofLocal(synced.get(), local).place();
            return Optional.of(leaves ? Fate.UNDECIDED : Fate.LIVES);
        }
        if (synced.isEmpty()) {
            return Optional.of(Fate.LIVES);
        }
        if (!local.isSettled()) {
            return Optional.of(Fate.UNDECIDED);
        }
        Difference ours = Difference.ofLocal(synced.get(), local);
        return ours.place() || ours.content() ? Optional.of(Fate.LIVES) : Optional.empty();
    }
}
