package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which items of the vault a person does not want on this disk: those named, and all below them wherever they are. */
final class HiddenSet {
    static final String NOTE = "hidden";

    private final Books books;
    private final Set<ItemId> roots;

    /**
     * @param roots as {@link Selection#hidden}
     */
    HiddenSet(Books books, Set<ItemId> roots) {
        this.books = books;
        this.roots = roots;
    }

    boolean holds(ItemId id) {
        if (roots.isEmpty()) {
            return false;
        }
        Set<ItemId> seen = new HashSet<>();
        Optional<ItemId> at = Optional.of(id);
        // While a snapshot is read in pages, folders may lie in a ring.
        while (at.isPresent() && !roots.contains(at.get()) && seen.add(at.get())) {
            at = books.remote.get(at.get()).flatMap(Item::parent);
        }
        return at.filter(roots::contains).isPresent();
    }

    /**
     * Follows on from an earlier life that hid others: of what is shown again it cannot be said whether its files were
     * taken away by us or by a person, so that nothing is agreed on about it. That may cost a copy, and deletes
     * nothing.
     *
     * @param note as the earlier life left it
     */
    void follow(Optional<String> note) {
        HiddenSet before = new HiddenSet(books, note.map(HiddenSet::read).orElse(Set.of()));
        if (!before.roots.equals(roots)) {
            books.synced.all().stream()
                    .map(entry -> entry.id())
                    .filter(id -> before.holds(id) && !holds(id))
                    .toList()
                    .forEach(books::dropSynced);
            books.record(new StateChange.PutNote(NOTE, roots.isEmpty() ? Optional.empty() : Optional.of(write())));
        }
    }

    private static Set<ItemId> read(String note) {
        return Arrays.stream(note.split(" ")).flatMap(id -> ItemId.tryParse(id).stream()).collect(Collectors.toSet());
    }

    private String write() {
        return roots.stream().sorted().map(ItemId::toString).collect(Collectors.joining(" "));
    }
}
