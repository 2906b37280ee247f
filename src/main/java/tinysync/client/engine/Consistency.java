package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.ItemName;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.SyncedEntry;
import tinysync.tree.Versions;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a sound server never says. A vault that contradicts itself (a damaged server, or a hostile one) is not acted on:
 * what it says is refused as a whole, and reported, before it can delete or replace anything here.
 *
 * <p>Two kinds of rules. What one event or snapshot says of an item is judged at once. How items lie in each other is
 * judged only when the log is replayed to its head, since on the way there a snapshot that was read in pages may show
 * rings, orphans and twins that later events resolve.
 */
final class Consistency {
    /** As deep as a vault may be (the protocol's limit). */
    private static final int DEPTH_MAX = 4_096;

    private final Books books;
    private final ItemId root;
    private final Set<ItemId> unchecked = new LinkedHashSet<>();
    private boolean allUnchecked = true;

    /**
     * @param root the item id of the vault's top folder, as the device learned it when it joined
     */
    Consistency(Books books, ItemId root) {
        this.books = books;
        this.root = root;
    }

    /** What is wrong with events that follow each other in the log, before any of them is replayed. */
    Optional<String> faultOf(List<LogEvent> events) {
        Map<ItemId, Kind> kinds = new HashMap<>();
        for (LogEvent event : events) {
            for (Item item : event.items()) {
                Optional<String> fault =
                        faultOf(item)
                                .or(() -> flipped(item, Optional.ofNullable(kinds.put(item.id(), item.kind()))))
                                .or(() -> outOfTime(item, event.seq()));
                if (fault.isPresent()) {
                    return fault;
                }
            }
        }
        return Optional.empty();
    }

    /** What is wrong with the items of a whole snapshot. */
    Optional<String> faultOf(Collection<Item> snapshot) {
        Set<ItemId> seen = new HashSet<>();
        for (Item item : snapshot) {
            Optional<String> fault = faultOf(item).or(() -> flipped(item, Optional.empty()));
            if (fault.isPresent()) {
                return fault;
            }
            if (!seen.add(item.id())) {
                return Optional.of("its tree names item " + item.id() + " twice");
            }
        }
        return seen.contains(root) ? Optional.empty() : Optional.of("its tree has no root");
    }

    private Optional<String> faultOf(Item item) {
        if (item.id().equals(root) != item.isRoot()) {
            return Optional.of(item.isRoot() ? "it names a second root" : "it moves the root of the vault");
        }
        if (item.isRoot() && (item.deleted() || !item.kind().isFolder())) {
            return Optional.of("it deletes the root of the vault");
        }
        boolean reserved = item.parent().equals(Optional.of(root)) && ItemName.reservedAtRoot(item.name());
        return reserved && !item.deleted()
                ? Optional.of("it names an item in the root '" + item.name() + "', which is reserved")
                : Optional.empty();
    }

    /** An item is of one kind for ever. */
    private Optional<String> flipped(Item item, Optional<Kind> before) {
        Optional<Kind> known =
                before.or(() -> books.remote.get(item.id()).map(Item::kind))
                        .or(() -> books.synced.get(item.id()).map(SyncedEntry::kind));
        return known.filter(kind -> !kind.equals(item.kind())).isPresent()
                ? Optional.of("it makes a " + item.kind() + " of " + item.id() + ", which was a " + known.get())
                : Optional.empty();
    }

    /** Versions come from the log: none is newer than its event, and none goes back. */
    private Optional<String> outOfTime(Item item, long seq) {
        if (item.versions().max() > seq) {
            return Optional.of("it shows item " + item.id() + " at " + seq + " with a version of later");
        }
        Optional<Versions> known = books.remote.get(item.id()).map(Item::versions).filter(v -> v.max() <= seq);
        return known.filter(before -> isOlder(item.versions(), before)).isPresent()
                ? Optional.of("it shows item " + item.id() + " at " + seq + " with a version of earlier")
                : Optional.empty();
    }

    private static boolean isOlder(Versions now, Versions before) {
        return now.content() < before.content() || now.place() < before.place() || now.meta() < before.meta();
    }

    /** Something was said of these items: how they lie is to be looked at. */
    void changed(Collection<Item> items) {
        items.forEach(item -> unchecked.add(item.id()));
    }

    /** Everything may have changed. */
    void allChanged() {
        allUnchecked = true;
    }

    /** What is wrong with how items lie in each other, of those that changed since the tree was last found sound. */
    Optional<String> faultOfTree() {
        if (books.remote.contested().isPresent()) {
            return Optional.of("its tree has two items named '" + books.remote.contested().get() + "' in one folder");
        }
        Collection<ItemId> due = allUnchecked ? books.remote.all().stream().map(Item::id).toList() : unchecked;
        Set<ItemId> sound = new HashSet<>(Set.of(root));
        for (ItemId id : due) {
            Optional<String> fault = books.remote.has(id) ? faultAbove(id, sound) : Optional.empty();
            if (fault.isPresent()) {
                return fault;
            }
        }
        unchecked.clear();
        allUnchecked = false;
        return Optional.empty();
    }

    /** Walks up to the root, or to a folder from which that was done before. */
    private Optional<String> faultAbove(ItemId id, Set<ItemId> sound) {
        Set<ItemId> way = new LinkedHashSet<>();
        for (ItemId at = id; !sound.contains(at); at = books.remote.get(at).flatMap(Item::parent).orElseThrow()) {
            if (!way.add(at) || way.size() > DEPTH_MAX) {
                return Optional.of("its tree has a ring, or is too deep, at item " + id);
            }
            Optional<Item> parent = books.remote.get(at).flatMap(Item::parent).flatMap(books.remote::get);
            if (parent.isEmpty()) {
                return Optional.of("its tree has item " + at + " in a folder that is not there");
            }
            // What a newer kind may hold is for newer programs to know.
            if (parent.get().kind().isKnown() && !parent.get().kind().isFolder()) {
                return Optional.of("its tree has item " + at + " inside a " + parent.get().kind());
            }
        }
        sound.addAll(way);
        return Optional.empty();
    }
}
