package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;

import java.util.HashMap;
import java.util.Map;

/** Gives what lies on the disk another id, because its own is used up or belongs to something else. */
final class Renewal {
    private Renewal() {}

    /** The node lives on under a fresh id, as something new; what lies in it keeps its ids. */
    static LocalNode renew(Books books, Hashing hashing, ItemId old, ItemId fresh) {
        LocalNode before = books.local.get(old).orElseThrow();
        Map<String, ItemId> inside = new HashMap<>(books.local.children(old));
        hashing.forget(old);
        books.dropSynced(old);
        books.dropLocal(old);
        LocalNode after = before.withId(fresh);
        books.putLocal(after);
        inside.forEach(
                (name, child) -> books.local.get(child).ifPresent(node -> books.putLocal(node.withPlace(fresh, name))));
        return after;
    }
}
