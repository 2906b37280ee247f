package tinysync.client.folder;

import tinysync.platform.Capabilities;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Disk;
import tinysync.platform.Errno;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.Inotify;
import tinysync.tree.VaultId;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;

/**
 * The open root of an attachment, with our own folder in it:
 *
 * <pre>
 * .tinysync/             mode 0700
 *   root.json            whose root this is, see {@code Marker}
 *   stage/               downloads, see {@link Staging}
 *   displaced/           what was replaced or removed, see {@link Displaced}
 * </pre>
 *
 * <p>The root stays the same folder when its path is renamed or another file system is mounted over it: what goes
 * through it never lands in a stranger's folder. {@link #check} tells whether its path still leads to it. Thread-safe,
 * except that {@link #close} must not overlap another call.
 */
public final class Root implements AutoCloseable {
    /** Our own folder directly in the root; never listed, never watched. */
    public static final String OWN_FOLDER = ".tinysync";

    /** The ignore rules of a folder, an ordinary synced file. */
    public static final String IGNORE_FILE = ".tinysyncignore";

    private static final int PRIVATE_FOLDER = 0700;
    private static final int ALL_PERMISSIONS = 0777;

    private final Path path;
    private final Dir top;
    private final Dir own;
    private final Dir stage;
    private final Dir displaced;
    private final Capabilities capabilities;
    private final int umask;
    private final int uid;
    private Marker marker;

    /** Where the handles of a root that is being opened wait, so that a failure half-way closes them all. */
    private static final class Handles implements AutoCloseable {
        private final Deque<Dir> open = new ArrayDeque<>();

        Dir keep(Dir dir) {
            open.push(dir);
            return dir;
        }

        void release() {
            open.clear();
        }

        @Override
        public void close() {
            open.forEach(Dir::close);
        }
    }

    private Root(Path path, Marker marker, Dir top, Dir own, Dir stage, Dir displaced, Capabilities capabilities)
            throws FsException {
        this.path = path;
        this.marker = marker;
        this.top = top;
        this.own = own;
        this.stage = stage;
        this.displaced = displaced;
        this.capabilities = capabilities;
        this.umask = umask(own);
        this.uid = own.stat().uid();
    }

    /**
     * Makes an existing folder this attachment's root; one that is already is opened. Durable when it returns.
     *
     * @param attachment the attachment's id, in any spelling
     * @throws UnusableRootException when there is no such folder, or it belongs to another attachment
     */
    public static Root create(Path path, VaultId vault, String attachment) throws FsException, UnusableRootException {
        Objects.requireNonNull(attachment);
        try (Handles handles = new Handles()) {
            Dir top = handles.keep(openTop(path));
            makePrivate(top, OWN_FOLDER);
            Dir own = handles.keep(top.openDir(OWN_FOLDER));
            switch (Marker.read(own)) {
                case Marker.Found.Absent() -> new Marker(vault, attachment, 0).write(own);
                case Marker.Found.Damaged() ->
                        throw new UnusableRootException(path, new RootState.Foreign("marker_unreadable"));
                case Marker.Found.Whole(Marker found) -> requireOurs(path, found, vault, attachment);
            }
            top.fsync();
        }
        return open(path, vault, attachment);
    }

    /**
     * Opens the root of an attachment that was made by {@link #create}.
     *
     * @throws UnusableRootException when the folder is missing, or its marker is missing or another's
     */
    public static Root open(Path path, VaultId vault, String attachment) throws FsException, UnusableRootException {
        return open(path, vault, attachment, Optional.empty());
    }

    /**
     * @param known what the disk can do; it is tried where that is empty
     */
    static Root open(Path path, VaultId vault, String attachment, Optional<Capabilities> known)
            throws FsException, UnusableRootException {
        try (Handles handles = new Handles()) {
            Dir top = handles.keep(openTop(path));
            Dir own = handles.keep(openOwn(path, top));
            Marker marker =
                    switch (Marker.read(own)) {
                        case Marker.Found.Whole(Marker found) -> requireOurs(path, found, vault, attachment);
                        case Marker.Found.Absent() ->
                                throw new UnusableRootException(path, new RootState.Foreign("marker_missing"));
                        case Marker.Found.Damaged() ->
                                throw new UnusableRootException(path, new RootState.Foreign("marker_unreadable"));
                    };
            makePrivate(own, "stage");
            makePrivate(own, "displaced");
            Dir stage = handles.keep(own.openDir("stage"));
            Dir displaced = handles.keep(own.openDir("displaced"));
            own.fsync();
            Capabilities capabilities = known.isPresent() ? known.get() : own.capabilities();
            Root root = new Root(path, marker, top, own, stage, displaced, capabilities);
            handles.release();
            return root;
        } catch (FsException failed) {
            if (failed.errno() == Errno.EROFS) {
                throw new UnusableRootException(path, new RootState.ReadOnly());
            }
            throw failed;
        }
    }

    private static Dir openTop(Path path) throws FsException, UnusableRootException {
        try {
            return Disk.open(path);
        } catch (FsException failed) {
            switch (failed.errno()) {
                case ENOENT -> throw new UnusableRootException(path, new RootState.Missing());
                case ENOTDIR -> throw new UnusableRootException(path, new RootState.Foreign("not_a_folder"));
                default -> throw failed;
            }
        }
    }

