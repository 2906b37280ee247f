package tinysync.client.folder;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.Listing;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
import tinysync.platform.FileIdentity;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.tree.Fingerprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Lists folders below a root, one at a time. Thread-safe. */
public final class FolderLister {
    private static final int IGNORE_BYTES_MAX = 64 * 1024;

    private final Root root;

    public FolderLister(Root root) {
        this.root = Objects.requireNonNull(root);
    }

    /**
     * Lists the folder at a path below the root ({@code ""} for the root itself). Never fails: what went wrong is in
     * the answer.
     */
    public Listing list(String path) {
        try (Dir folder = root.folder().resolve(path)) {
            Fingerprint before = Images.of(folder);
            List<DiskEntry> entries = new ArrayList<>();
            Optional<String> rules = Optional.empty();
            for (DirEntry entry : folder.list()) {
                switch (entry) {
                    case DirEntry.Problem(String shown, String reason) ->
                            entries.add(new DiskEntry.Problem(shown, reason));
                    case DirEntry.Seen seen when path.isEmpty() && seen.name().equals(Root.OWN_FOLDER) -> {}
                    case DirEntry.Seen seen -> Images.entry(folder, seen).ifPresent(entries::add);
                }
                if (isIgnoreFile(entry)) {
                    rules = ignoreRules(folder);
                }
            }
            return leadsTo(path, folder.identity())
                    ? new Listing.Whole(before, entries, rules)
                    : new Listing.Unreadable("moved_meanwhile");
        } catch (FsException failed) {
            return Reasons.isGone(failed) ? new Listing.Missing() : new Listing.Unreadable(Reasons.of(failed));
        }
    }

    /** A folder that was moved away while it was read was read whole, but not at this path. */
    private boolean leadsTo(String path, FileIdentity listed) throws FsException {
        try (Dir now = root.folder().resolve(path)) {
            return now.identity().equals(listed);
        }
    }

    private static boolean isIgnoreFile(DirEntry entry) {
        return entry instanceof DirEntry.Seen seen
                && seen.name().equals(Root.IGNORE_FILE)
                && seen.stat().kind() == FileKind.FILE;
    }

    /**
     * What is no text, or too long for rules, has none. But rules that cannot be read now are not rules that are gone:
     * what they keep out would go up, and stay. Then the listing fails, and is tried again.
     */
    private static Optional<String> ignoreRules(Dir folder) throws FsException {
        return switch (new SmallFile(folder, Root.IGNORE_FILE).read(IGNORE_BYTES_MAX)) {
            case SmallFile.Content.Text(String text) -> Optional.of(text);
            case SmallFile.Content.TooLong() -> Optional.empty();
            case SmallFile.Content.Absent() -> throw new FsException(Errno.EAGAIN, "read " + Root.IGNORE_FILE);
        };
    }
}
