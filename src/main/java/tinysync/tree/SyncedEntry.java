package tinysync.tree;

import tinysync.content.ContentRef;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where vault and disk last agreed on one item: the merge base.
 *
 * @param place its place in the vault; empty only for the root
 * @param content empty for folders
 * @param versions the server's versions that were agreed on
 * @param disk how the agreed state looked on this disk, where it may differ (a disguised name, a mode the umask cut, a
 *     coarser time stamp): a local change is a difference to this, not to the vault
 */
public record SyncedEntry(
        ItemId id,
        Optional<Place> place,
        Kind kind,
        Optional<ContentRef> content,
        Optional<String> target,
        int mode,
        Optional<Instant> mtime,
        Versions versions,
        DiskFacts disk) {
    public SyncedEntry {
        Objects.requireNonNull(id);
        Objects.requireNonNull(place);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(content);
        Objects.requireNonNull(target);
        Objects.requireNonNull(mtime);
        Objects.requireNonNull(versions);
        Objects.requireNonNull(disk);
    }

    /** The name, mode and time stamp under which the agreed state lay on the disk. */
    public record DiskFacts(String name, int mode, Instant mtime) {
        public DiskFacts {
            Objects.requireNonNull(name);
            Objects.requireNonNull(mtime);
        }
    }

    /** Agreement on the server's view as it lies on the disk. */
    public static SyncedEntry of(Item item, LocalNode local) {
        return of(item, new DiskFacts(local.name(), local.fingerprint().mode(), local.fingerprint().mtime()));
    }

    /** Agreement on the server's view, of which this lies on the disk. */
    public static SyncedEntry of(Item item, DiskFacts disk) {
        return new SyncedEntry(
                item.id(),
                place(item),
                item.kind(),
                item.content(),
                item.target(),
                item.mode(),
                item.mtime(),
                item.versions(),
                disk);
    }

    private static Optional<Place> place(Item item) {
        return item.parent().map(parent -> new Place(parent, item.name()));
    }

    /** Agreed with the server's view on the place as well, where it has this name on the disk. */
    public SyncedEntry withPlace(Item item, String diskName) {
        return new SyncedEntry(
                id,
                place(item),
                kind,
                content,
                target,
                mode,
                mtime,
                versions.withPlace(item.versions().place()),
                new DiskFacts(diskName, disk.mode(), disk.mtime()));
    }

    /** Agreed with the server's view on the content as well. */
    public SyncedEntry withContent(Item item) {
        return new SyncedEntry(
                id,
                place,
                kind,
                item.content(),
                item.target(),
                mode,
                mtime,
                versions.withContent(item.versions().content()),
                disk);
    }

    /** Agreed with the server's view on mode and time stamp as well, which look like this on the disk. */
    public SyncedEntry withMeta(Item item, int diskMode, Instant diskMtime) {
        return new SyncedEntry(
                id,
                place,
                kind,
                content,
                target,
                item.mode(),
                item.mtime(),
                versions.withMeta(item.versions().meta()),
                new DiskFacts(disk.name(), diskMode, diskMtime));
    }

    /** The same agreement, but this is how it lies on the disk. */
    public SyncedEntry withDisk(DiskFacts now) {
        return new SyncedEntry(id, place, kind, content, target, mode, mtime, versions, now);
    }
}