    private static Dir openOwn(Path path, Dir top) throws FsException, UnusableRootException {
        try {
            return top.openDir(OWN_FOLDER);
        } catch (FsException failed) {
            if (Reasons.isGone(failed)) {
                throw new UnusableRootException(path, new RootState.Foreign("marker_missing"));
            }
            throw failed;
        }
    }

    private static Marker requireOurs(Path path, Marker found, VaultId vault, String attachment)
            throws UnusableRootException {
        Optional<RootState> stranger = stranger(found, vault, attachment);
        if (stranger.isPresent()) {
            throw new UnusableRootException(path, stranger.get());
        }
        return found;
    }

    private static Optional<RootState> stranger(Marker found, VaultId vault, String attachment) {
        if (!found.vault().equals(vault)) {
            return Optional.of(new RootState.Foreign("other_vault"));
        }
        if (!found.attachment().equals(attachment)) {
            return Optional.of(new RootState.Foreign("other_attachment"));
        }
        return Optional.empty();
    }

    private static void makePrivate(Dir parent, String name) throws FsException {
        try {
            parent.mkdir(name, PRIVATE_FOLDER);
        } catch (FsException failed) {
            boolean there =
                    failed.errno() == Errno.EEXIST || (failed.errno() == Errno.EROFS && parent.find(name).isPresent());
            if (!there) {
                throw failed;
            }
        }
        // An odd umask may have taken away what the owner needs; somebody else may have given more.
        Optional<DirEntry.Seen> made = parent.find(name);
        if (made.isPresent()
                && made.get().stat().kind() == FileKind.FOLDER
                && made.get().stat().mode() != PRIVATE_FOLDER) {
            parent.chmod(name, PRIVATE_FOLDER);
        }
    }

    /** What the process's umask takes away, found by trying: the process cannot be asked without changing it. */
    private static int umask(Dir own) throws FsException {
        String probe = "umask-probe";
        SmallFile.unlinkIfThere(own, probe);
        own.createNew(probe, ALL_PERMISSIONS).close();
        int left = own.find(probe).map(seen -> seen.stat().mode()).orElse(ALL_PERMISSIONS);
        SmallFile.unlinkIfThere(own, probe);
        return ALL_PERMISSIONS & ~left;
    }

    /** Looks at the path anew. Costs a few system calls and writes nothing, so that a disk at rest stays so. */
    public synchronized RootState check() {
        try (Dir now = Disk.open(path);
                Dir ownNow = now.openDir(OWN_FOLDER)) {
            return switch (Marker.read(ownNow)) {
                case Marker.Found.Absent() -> new RootState.Foreign("marker_missing");
                case Marker.Found.Damaged() -> new RootState.Foreign("marker_unreadable");
                case Marker.Found.Whole(Marker found) ->
                        stranger(found, marker.vault(), marker.attachment()).orElseGet(() -> sameAndWritable(now));
            };
        } catch (FsException failed) {
            return stateAfter(failed);
        }
    }

    private RootState sameAndWritable(Dir now) {
        try {
            if (!now.identity().equals(top.identity())) {
                return new RootState.Replaced();
            }
            return own.isWritable() ? new RootState.Good() : new RootState.ReadOnly();
        } catch (FsException failed) {
            return stateAfter(failed);
        }
    }

    private RootState stateAfter(FsException failed) {
        return switch (failed.errno()) {
            case ENOENT -> isThere() ? new RootState.Foreign("marker_missing") : new RootState.Missing();
            case ENOTDIR -> new RootState.Foreign(isThere() ? "marker_missing" : "not_a_folder");
            case ELOOP -> new RootState.Foreign("marker_missing");
            case EROFS, EPERM -> new RootState.ReadOnly();
            default -> new RootState.Foreign(Reasons.of(failed));
        };
    }

    private boolean isThere() {
        try (Dir now = Disk.open(path)) {
            return now.stat().kind() == FileKind.FOLDER;
        } catch (FsException absent) {
            return false;
        }
    }

    /** As the marker has it. */
    public synchronized long generation() {
        return marker.generation();
    }

    /** One more, durable when this returns. */
    public synchronized void advanceGeneration() throws FsException {
        Marker next = new Marker(marker.vault(), marker.attachment(), marker.generation() + 1);
        next.write(own);
        marker = next;
    }

    /** What the disk of this root can do. */
    public Capabilities capabilities() {
        return capabilities;
    }

    public Path path() {
        return path;
    }

    /** The root folder itself; it belongs to this object, and others never close it. */
    public Dir folder() {
        return top;
    }

    Dir own() {
        return own;
    }

    Dir stage() {
        return stage;
    }

    Path stagePath() {
        return path.resolve(OWN_FOLDER).resolve("stage");
    }

    Dir displaced() {
        return displaced;
    }

    /** Whether {@link Dir#syncFilesystem} covers all files; elsewhere they are made durable one by one. */
    boolean flushesWhole() {
        return Inotify.isSupported();
    }

    int umask() {
        return umask;
    }

    /** Whether a lease that is refused on a file of this owner tells that a program is writing it. */
    boolean leaseTells(int owner) {
        return capabilities.leases() && (owner == uid || uid == 0);
    }

    @Override
    public void close() {
        displaced.close();
        stage.close();
        own.close();
        top.close();
    }
}
