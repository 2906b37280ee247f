package tinysync.tree;

import tinysync.content.ContentRef;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A device in memory: its three trees, a disk that is its Local tree, and the carrying out of plans as an engine does
 * it. Strict: an operation that does not fit to the disk, or that would lose bytes, is a failure of the planner.
 */
final class ModelDevice {
    private static final UUID NAMESPACE = new UUID(7, 7);

    /** A mutation on its way, with the disk as it was when it left. */
    private record Sent(Mutation mutation, Map<ItemId, LocalNode> disk) {}

    final Trees trees = new Trees(new RemoteTree(true), new LocalTree(), new SyncedTree());
    private final String name;
    private final ModelServer server;
    private final Map<OpId, Sent> settling = new HashMap<>();
    private long pulled;
    private int counter;
    private int puts;
    private int shows;

    ModelDevice(String name, ModelServer server) {
        this.name = name;
        this.server = server;
        Item root = Item.root(ModelServer.ROOT);
        trees.remote().put(root);
        trees.local().put(node(root.id(), Optional.empty(), "", Kind.FOLDER, Optional.empty(), 0755, Instant.EPOCH));
        trees.synced().put(SyncedEntry.of(root, trees.local().get(root.id()).orElseThrow()));
    }

    /** How many mutations carried content or made items. */
    int puts() {
        return puts;
    }

    /** How many files came down. */
    int shows() {
        return shows;
    }

    ItemId freshId() {
        return new ItemId(new UUID(name.hashCode(), ++counter));
    }

    // What a person does.

    LocalNode create(ItemId folder, String called, Optional<String> text) {
        Kind kind = text.isPresent() ? Kind.FILE : Kind.FOLDER;
        LocalNode made =
                node(
                        freshId(),
                        Optional.of(folder),
                        called,
                        kind,
                        text.map(TreeText::content),
                        text.isPresent() ? 0644 : 0755,
                        tick());
        put(made);
        return made;
    }

    void edit(ItemId id, String text) {
        LocalNode old = local(id);
        put(node(id, old.parent(), old.name(), old.kind(), Optional.of(TreeText.content(text)), mode(old), tick()));
    }

    void changeMode(ItemId id, int mode) {
        LocalNode old = local(id);
        put(node(id, old.parent(), old.name(), old.kind(), old.content(), mode, old.fingerprint().mtime()));
    }

    void move(ItemId id, ItemId folder, String called) {
        check(trees.local().at(folder, called).isEmpty(), "the name is taken: " + called);
        trees.local().put(local(id).withPlace(folder, called));
    }

    void delete(ItemId id) {
        Deque<ItemId> left = new ArrayDeque<>(List.of(id));
        while (!left.isEmpty()) {
            ItemId at = left.pop();
            left.addAll(trees.local().children(at).values());
            trees.local().put(local(at).withPresence(Presence.ABSENT));
        }
    }

