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
        return new SyncedEntry(
                item.id(),
                item.parent().map(parent -> new Place(parent, item.name())),
                item.kind(),
                item.content(),
                item.target(),
                item.mode(),
                item.mtime(),
                item.versions(),
                new DiskFacts(local.name(), local.fingerprint().mode(), local.fingerprint().mtime()));
    }
}
