package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;

import java.util.Optional;
import java.util.Set;

/** Which files stay on this disk although the vault has them no more, because a person took them out of it. */
final class KeptLocal {
    private final Books books;
    private final Set<String> paths;

    /**
     * @param paths as {@link Selection#keptLocal}
     */
    KeptLocal(Books books, Set<String> paths) {
        this.books = books;
        this.paths = paths;
    }

    /** True when the entry is at such a path. */
    boolean isAt(String path) {
        return paths.contains(path);
    }

    /** True when the node lies at or below such a path, and the vault has nothing there. */
    boolean holds(ItemId id) {
        if (paths.isEmpty() || books.local.path(id).isEmpty()) {
            return false;
        }
        String path = books.local.path(id).get();
        Optional<LocalNode> at = books.local.get(id);
        while (at.isPresent() && !path.isEmpty()) {
            if (paths.contains(path)) {
                return !isInVault(at.get());
            }
            path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
            at = at.get().parent().flatMap(books.local::get);
        }
        return false;
    }

    /** The item itself, or one that has its name and meets it. */
    private boolean isInVault(LocalNode node) {
        return books.remote.has(node.id())
                || node.parent().flatMap(folder -> books.remote.at(folder, node.name())).isPresent();
    }
}
