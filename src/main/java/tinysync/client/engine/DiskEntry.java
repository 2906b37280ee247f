package tinysync.client.engine;

import tinysync.tree.Fingerprint;
import tinysync.tree.Kind;

import java.util.Objects;
import java.util.Optional;

/** One entry of a listed folder. */
public sealed interface DiskEntry {
    String name();

    /**
     * A file, folder or symlink.
     *
     * @param target what a symlink points to; never followed
     */
    record Seen(String name, Kind kind, Fingerprint fingerprint, Optional<String> target) implements DiskEntry {
        public Seen {
            Objects.requireNonNull(name);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(fingerprint);
            Objects.requireNonNull(target);
        }
    }

    /**
     * Something that is there but cannot be synced: a socket, a mount point, an unreadable entry, a name that is not
     * UTF-8.
     *
     * @param name as far as it can be shown
     * @param reason a short word: {@code special_file}, {@code mount_point}, {@code name_not_utf8}, {@code
     *     permission_denied}, {@code io_error}
     */
    record Problem(String name, String reason) implements DiskEntry {}
}
