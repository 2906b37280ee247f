package tinysync.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One plan in the making: the trees, and what was decided so far, so that later decisions fit to earlier ones. */
final class Draft {
    final Trees trees;
    final PlanContext context;

    /** Why an item waits for another one: for its name, or for whatever has to happen to it first. */
    enum For {
        PROGRESS,
        NAME_ON_DISK,
        NAME_IN_VAULT
    }

    /** What an item waits for, and of which other one. */
    record Wanted(For what, ItemId of) {}

    private final Map<ItemId, Set<Wanted>> waits = new LinkedHashMap<>();
    private final List<Operation> bookkeeping = new ArrayList<>();
    private final List<Operation> disk = new ArrayList<>();
    private final List<Operation> removals = new ArrayList<>();
    private final List<Operation> creates = new ArrayList<>();
    private final List<Operation> contents = new ArrayList<>();
    private final List<Operation> deletes = new ArrayList<>();
    private final List<Operation> metas = new ArrayList<>();
    private final Map<ItemId, Place> moves = new LinkedHashMap<>();
    private final Set<ItemId> decided = new HashSet<>();
    private final Set<ItemId> acted = new HashSet<>();
    private final Map<ItemId, ItemId> shiftedInto = new HashMap<>();
    private final Set<ItemId> createdHere = new HashSet<>();
    private final Set<Place> claimedOnDisk = new HashSet<>();
    private final Map<Place, ItemId> claimedAtServer = new HashMap<>();
    private int ops;

    Draft(Trees trees, PlanContext context) {
        this.trees = trees;
        this.context = context;
    }

    RemoteTree remote() {
        return trees.remote();
    }

    LocalTree local() {
        return trees.local();
    }

    SyncedTree synced() {
        return trees.synced();
    }

    /** True the first time: an item is decided once in a plan. */
    boolean decide(ItemId id) {
        return decided.add(id);
    }

    /** True when nothing but waiting was decided about the item, so that another one's decision may still move it. */
    boolean claim(ItemId id) {
        decided.add(id);
        return !isOnItsWay(id);
    }

    /** True when more than waiting was decided about the item. */
    boolean isOnItsWay(ItemId id) {
        return acted.contains(id) || moves.containsKey(id);
    }

    /** The node loses its id to another item by this plan: nothing is left to say about it. */
    void absorb(ItemId id) {
        acted.add(id);
    }

    void note(Operation operation) {
        acted.add(operation.item());
        bookkeeping.add(operation);
    }

    void waitFor(ItemId item, ItemId on) {
        waitFor(item, For.PROGRESS, on);
    }

    void waitFor(ItemId item, For what, ItemId on) {
        waits.computeIfAbsent(item, i -> new LinkedHashSet<>()).add(new Wanted(what, on));
    }

    /** A copy of who waits for what, without those for which something is done in this plan. */
    Map<ItemId, Set<Wanted>> waits() {
        Map<ItemId, Set<Wanted>> still = new LinkedHashMap<>(waits);
        still.keySet().removeIf(this::isOnItsWay);
        return still;
    }

    void park(ItemId item, String code, String message) {
        bookkeeping.add(new Operation.Park(item, code, message));
    }

    void onDisk(Operation operation) {
        acted.add(operation.item());
        disk.add(operation);
    }

    /** A move on the disk, which later ones of this plan have to fit to. */
    void shift(LocalNode node, Place to, Operation.Shift.Why why) {
        shiftedInto.put(node.id(), to.parent());
        onDisk(new Operation.Shift(node.id(), to.parent(), to.name(), Optional.empty(), why));
    }

    /** Two change places on the disk; {@code node} gets where it has to be. */
    void exchange(LocalNode node, LocalNode other, Operation.Shift.Why why) {
        ItemId folder = other.parent().orElseThrow();
        shiftedInto.put(node.id(), folder);
        shiftedInto.put(other.id(), node.parent().orElseThrow());
        onDisk(new Operation.Shift(node.id(), folder, other.name(), Optional.of(other.id()), why));
    }

    /** True when {@code id} is, or would by this plan be, the same as {@code ancestor} or below it on the disk. */
    boolean isAtOrBelowOnDisk(ItemId id, ItemId ancestor) {
        if (local().isAtOrBelow(id, ancestor)) {
            return true;
        }
        Optional<ItemId> at = shiftedInto.isEmpty() ? Optional.empty() : Optional.of(id);
        // Ends: a shift that would make a ring is never planned.
        while (at.isPresent()) {
            if (at.get().equals(ancestor)) {
                return true;
            }
            ItemId shifted = shiftedInto.get(at.get());
            at = shifted != null ? Optional.of(shifted) : local().get(at.get()).flatMap(LocalNode::parent);
        }
        return false;
    }

