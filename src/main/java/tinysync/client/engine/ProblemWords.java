package tinysync.client.engine;

/** Tells a person why an entry of a folder is not synced, and what to do. */
final class ProblemWords {
    private ProblemWords() {}

    /**
     * A sentence.
     *
     * @param reason as in {@link DiskEntry.Problem}
     */
    static String of(String reason) {
        return switch (reason) {
            case "special_file" ->
                    "sockets, pipes and devices are not synced, all else is: move it out of the folder to be rid of"
                            + " this line";
            case "mount_point" ->
                    "another file system is mounted here and is not synced: unmount it, or attach it on its own";
            case "name_not_utf8" -> "its name is not UTF-8 and cannot be synced: give it another name";
            case "target_not_utf8" -> "it points to a name that is not UTF-8 and cannot be synced: make the link anew";
            case "permission_denied" -> "you may not read it, so it is not synced: give yourself the right to";
            case "io_error" -> "the disk could not read it, so it is not synced: check the disk";
            case "changing" -> "it changed while it was looked at: it is looked at again";
            default -> "it cannot be synced (" + reason.replace('_', ' ') + "): it is tried again at the next rescan";
        };
    }
}
