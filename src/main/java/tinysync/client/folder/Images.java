package tinysync.client.folder;

import tinysync.client.engine.DiskEntry;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
import tinysync.platform.FileIdentity;
import tinysync.platform.FileKind;
import tinysync.platform.FileStat;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.tree.Fingerprint;
import tinysync.tree.Kind;

import java.util.Optional;

/** The platform's stats in the words of the trees. */
final class Images {
    private static final int PERMISSIONS = 0777;

    private Images() {}

    static Fingerprint of(FileStat stat, FileIdentity identity) {
        long size = stat.kind() == FileKind.FOLDER ? 0 : stat.size();
        return new Fingerprint(identity.value(), size, stat.mtime(), stat.ctime(), stat.mode() & PERMISSIONS);
    }

    static Fingerprint of(DirEntry.Seen seen) {
        return of(seen.stat(), seen.identity());
    }

    static Fingerprint of(OpenFile file) throws FsException {
        return of(file.stat(), file.identity());
    }

    static Fingerprint of(Dir folder) throws FsException {
        return of(folder.stat(), folder.identity());
    }

    static boolean isSame(FileIdentity identity, Fingerprint expected) {
        return identity.value().equals(expected.identity());
    }

    /** Whether that very file or folder has this name now, whatever it holds. */
    static boolean isAt(Dir folder, String name, Fingerprint expected) throws FsException {
        return folder.find(name).filter(seen -> isSame(seen.identity(), expected)).isPresent();
    }

    /** What a listing shows of an entry; empty when it vanished meanwhile. */
    static Optional<DiskEntry> entry(Dir folder, DirEntry.Seen seen) throws FsException {
        Fingerprint fingerprint = of(seen);
        return switch (seen.stat().kind()) {
            case FILE -> Optional.of(new DiskEntry.Seen(seen.name(), Kind.FILE, fingerprint, Optional.empty()));
            case FOLDER -> Optional.of(new DiskEntry.Seen(seen.name(), Kind.FOLDER, fingerprint, Optional.empty()));
            case SPECIAL -> Optional.of(new DiskEntry.Problem(seen.name(), "special_file"));
            case SYMLINK -> symlink(folder, seen.name(), fingerprint);
        };
    }

    private static Optional<DiskEntry> symlink(Dir folder, String name, Fingerprint fingerprint) throws FsException {
        try {
            Optional<String> target = Optional.of(folder.readlink(name));
            return Optional.of(new DiskEntry.Seen(name, Kind.SYMLINK, fingerprint, target));
        } catch (FsException failed) {
            return switch (failed.errno()) {
                case ENOENT -> Optional.empty();
                case EILSEQ -> Optional.of(new DiskEntry.Problem(name, "target_not_utf8"));
                // It was a symbolic link a moment ago: the next look tells what it is.
                case EINVAL -> Optional.of(new DiskEntry.Problem(name, "changing"));
                default -> Optional.of(new DiskEntry.Problem(name, Reasons.of(failed)));
            };
        }
    }

    /** What is at that name now, as far as it can be synced. */
    static Optional<DiskEntry.Seen> look(Dir folder, String name) throws FsException {
        Optional<DirEntry.Seen> seen = folder.find(name);
        Optional<DiskEntry> entry = seen.isPresent() ? entry(folder, seen.get()) : Optional.empty();
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        return switch (entry.get()) {
            case DiskEntry.Seen synced -> Optional.of(synced);
            case DiskEntry.Problem problem ->
                    throw new FsException(Errno.EINVAL, "look at '" + name + "' (" + problem.reason() + ")");
        };
    }
}