    void offDisk(Operation.Remove operation) {
        acted.add(operation.item());
        removals.add(operation);
    }

    /** A new or revived item, which later ones of this plan may lie in. */
    void create(ItemId item, Place place, Function<OpId, Mutation> mutation) {
        createdHere.add(item);
        claimedAtServer.put(slot(place), item);
        send(creates, item, mutation);
    }

    /** Content that is new to the server: creations of files come after folders and moves, as edits do. */
    void putNew(ItemId item, Place place, Function<OpId, Mutation> mutation) {
        claimedAtServer.put(slot(place), item);
        send(contents, item, mutation);
    }

    void put(ItemId item, Function<OpId, Mutation> mutation) {
        send(contents, item, mutation);
    }

    void meta(ItemId item, Function<OpId, Mutation> mutation) {
        send(metas, item, mutation);
    }

    void delete(ItemId item, Function<OpId, Mutation> mutation) {
        send(deletes, item, mutation);
    }

    void move(ItemId item, Place to) {
        keepPlace(item);
        moves.put(item, to);
        claimedAtServer.put(slot(to), item);
    }

    void keepPlace(ItemId item) {
        Place to = moves.remove(item);
        if (to != null) {
            claimedAtServer.remove(slot(to), item);
        }
    }

    Map<ItemId, Place> moves() {
        return moves;
    }

    /** True when the server knows this folder, or will by the time a later mutation of this plan arrives. */
    boolean atServer(ItemId folder) {
        return remote().has(folder) || createdHere.contains(folder) || context.createdAtServer().test(folder);
    }

    /** True for one that shall not be on this disk, and is not. */
    boolean isHiddenAway(ItemId id) {
        return remote().has(id) && local().get(id).isEmpty() && context.hidden().test(id);
    }

    /** What this plan brings to a name in the vault. */
    Optional<ItemId> claimant(Place place) {
        return Optional.ofNullable(claimedAtServer.get(slot(place)));
    }

    /** Who holds a name in the vault, with what this plan adds. */
    Optional<ItemId> holder(Place place) {
        return claimant(place).or(() -> remote().at(place.parent(), place.name()).map(Item::id));
    }

    /** Takes a name on the disk for this plan; false when it is taken already. */
    boolean claimOnDisk(ItemId folder, String name) {
        return claimedOnDisk.add(new Place(folder, name));
    }

    /** A conflict name that is free on the disk and in the vault. */
    String freeCopyName(ItemId folder, String name, boolean isFolder) {
        for (int n = 1; ; n++) {
            String copy = ConflictNames.copyName(name, context.device(), context.now(), n, isFolder);
            if (isFree(folder, copy) && claimOnDisk(folder, copy)) {
                return copy;
            }
        }
    }

    /**
     * A vault name for a local entry whose own name is held by a sibling that differs only by case or normalization.
     */
    String freeTwinName(ItemId folder, String name) {
        for (int n = 1; ; n++) {
            String twin = ConflictNames.twinName(name, n);
            if (holder(new Place(folder, twin)).isEmpty()) {
                return twin;
            }
        }
    }

    private boolean isFree(ItemId folder, String name) {
        return local().at(folder, name).isEmpty()
                && remote().at(folder, name).isEmpty()
                && !claimedOnDisk.contains(new Place(folder, name));
    }

    private Place slot(Place place) {
        return new Place(place.parent(), remote().key(place.name()));
    }

    private void send(List<Operation> into, ItemId item, Function<OpId, Mutation> mutation) {
        acted.add(item);
        if (context.canWrite()) {
            into.add(new Operation.Send(item, mutation.apply(new OpId(context.batch(), ops++))));
        } else {
            bookkeeping.add(forbidden(item));
        }
    }

    private List<Operation> sendGroup(List<Mutation.MoveRename.Move> group) {
        List<Operation> sent = new ArrayList<>();
        if (context.canWrite()) {
            send(sent, group.getFirst().item(), op -> new Mutation.MoveRename(op, group));
        } else {
            group.forEach(move -> sent.add(forbidden(move.item())));
        }
        return sent;
    }

    private static Operation forbidden(ItemId item) {
        return new Operation.Park(item, "forbidden", "this device may only read the vault");
    }

    Plan finish() {
        List<Operation> all = new ArrayList<>(bookkeeping);
        waits().forEach(
                        (item, wanted) ->
                                wanted.stream()
                                        .map(Wanted::of)
                                        .distinct()
                                        .forEach(on -> all.add(new Operation.Wait(item, on))));
        all.addAll(disk);
        all.addAll(removals);
        all.addAll(creates);
        for (List<Mutation.MoveRename.Move> group : MoveGroups.of(this)) {
            all.addAll(sendGroup(group));
        }
        all.addAll(contents);
        all.addAll(deletes);
        all.addAll(metas);
        return new Plan(all);
    }
}
