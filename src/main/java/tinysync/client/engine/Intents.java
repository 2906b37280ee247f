package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is being put on the disk right now. If the process dies before the outcome is known, the bytes that lie there
 * afterwards are the vault's and not a person's, and with this they can be told apart.
 */
final class Intents {
    static final String NOTE = "placing";

    private final Books books;
    private final Hashing hashing;
    private final Map<ItemId, Item> unresolved = new HashMap<>();

    /**
     * @param note as an earlier life left it
     */
    Intents(Books books, Hashing hashing, Optional<String> note) {
        this.books = books;
        this.hashing = hashing;
        note.ifPresent(text -> Arrays.stream(text.split(" ")).forEach(this::read));
    }

    /** An intent is of use only as long as Remote still shows what was to be placed. */
    private void read(String text) {
        int at = text.indexOf('@');
        ItemId.tryParse(text.substring(0, Math.max(at, 0)))
                .flatMap(books.remote::get)
                .filter(view -> text.substring(at + 1).equals(Long.toString(view.versions().content())))
                .ifPresent(view -> unresolved.put(view.id(), view));
    }

    /** Remembers what a batch is about to place. */
    void begin(List<DiskOp> batch) {
        String note =
                batch.stream()
                        .filter(op -> op instanceof DiskOp.PlaceFile || op instanceof DiskOp.PlaceSymlink)
                        .flatMap(op -> books.remote.get(op.item()).stream())
                        .map(view -> view.id() + "@" + view.versions().content())
                        .collect(Collectors.joining(" "));
        if (!note.isEmpty()) {
            books.record(new StateChange.PutNote(NOTE, Optional.of(note)));
        }
    }

    /** The outcome is known. */
    void end() {
        books.record(new StateChange.PutNote(NOTE, Optional.empty()));
    }

    /** Before an item is planned: had an earlier life put it where it is? */
    void resolve(ItemId id) {
        Item view = unresolved.get(id);
        if (view == null) {
            return;
        }
        Optional<LocalNode> there =
                books.local
                        .get(id)
                        .or(() -> books.local.at(view.parent().orElseThrow(), view.name()).filter(this::isNew));
        if (there.filter(node -> node.isPresent() && !node.isSettled()).isPresent()) {
            return;
        }
        unresolved.remove(id);
        there.filter(node -> node.isPresent() && node.kind().equals(view.kind()))
                .filter(node -> node.content().equals(view.content()))
                .ifPresent(node -> placed(view, node));
    }

    private boolean isNew(LocalNode node) {
        return !books.synced.has(node.id()) && !books.remote.has(node.id());
    }

    private void placed(Item view, LocalNode node) {
        if (!node.id().equals(view.id())) {
            LocalNode own = Renewal.renew(books, hashing, node.id(), view.id());
            books.putSynced(SyncedEntries.agreedButForMeta(view, own));
            return;
        }
        books.synced.get(view.id()).map(base -> base.withContent(view)).ifPresent(books::putSynced);
    }
}
