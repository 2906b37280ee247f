package tinysync.tree;

import java.util.Optional;

/**
 * Names that are never brought into a vault: what systems and programs leave beside people's files, without meaning on
 * another device, or harmful there. Each has its reason in the text. A name that a person might well choose is not
 * here, nor what can hold a person's bytes.
 */
public final class BuiltInIgnores {
    private static final IgnoreRules RULES =
            IgnoreRules.parse(
                    """
                    # Ours.
                    /.tinysync
                    # How a folder looks on one Mac; written anew by every look at it.
                    .DS_Store
                    # Previews that Windows makes by itself.
                    [Tt]humbs.db
                    ehthumbs.db
                    # How a folder looks on one Windows machine, with paths of that machine.
                    [Dd]esktop.ini
                    # "I have this document open" of LibreOffice; on another device it would lock the document there.
                    .~lock.*#
                    # The same of Microsoft Office, for documents with the usual extensions.
                    ~$*.???
                    ~$*.????
                    # The same of Emacs, a symbolic link to nowhere; and its autosave, which ends with the next save.
                    .#*
                    \\#*#
                    # Half a save of macOS (safe save) and of Microsoft Office; the rename at its end is what counts.
                    *.sb-????????-??????
                    [0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F].tmp
                    # Removed files that some program still has open, on FUSE and NFS.
                    .fuse_hidden[0-9a-f]*
                    .nfs[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*
                    # Waste bins and indexes that systems keep at the top of a disk.
                    .Trash-[0-9]*/
                    /.Trashes/
                    /.Spotlight-V100/
                    /.fseventsd/
                    /$RECYCLE.BIN/
                    /System Volume Information/
                    /lost+found/
                    """);

    private BuiltInIgnores() {}

    /**
     * The rule that keeps a name out, or empty.
     *
     * @param path below the root
     * @param folder whether it is a folder
     */
    public static Optional<String> match(String path, boolean folder) {
        return switch (RULES.match(path, folder)) {
            case IgnoreRules.Verdict.Ignored(String rule) -> Optional.of(rule);
            case IgnoreRules.Verdict.None(), IgnoreRules.Verdict.Kept(_) -> Optional.empty();
        };
    }
}