    /** What stands on the disk, the root left out. */
    List<LocalNode> present() {
        return trees.local().all().stream()
                .filter(node -> node.isPresent() && node.parent().isPresent())
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    private int mode(LocalNode node) {
        return node.fingerprint().mode();
    }

    private Instant tick() {
        return Instant.ofEpochSecond(1_000 + ++counter);
    }

    // What an engine does.

    /** Replays the log up to a seq; own operations found in it settle the merge base. */
    void pull(long to) {
        for (ModelServer.Event event : List.copyOf(server.logAfter(pulled))) {
            if (event.seq() > to) {
                return;
            }
            pulled = event.seq();
            Sent own = settling.remove(event.mutation().opId());
            for (Item item : event.items()) {
                if (item.deleted()) {
                    dropRemote(item.id());
                } else {
                    trees.remote().put(item);
                    if (own != null) {
                        settle(own, item);
                    }
                }
            }
        }
    }

    private void dropRemote(ItemId id) {
        for (ItemId child : Set.copyOf(trees.remote().children(id))) {
            dropRemote(child);
        }
        trees.remote().drop(id);
    }

    private void settle(Sent own, Item view) {
        LocalNode disk = own.disk().get(view.id());
        switch (own.mutation()) {
            case Mutation.CreateFolder m -> agree(view, disk, true, true, true);
            case Mutation.CreateSymlink m -> agree(view, disk, true, true, true);
            case Mutation.PutFile m -> agree(view, disk, m.place().isPresent(), true, true);
            case Mutation.MoveRename m -> agree(view, disk, true, false, false);
            case Mutation.SetMetadata m -> agree(view, disk, false, false, true);
            case Mutation.Restore m -> agree(view, disk, true, m.content().isPresent(), m.mode().isPresent());
            case Mutation.Delete m -> throw new AssertionError("a deleted item is no view");
            case Mutation.DeleteSubtree m -> throw new AssertionError("a deleted item is no view");
        }
    }

    private void agree(Item view, LocalNode disk, boolean place, boolean content, boolean meta) {
        SyncedEntry fresh = SyncedEntry.of(view, disk);
        SyncedEntry old = trees.synced().get(view.id()).orElse(fresh);
        trees.synced()
                .put(
                        new SyncedEntry(
                                view.id(),
                                place ? fresh.place() : old.place(),
                                view.kind(),
                                content ? fresh.content() : old.content(),
                                content ? fresh.target() : old.target(),
                                meta ? fresh.mode() : old.mode(),
                                meta ? fresh.mtime() : old.mtime(),
                                new Versions(
                                        (content ? fresh : old).versions().content(),
                                        (place ? fresh : old).versions().place(),
                                        (meta ? fresh : old).versions().meta()),
                                new SyncedEntry.DiskFacts(
                                        (place ? fresh : old).disk().name(),
                                        (meta ? fresh : old).disk().mode(),
                                        (meta ? fresh : old).disk().mtime())));
    }

    /** The state was lost: the log is replayed from its start, and the disk is looked at as if it were new. */
    void forgetEverything() {
        Set<ItemId> all = known();
        all.remove(ModelServer.ROOT);
        settling.clear();
        Map<ItemId, ItemId> renamed = new HashMap<>(Map.of(ModelServer.ROOT, ModelServer.ROOT));
        List<LocalNode> before = present();
        before.forEach(node -> renamed.put(node.id(), freshId()));
        all.forEach(trees.local()::drop);
        all.forEach(trees.synced()::drop);
        for (LocalNode node : before) {
            ItemId parent = renamed.get(node.parent().orElseThrow());
            trees.local().put(node.withId(renamed.get(node.id())).withPlace(parent, node.name()));
        }
    }

    Set<ItemId> known() {
        Set<ItemId> ids = new LinkedHashSet<>();
        trees.remote().all().forEach(item -> ids.add(item.id()));
        trees.local().all().forEach(node -> ids.add(node.id()));
        trees.synced().all().forEach(entry -> ids.add(entry.id()));
        return ids;
    }

    Plan plan(Collection<ItemId> ids) {
        Set<ItemId> busy = new HashSet<>();
        Set<ItemId> created = new HashSet<>();
        for (Sent sent : settling.values()) {
            busy.addAll(sent.disk().keySet());
            if (!(sent.mutation() instanceof Mutation.Delete || sent.mutation() instanceof Mutation.DeleteSubtree)) {
                created.addAll(sent.disk().keySet());
            }
        }
        PlanContext context =
                new PlanContext(
                        busy::contains,
                        created::contains,
                        id -> false,
                        id -> false,
                        pulled,
                        true,
                        name,
                        Instant.parse("2026-11-21T07:45:12Z"),
                        new UUID(NAMESPACE.getMostSignificantBits() + name.hashCode(), ++counter));
        return Planner.plan(trees, ids, context);
    }

    /** Carries out one operation; empty, or why the server refused it. */
    Optional<String> carryOut(Operation operation) {
        switch (operation) {
            case Operation.Agree o -> agree(remote(o.item()), local(o.item()), o.place(), o.content(), o.meta());
            case Operation.Forget o -> forget(o.item());
            case Operation.Resurface o -> forget(o.item());
            case Operation.Adopt o -> adopt(o);
            case Operation.Wait o -> check(!o.item().equals(o.on()), "waits for itself");
            case Operation.Park o -> throw new AssertionError("parked: " + o);
            case Operation.EditWon o -> check(known().contains(o.item()), "an unknown item won");
            case Operation.Send o -> {
                return send(o.mutation());
            }
            case Operation.MakeFolder o -> {
                requireFree(o.folder(), o.name());
                Item item = remote(o.item());
                arrive(item, o.folder(), o.name(), false);
            }
            case Operation.Show o -> show(o);
            case Operation.Shift o -> shift(o);
            case Operation.Touch o -> {
                LocalNode old = local(o.item());
                Item item = remote(o.item());
                put(
                        node(
                                item.id(),
                                old.parent(),
                                old.name(),
                                old.kind(),
                                old.content(),
                                item.mode(),
                                item.mtime().orElse(old.fingerprint().mtime())));
                agree(item, local(o.item()), false, false, true);
            }
            case Operation.Remove o -> remove(o.item());
        }
        return Optional.empty();
    }

    private void forget(ItemId id) {
        trees.local().get(id).ifPresent(node -> check(!node.isPresent(), "forgets what is on the disk"));
        trees.synced().drop(id);
        trees.local().drop(id);
    }

    private void adopt(Operation.Adopt o) {
        LocalNode old = local(o.local());
        check(trees.synced().get(o.local()).isEmpty(), "adopts a known item");
        check(trees.local().get(o.item()).isEmpty(), "adopts into an item that is here");
        List<ItemId> inside = List.copyOf(trees.local().children(o.local()).values());
        trees.local().drop(o.local());
        trees.local().put(old.withId(o.item()));
        for (ItemId child : inside) {
            trees.local().put(local(child).withPlace(o.item(), local(child).name()));
        }
        agree(remote(o.item()), local(o.item()), true, true, true);
    }

    private Optional<String> send(Mutation mutation) {
        boolean carries = !(mutation instanceof Mutation.MoveRename) && !(mutation instanceof Mutation.SetMetadata);
        puts += carries ? 1 : 0;
        Map<ItemId, LocalNode> disk = new HashMap<>();
        for (ItemId id : itemsOf(mutation)) {
            disk.put(id, local(id));
        }
        return switch (server.commit(mutation)) {
            case ModelServer.Answer.Accepted a -> {
                settling.put(mutation.opId(), new Sent(mutation, disk));
                yield Optional.empty();
            }
            case ModelServer.Answer.Adopted a -> Optional.empty();
            case ModelServer.Answer.Refused r -> Optional.of(r.why());
        };
    }

    private static List<ItemId> itemsOf(Mutation mutation) {
        return switch (mutation) {
            case Mutation.CreateFolder m -> List.of(m.item());
            case Mutation.PutFile m -> List.of(m.item());
            case Mutation.CreateSymlink m -> List.of(m.item());
            case Mutation.MoveRename m -> m.moves().stream().map(Mutation.MoveRename.Move::item).toList();
            case Mutation.SetMetadata m -> List.of(m.item());
            case Mutation.Delete m -> List.of(m.item());
            case Mutation.DeleteSubtree m -> List.of(m.item());
            case Mutation.Restore m -> List.of(m.item());
        };
    }

    private void show(Operation.Show o) {
        shows++;
        boolean own = o.replaces().equals(Optional.of(o.item()));
        if (o.replaces().isEmpty()) {
            requireFree(o.folder(), o.name());
        } else {
            LocalNode old = local(o.replaces().get());
            check(old.isPresent() && old.name().equals(o.name()), "replaces what is not there");
            check(old.parent().equals(Optional.of(o.folder())), "replaces what lies elsewhere");
            if (o.keepAs().isPresent()) {
                requireFree(o.folder(), o.keepAs().get());
                trees.local().drop(old.id());
                trees.local().put(old.withId(freshId()).withPlace(o.folder(), o.keepAs().get()));
            } else {
                SyncedEntry base = trees.synced().get(o.item()).orElseThrow();
                check(own && base.content().equals(old.content()), "replaces unsaved bytes");
            }
        }
        arrive(remote(o.item()), o.folder(), o.name(), own);
    }

    private void arrive(Item item, ItemId folder, String called, boolean onlyContent) {
        check(trees.local().get(folder).filter(LocalNode::isPresent).isPresent(), "shown in a folder that is not here");
        Instant mtime = item.mtime().orElse(Instant.EPOCH);
        put(node(item.id(), Optional.of(folder), called, item.kind(), item.content(), item.mode(), mtime));
        boolean place = !onlyContent || trees.synced().get(item.id()).isEmpty();
        agree(item, local(item.id()), place, true, true);
    }

    private void shift(Operation.Shift o) {
        LocalNode node = local(o.item());
        check(node.isPresent(), "shifts what is not here");
        check(!trees.local().isAtOrBelow(o.folder(), o.item()), "shifts a folder into itself");
        if (o.exchange().isPresent()) {
            LocalNode other = local(o.exchange().get());
            check(
                    other.parent().equals(Optional.of(o.folder())) && other.name().equals(o.name()),
                    "exchanges with what lies elsewhere");
            check(!trees.local().isAtOrBelow(o.item(), other.id()), "exchanges with a folder around it");
            trees.local().drop(other.id());
            trees.local().put(node.withPlace(o.folder(), o.name()));
            trees.local().put(other.withPlace(node.parent().orElseThrow(), node.name()));
        } else {
            requireFree(o.folder(), o.name());
            trees.local().put(node.withPlace(o.folder(), o.name()));
        }
        if (o.why() == Operation.Shift.Why.STEP_ASIDE) {
            // What stepped aside was not moved by a person.
            trees.synced().get(o.item()).ifPresent(old -> trees.synced().put(disguised(old, o.name())));
        }
    }

    private static SyncedEntry disguised(SyncedEntry old, String diskName) {
        SyncedEntry.DiskFacts facts = new SyncedEntry.DiskFacts(diskName, old.disk().mode(), old.disk().mtime());
        return new SyncedEntry(
                old.id(),
                old.place(),
                old.kind(),
                old.content(),
                old.target(),
                old.mode(),
                old.mtime(),
                old.versions(),
                facts);
    }

    private void remove(ItemId id) {
        LocalNode node = local(id);
        check(node.isPresent() && trees.local().children(id).isEmpty(), "removes a folder that is not empty");
        SyncedEntry base = trees.synced().get(id).orElseThrow();
        check(base.content().equals(node.content()), "removes unsaved bytes");
        trees.local().drop(id);
        trees.synced().drop(id);
    }

    private void requireFree(ItemId folder, String called) {
        check(trees.local().at(folder, called).isEmpty(), "the name is taken on the disk: " + called);
        check(trees.local().get(folder).filter(LocalNode::isPresent).isPresent(), "the folder is not here");
    }

    private Item remote(ItemId id) {
        return trees.remote().get(id).orElseThrow(() -> new AssertionError("not in Remote: " + id));
    }

    private LocalNode local(ItemId id) {
        return trees.local().get(id).orElseThrow(() -> new AssertionError("not in Local: " + id));
    }

    private void put(LocalNode node) {
        trees.local().put(node);
    }

    private LocalNode node(
            ItemId id,
            Optional<ItemId> parent,
            String called,
            Kind kind,
            Optional<ContentRef> content,
            int mode,
            Instant mtime) {
        Fingerprint print = new Fingerprint("f" + ++counter, 0, mtime, mtime, mode);
        return new LocalNode(id, parent, called, kind, print, content, Optional.empty(), true, Presence.PRESENT);
    }

    private static void check(boolean good, String fault) {
        if (!good) {
            throw new AssertionError(fault);
        }
    }

    /** Paths to contents as the vault would name them: disguises taken off. */
    Map<String, String> vaultPaths() {
        Map<String, String> paths = new TreeMap<>();
        for (LocalNode node : present()) {
            paths.put(vaultPath(node), node.content().map(TreeText::label).orElse(""));
        }
        return paths;
    }

    private String vaultPath(LocalNode node) {
        String own =
                trees.synced()
                        .get(node.id())
                        .filter(s -> s.disk().name().equals(node.name()))
                        .flatMap(SyncedEntry::place)
                        .map(Place::name)
                        .orElse(node.name());
        LocalNode parent = local(node.parent().orElseThrow());
        return parent.parent().isEmpty() ? own : vaultPath(parent) + "/" + own;
    }

    @Override
    public String toString() {
        return name;
    }
}
