package tinysync.tree;

import java.util.Objects;

/** The three trees of one attachment: what the log says, what the disk says, where both last agreed. */
public record Trees(RemoteTree remote, LocalTree local, SyncedTree synced) {
    public Trees {
        Objects.requireNonNull(remote);
        Objects.requireNonNull(local);
        Objects.requireNonNull(synced);
    }
}
