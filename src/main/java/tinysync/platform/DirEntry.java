package tinysync.platform;

import java.util.Objects;

/** One line of a listing: either a file that was seen whole, or a name about which nothing may be concluded. */
public sealed interface DirEntry {
    /**
     * An entry that could be looked at.
     *
     * @param name one path component, exactly as on disk
     * @param stat of the entry itself, never of what a symbolic link points to
     * @param identity taken right after {@code stat}; a replacement between the two mixes old and new, which a later
     *     look corrects
     */
    record Seen(String name, FileStat stat, FileIdentity identity) implements DirEntry {
        public Seen {
            Objects.requireNonNull(name);
            Objects.requireNonNull(stat);
            Objects.requireNonNull(identity);
        }
    }

    /**
     * An entry that is there, but whose content is unknown: never to be taken as absent.
     *
     * @param shownName for people; bytes that are not UTF-8 are shown as {@code \xHH}, so it may differ from the name
     * @param reason one of the words below, or an errno in lower case
     */
    record Problem(String shownName, String reason) implements DirEntry {
        public static final String NAME_NOT_UTF8 = "name_not_utf8";
        public static final String PERMISSION_DENIED = "permission_denied";
        public static final String IO_ERROR = "io_error";
        public static final String MOUNT_POINT = "mount_point";

        public Problem {
            Objects.requireNonNull(shownName);
            Objects.requireNonNull(reason);
        }
    }
}
