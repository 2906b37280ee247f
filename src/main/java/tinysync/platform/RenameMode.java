package tinysync.platform;

/** What a rename does when the new name is taken. */
public enum RenameMode {
    /** The old owner of the name is gone, in one step. */
    REPLACE,
    /** Refused with {@link Errno#EEXIST}. */
    NO_REPLACE,
    /** Both change places in one step; refused with {@link Errno#ENOENT} unless both exist. */
    EXCHANGE
}
