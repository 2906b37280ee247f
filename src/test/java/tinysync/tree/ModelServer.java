package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A vault in a few maps, with the rules of a commit that matter to a planner: versions, names, cycles, living parents.
 */
final class ModelServer {
    static final ItemId ROOT = new ItemId(new UUID(0, 1));
    private static final DeviceId DEVICE = new DeviceId(new UUID(0, 2));

    /** One accepted mutation, with the views as of its seq. */
    record Event(long seq, Mutation mutation, List<Item> items) {}

    /** What came of a mutation: accepted, answered with a folder that was there, or refused. */
    sealed interface Answer {
        record Accepted() implements Answer {}

        record Adopted() implements Answer {}

        record Refused(String why) implements Answer {}
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String why) {
            super(why);
        }
    }

    private final Map<ItemId, Item> items = new LinkedHashMap<>();
    private final List<Event> log = new ArrayList<>();
    private long seq;

    ModelServer() {
        items.put(ROOT, Item.root(ROOT));
    }

    long seq() {
        return seq;
    }

    List<Event> logAfter(long after) {
        return log.subList(Math.toIntExact(after), log.size());
    }

    Collection<Item> living() {
        return items.values().stream().filter(item -> !item.deleted()).toList();
    }

    Optional<Item> at(ItemId parent, String name) {
        String key = FoldKey.of(name);
        return children(parent).stream().filter(item -> FoldKey.of(item.name()).equals(key)).findFirst();
    }

    private List<Item> children(ItemId parent) {
        return living().stream().filter(item -> item.parent().equals(Optional.of(parent))).toList();
    }

    Answer commit(Mutation mutation) {
        try {
            List<Item> changed = judge(mutation, seq + 1);
            if (changed.isEmpty()) {
                return new Answer.Adopted();
            }
            seq++;
            changed.forEach(item -> items.put(item.id(), item));
            changed.stream().filter(Item::deleted).forEach(item -> bury(item.id()));
            log.add(new Event(seq, mutation, changed));
            return new Answer.Accepted();
        } catch (Refusal refusal) {
            return new Answer.Refused(refusal.getMessage());
        }
    }

    private void bury(ItemId folder) {
        for (Item child : children(folder)) {
            items.put(child.id(), child.withDeleted(true, child.versions(), DEVICE));
            bury(child.id());
        }
    }

    private List<Item> judge(Mutation mutation, long at) {
        return switch (mutation) {
            case Mutation.CreateFolder m -> createFolder(m, at);
            case Mutation.PutFile m when m.place().isPresent() -> {
                require(!items.containsKey(m.item()), "item_exists");
                free(m.place().get(), Set.of());
                yield List.of(
                        made(m.item(), m.place().get(), Kind.FILE, Optional.of(m.content()), m.mode(), at)
                                .withContent(
                                        m.content(),
                                        Optional.empty(),
                                        m.mode().orElse(Item.DEFAULT_FILE_MODE),
                                        m.mtime(),
                                        Versions.all(at),
                                        DEVICE));
            }
            case Mutation.PutFile m -> {
                Item item = living(m.item());
                require(item.versions().content() == m.base().orElseThrow(), "version_mismatch content");
                yield List.of(
                        item.withContent(
                                m.content(),
                                item.target(),
                                m.mode().orElse(item.mode()),
                                m.mtime().or(item::mtime),
                                item.versions().withContent(at).withMeta(at),
                                DEVICE));
            }
            case Mutation.CreateSymlink m -> {
                require(!items.containsKey(m.item()), "item_exists");
                free(m.place(), Set.of());
                Optional<ContentRef> content = Optional.of(TreeText.content(m.target()));
                Item link = made(m.item(), m.place(), Kind.SYMLINK, content, Optional.of(Item.MODE_MASK), at);
                yield List.of(
                        link.withContent(
                                content.get(),
                                Optional.of(m.target()),
                                Item.MODE_MASK,
                                m.mtime(),
                                link.versions(),
                                DEVICE));
            }
            case Mutation.MoveRename m -> move(m, at);
            case Mutation.SetMetadata m -> {
                Item item = living(m.item());
                require(item.versions().meta() == m.base(), "version_mismatch meta");
                yield List.of(
                        item.withMeta(
                                m.mode().orElse(item.mode()),
                                m.mtime().or(item::mtime),
                                item.attrs(),
                                item.versions().withMeta(at),
                                DEVICE));
            }
            case Mutation.Delete m -> {
                Item item = living(m.item());
                require(item.versions().content() == m.baseContent(), "version_mismatch content");
                require(item.versions().place() == m.basePlace(), "version_mismatch place");
                require(children(m.item()).isEmpty(), "changed_below");
                yield List.of(item.withDeleted(true, item.versions().withPlace(at), DEVICE));
            }
            case Mutation.DeleteSubtree m -> {
                Item item = living(m.item());
                require(item.versions().place() == m.basePlace(), "version_mismatch place");
                require(newestBelow(m.item()) <= m.appliedSeq(), "changed_below");
                yield List.of(item.withDeleted(true, item.versions().withPlace(at), DEVICE));
            }
            case Mutation.Restore m -> restore(m, at);
        };
    }

    private List<Item> createFolder(Mutation.CreateFolder m, long at) {
        require(!items.containsKey(m.item()), "item_exists");
        Optional<Item> occupant = at(m.place().parent(), m.place().name());
        if (m.adopt() && occupant.filter(item -> item.kind().isFolder()).isPresent()) {
            return List.of();
        }
        free(m.place(), Set.of());
        return List.of(made(m.item(), m.place(), Kind.FOLDER, Optional.empty(), m.mode(), at));
    }

    private List<Item> move(Mutation.MoveRename m, long at) {
        Map<ItemId, Item> after = new LinkedHashMap<>();
        for (Mutation.MoveRename.Move move : m.moves()) {
            Item item = living(move.item());
            require(item.versions().place() == move.base(), "version_mismatch place");
            after.put(
                    item.id(),
                    item.withPlace(move.to().parent(), move.to().name(), item.versions().withPlace(at), DEVICE));
        }
        Set<Place> taken = new HashSet<>();
        for (Item item : after.values()) {
            Place place = new Place(item.parent().orElseThrow(), item.name());
            require(taken.add(new Place(place.parent(), FoldKey.of(place.name()))), "name_taken in one mutation");
            free(place, after.keySet());
        }
        for (Item item : after.values()) {
            Set<ItemId> path = new HashSet<>(Set.of(item.id()));
            for (Optional<ItemId> up = item.parent(); up.isPresent(); ) {
                require(path.add(up.get()), "cycle");
                up = after.getOrDefault(up.get(), items.get(up.get())).parent();
            }
        }
        return List.copyOf(after.values());
    }

    private List<Item> restore(Mutation.Restore m, long at) {
        Item item = items.get(m.item());
        require(item != null && item.deleted(), "version_mismatch place: not deleted");
        Place place = new Place(m.parent().or(item::parent).orElseThrow(), m.name().orElse(item.name()));
        free(place, Set.of());
        Item alive =
                item.withPlace(place.parent(), place.name(), item.versions().withPlace(at), DEVICE)
                        .withDeleted(false, item.versions().withPlace(at), DEVICE);
        boolean meta = m.mode().isPresent() || m.mtime().isPresent();
        Versions versions = meta ? alive.versions().withMeta(at) : alive.versions();
        if (m.content().isEmpty()) {
            return List.of(
                    alive.withMeta(
                            m.mode().orElse(item.mode()), m.mtime().or(item::mtime), item.attrs(), versions, DEVICE));
        }
        return List.of(
                alive.withContent(
                        m.content().get(),
                        item.target(),
                        m.mode().orElse(item.mode()),
                        m.mtime().or(item::mtime),
                        versions.withContent(at),
                        DEVICE));
    }

    private static Item made(
            ItemId id, Place place, Kind kind, Optional<ContentRef> content, Optional<Integer> mode, long at) {
        return new Item(
                id,
                Optional.of(place.parent()),
                place.name(),
                kind,
                content,
                Optional.empty(),
                mode.orElse(Item.DEFAULT_FOLDER_MODE),
                Optional.empty(),
                Versions.all(at),
                false,
                Optional.of(DEVICE),
                Item.NO_ATTRS);
    }

    private Item living(ItemId id) {
        Item item = items.get(id);
        require(item != null && !item.deleted(), "the item is deleted");
        return item;
    }

    private void free(Place place, Set<ItemId> leaving) {
        require(ItemName.problem(place.name()).isEmpty(), "bad_name");
        Item parent = items.get(place.parent());
        require(parent != null && !parent.deleted(), "parent_missing");
        require(parent.kind().isFolder(), "kind_mismatch");
        String key = FoldKey.of(place.name());
        boolean taken =
                children(place.parent()).stream()
                        .anyMatch(item -> !leaving.contains(item.id()) && FoldKey.of(item.name()).equals(key));
        require(!taken, "name_taken " + place.name());
    }

    private long newestBelow(ItemId folder) {
        long newest = items.get(folder).versions().content();
        for (Item child : children(folder)) {
            newest = Math.max(newest, Math.max(child.versions().max(), newestBelow(child.id())));
        }
        return newest;
    }

    private static void require(boolean good, String why) {
        if (!good) {
            throw new Refusal(why);
        }
    }

    /** Paths to contents of all that lives, {@code ""} for folders. */
    Map<String, String> paths() {
        Map<String, String> paths = new HashMap<>();
        for (Item item : living()) {
            if (!item.isRoot()) {
                paths.put(path(item), item.content().map(TreeText::label).orElse(""));
            }
        }
        return paths;
    }

    private String path(Item item) {
        Item parent = items.get(item.parent().orElseThrow());
        return parent.isRoot() ? item.name() : path(parent) + "/" + item.name();
    }
}
