package tinysync.client.engine;

import tinysync.tree.ConflictNames;
import tinysync.tree.Item;
import tinysync.tree.ItemName;
import tinysync.tree.LocalNode;
import tinysync.tree.Place;
import tinysync.tree.SyncedEntry;
import tinysync.tree.SyncedEntry.DiskFacts;
import tinysync.tree.Versions;

import java.time.Instant;
import java.util.Optional;

/** Merge bases moved on by one dimension. */
final class SyncedEntries {
    private SyncedEntries() {}

    /**
     * After a fork: what was agreed on up to the fork point stays, and the rest goes back to the vault's state, so that
     * whatever lies on this disk differs from it and goes up. Each dimension for itself: where only a rename is lost,
     * content that had not come down yet still has to, and is no edit.
     */
    static SyncedEntry backTo(long common, SyncedEntry base, Item item) {
        SyncedEntry back = base;
        if (base.versions().place() > common) {
            back = withPlace(back, item, item.name());
        }
        if (base.versions().content() > common) {
            back = withContent(back, item);
        }
        if (base.versions().meta() > common) {
            back = withMeta(back, item, item.mode(), item.mtime().orElse(Instant.EPOCH));
        }
        return back;
    }

    static SyncedEntry withPlace(SyncedEntry base, Item item, String diskName) {
        Versions versions = base.versions().withPlace(item.versions().place());
        DiskFacts disk = new DiskFacts(diskName, base.disk().mode(), base.disk().mtime());
        return new SyncedEntry(
                base.id(),
                place(item),
                base.kind(),
                base.content(),
                base.target(),
                base.mode(),
                base.mtime(),
                versions,
                disk);
    }

    /** The same agreement, standing on the disk under another name. */
    static SyncedEntry disguisedAs(SyncedEntry base, String diskName) {
        return new SyncedEntry(
                base.id(),
                base.place(),
                base.kind(),
                base.content(),
                base.target(),
                base.mode(),
                base.mtime(),
                base.versions(),
                new DiskFacts(diskName, base.disk().mode(), base.disk().mtime()));
    }

    static SyncedEntry withContent(SyncedEntry base, Item item) {
        return new SyncedEntry(
                base.id(),
                base.place(),
                base.kind(),
                item.content(),
                item.target(),
                base.mode(),
                base.mtime(),
                base.versions().withContent(item.versions().content()),
                base.disk());
    }

    /** Mode and time stamp of the vault, as they look on the disk. */
    static SyncedEntry withMeta(SyncedEntry base, Item item, int diskMode, Instant diskMtime) {
        return new SyncedEntry(
                base.id(),
                base.place(),
                base.kind(),
                base.content(),
                base.target(),
                item.mode(),
                item.mtime(),
                base.versions().withMeta(item.versions().meta()),
                new DiskFacts(base.disk().name(), diskMode, diskMtime));
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
        for (int n = 1; n <= 9; n++) {
            if (ConflictNames.twinName(name, n).equals(vaultName)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Place> place(Item item) {
        return item.parent().map(parent -> new Place(parent, item.name()));
    }
}
