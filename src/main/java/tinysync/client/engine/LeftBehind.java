package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;

import java.util.Optional;

/**
 * Folders that were deleted elsewhere, or are not wanted here any more, and stay here because ignored files lie in
 * them. They are no part of the vault any more, until something that is not ignored appears in them, or the vault gets
 * a folder of that name.
 */
final class LeftBehind {
    private static final Presence LEFT = new Presence.Excluded("left behind with ignored files");

    private final Books books;
    private final Hashing hashing;
    private final HiddenSet hidden;
    private final Ids ids;

    LeftBehind(Books books, Hashing hashing, HiddenSet hidden, Ids ids) {
        this.books = books;
        this.hashing = hashing;
        this.hidden = hidden;
        this.ids = ids;
    }

    /** The folder stays; should it ever go up again, it is a new one, for its item is dead. */
    void leave(ItemId folder) {
        LocalNode left = Renewal.renew(books, hashing, folder, new ItemId(ids.next()));
        books.putLocal(left.withPresence(LEFT));
    }

    /**
     * A folder that was deleted elsewhere waits for one that was left behind in it: when it holds nothing else, it
     * stays as well. True when it does.
     */
    boolean leaveAround(ItemId folder, ItemId left) {
        boolean stays =
                isLeft(left)
                        && (!books.remote.has(folder) || hidden.holds(folder))
                        && books.synced.has(folder)
                        && books.local.children(folder).containsValue(left)
                        && books.local.children(folder).values().stream().allMatch(this::isLeft);
        if (stays) {
            leave(folder);
        }
        return stays;
    }

    private boolean isLeft(ItemId id) {
        return books.local.get(id).filter(node -> node.presence() instanceof Presence.Excluded).isPresent();
    }

    /** Something that is to be synced lies in the folder: it is one like others again, and so are those above it. */
    void returns(ItemId folder) {
        Optional<LocalNode> at = books.local.get(folder);
        while (at.isPresent() && isLeft(at.get().id())) {
            books.putLocal(at.get().withPresence(Presence.PRESENT));
            at = at.get().parent().flatMap(books.local::get);
        }
    }

    /** The vault has something of a left folder's name: the two meet as others do. */
    void meet(ItemId id) {
        Optional<Item> remote = books.remote.get(id).filter(item -> !item.isRoot() && !hidden.holds(id));
        if (remote.isPresent() && books.local.get(id).isEmpty()) {
            books.local
                    .at(remote.get().parent().orElseThrow(), remote.get().name())
                    .map(LocalNode::id)
                    .filter(this::isLeft)
                    .ifPresent(this::returns);
        }
    }
}
