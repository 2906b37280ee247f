package tinysync.tree;

import java.time.Instant;
import java.util.Optional;

/** How one side differs from the merge base, dimension by dimension. */
record Difference(boolean place, boolean content, boolean meta) {
    /** What the vault changed since. */
    static Difference ofRemote(SyncedEntry synced, Item remote) {
        boolean place = !synced.place().equals(remote.parent().map(p -> new Place(p, remote.name())));
        boolean content = !synced.content().equals(remote.content());
        boolean meta = synced.mode() != remote.mode() || !synced.mtime().equals(remote.mtime());
        return new Difference(place, content, meta);
    }

    /** What the disk changed since. A local name is compared with the name that stood on the disk (a disguise). */
    static Difference ofLocal(SyncedEntry synced, LocalNode local) {
        boolean place =
                !synced.place().map(Place::parent).equals(local.parent())
                        || (local.parent().isPresent() && !synced.disk().name().equals(local.name()));
        boolean content = !local.kind().isFolder() && !synced.content().equals(local.content());
        return new Difference(place, content, metaDiffers(synced, local));
    }

    private static boolean metaDiffers(SyncedEntry synced, LocalNode local) {
        if (local.kind().isSymlink() || local.parent().isEmpty()) {
            return false;
        }
        boolean mode = synced.disk().mode() != local.fingerprint().mode();
        return mode || (local.kind().isFile() && !synced.disk().mtime().equals(local.fingerprint().mtime()));
    }

    /** Whether the disk already shows the vault's mode and time stamp. */
    static boolean metaShown(Item remote, LocalNode local) {
        boolean mode = remote.mode() == local.fingerprint().mode();
        Optional<Instant> mtime = remote.mtime().filter(m -> local.kind().isFile());
        return mode && mtime.map(m -> m.equals(local.fingerprint().mtime())).orElse(true);
    }
}
