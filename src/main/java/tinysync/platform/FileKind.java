package tinysync.platform;

/** What an entry of a directory is. */
public enum FileKind {
    FILE,
    FOLDER,
    SYMLINK,
    /** A socket, pipe or device: never opened, never read. */
    SPECIAL
}
