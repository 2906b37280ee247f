package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.LocalNode;
import tinysync.tree.Operation;
import tinysync.tree.SyncedEntry;

import java.util.Optional;

/** Moves the merge base where vault and disk already show the same. */
final class Agreements {
    private Agreements() {}

    static void agree(Books books, Operation.Agree agree) {
        Item item = books.remote.get(agree.item()).orElseThrow();
        LocalNode local = books.local.get(agree.item()).orElseThrow();
        Optional<SyncedEntry> base = books.synced.get(agree.item());
        if (base.isEmpty()) {
            books.putSynced(SyncedEntries.agreedButForMeta(item, local));
            return;
        }
        SyncedEntry moved = base.get();
        if (agree.place() && item.parent().isPresent()) {
            moved = moved.withPlace(item, local.name());
        }
        if (agree.content()) {
            moved = moved.withContent(item);
        }
        if (agree.meta()) {
            moved = moved.withMeta(item, local.fingerprint().mode(), local.fingerprint().mtime());
        }
        books.putSynced(moved);
    }

    /**
     * The local node becomes the vault's item, with all that lies in it; its mode and time stamp come from the vault.
     */
    static void adopt(Books books, Operation.Adopt adopt, Hashing hashing) {
        Item item = books.remote.get(adopt.item()).orElseThrow();
        item.content().ifPresent(hashing::forgetManifest);
        LocalNode adopted = Renewal.renew(books, hashing, adopt.local(), item.id());
        books.putSynced(SyncedEntries.agreedButForMeta(item, adopted));
    }
}
