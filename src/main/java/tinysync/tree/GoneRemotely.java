package tinysync.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Items that are gone in the vault and still on the disk: they go too, unless somebody worked on them here. */
final class GoneRemotely {
    private enum Fate {
        GOES,
        LIVES,
        UNDECIDED
    }

    private final Draft draft;
    private final DiskNames diskNames;
    private final Map<ItemId, Fate> fates = new HashMap<>();

    GoneRemotely(Draft draft) {
        this.draft = draft;
        this.diskNames = new DiskNames(draft);
    }

    void decide(SyncedEntry synced, LocalNode local) {
        switch (fate(local)) {
            case LIVES -> revive(synced, local);
            case GOES -> go(local);
            case UNDECIDED ->
                    draft.local().children(local.id()).values().forEach(child -> draft.waitFor(local.id(), child));
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

    private Fate fate(LocalNode local) {
        Fate known = fates.get(local.id());
        if (known == null) {
            known = look(local);
            fates.put(local.id(), known);
        }
        return known;
    }

    private Fate look(LocalNode local) {
        Optional<SyncedEntry> synced = draft.synced().get(local.id());
        if (local.isOpaque() || draft.context.busy().test(local.id())) {
            return Fate.UNDECIDED;
        }
        Optional<Item> remote = draft.remote().get(local.id());
        if (remote.isPresent()) {
            // It lives in the vault, elsewhere: it leaves this folder, unless it was moved in here and only here.
            boolean leaves =
                    synced.isEmpty()
                            || Difference.ofRemote(synced.get(), remote.get()).place()
                            || !Difference.ofLocal(synced.get(), local).place();
            return leaves ? Fate.UNDECIDED : Fate.LIVES;
        }
        if (synced.isEmpty()) {
            return Fate.LIVES;
        }
        if (!local.isSettled()) {
            return Fate.UNDECIDED;
        }
        Difference ours = Difference.ofLocal(synced.get(), local);
        if (ours.place() || ours.content()) {
            return Fate.LIVES;
        }
        Fate worst = Fate.GOES;
        for (ItemId child : draft.local().children(local.id()).values()) {
            Fate its = fate(draft.local().get(child).orElseThrow());
            if (its == Fate.LIVES) {
                return Fate.LIVES;
            }
            worst = its == Fate.UNDECIDED ? Fate.UNDECIDED : worst;
        }
        return worst;
    }
}
