package tinysync.client.engine;

import tinysync.tree.ConflictNames;
import tinysync.tree.Item;
import tinysync.tree.ItemName;
import tinysync.tree.LocalNode;
import tinysync.tree.SyncedEntry;

import java.time.Instant;

/** Merge bases for what is neither simply agreed on nor new. */
final class SyncedEntries {
    private static final int TWINS_MAX = 9;

    private SyncedEntries() {}

    /**
     * After a fork: what was agreed on up to the fork point stays, and the rest goes back to the vault's state, so that
     * whatever lies on this disk differs from it and goes up. Each dimension for itself: where only a rename is lost,
     * content that had not come down yet still has to, and is no edit.
     */
    static SyncedEntry backTo(long common, SyncedEntry base, Item item) {
        SyncedEntry back = base;
        if (base.versions().place() > common) {
            back = back.withPlace(item, item.name());
        }
        if (base.versions().content() > common) {
            back = back.withContent(item);
        }
        if (base.versions().meta() > common) {
            back = back.withMeta(item, item.mode(), item.mtime().orElse(Instant.EPOCH));
        }
        return back;
    }

    /** The same agreement, standing on the disk under another name. */
    static SyncedEntry disguisedAs(SyncedEntry base, String diskName) {
        return base.withDisk(new SyncedEntry.DiskFacts(diskName, base.disk().mode(), base.disk().mtime()));
    }

    /** Agreement on content and place, but the disk's mode and time stamp: where the vault's differ, they come down. */
    static SyncedEntry agreedButForMeta(Item item, LocalNode local) {
        SyncedEntry base = SyncedEntry.of(item, local);
        return new SyncedEntry(
                base.id(),
                base.place(),
                base.kind(),
                base.content(),
                base.target(),
                local.fingerprint().mode() & Item.MODE_MASK,
                item.mtime().map(m -> local.fingerprint().mtime()),
                base.versions(),
                base.disk());
    }

    /** Whether a local name may stand for the vault's name: equal, of another normalization, or a twin. */
    static boolean isDisguise(String diskName, String vaultName) {
        String normal = ItemName.normalize(diskName);
        return diskName.equals(vaultName)
                || normal.equals(vaultName)
                || (!ConflictNames.isCopyName(vaultName) && isTwinOf(normal, vaultName));
    }

    private static boolean isTwinOf(String name, String vaultName) {
        for (int n = 1; n <= TWINS_MAX; n++) {
            if (ConflictNames.twinName(name, n).equals(vaultName)) {
                return true;
            }
        }
        return false;
    }
}
