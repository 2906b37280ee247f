package tinysync.client.watch;

import tinysync.client.watch.WatchedFolder.Entry;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.Inotify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The folders that are watched, and where they are. A folder is known by the number of its watch, which the kernel ties
 * to the folder itself and not to its name. For one thread.
 */
final class WatchTree {
    /** Ours; what happens in it is our own doing. */
    static final String OWN_FOLDER = ".tinysync";

    private final Dir rootDir;
    private final Inotify inotify;
    private final Consumer<String> limitReached;
    private final Map<Integer, WatchedFolder> byWatch = new HashMap<>();
    private WatchedFolder root = new WatchedFolder(-1);
    private boolean full;

    /** Why a folder could not be looked at. */
    private enum Trouble {
        /** It is not there: it has been moved or removed, which will be told. */
        GONE,
        /** It is closed to us, which its listing will show; or all is ending. */
        CLOSED,
        /** Something is used up, so that changes will go unseen. */
        SHORTAGE
    }

    /** What a look at a name gave. */
    sealed interface Settled {
        /**
         * @param astray folders that were there and are somewhere else now, or gone
         * @param missed as {@link #walk} gives them
         */
        record AsFound(List<WatchedFolder> astray, List<WatchedFolder> missed) implements Settled {}

        /** The folder above is not where it was; events that say so must be on their way. */
        record ParentMoved() implements Settled {}
    }

    /**
     * @param limitReached told, once, the path of the first folder that can not be watched
     */
    WatchTree(Dir rootDir, Inotify inotify, Consumer<String> limitReached) {
        this.rootDir = rootDir;
        this.inotify = inotify;
        this.limitReached = limitReached;
    }

    WatchedFolder root() {
        return root;
    }

    Optional<WatchedFolder> byWatch(int watch) {
        return Optional.ofNullable(byWatch.get(watch));
    }

    /** Whether its watch is alive. */
    boolean knows(WatchedFolder folder) {
        return byWatch.get(folder.watch()) == folder;
    }

    /**
     * Forgets what it knew and watches every folder there is. Watches that are there already stay.
     *
     * @return as {@link #walk}
     */
    List<WatchedFolder> addAll() throws FsException {
        byWatch.clear();
        full = false;
        root = new WatchedFolder(inotify.add(rootDir));
        byWatch.put(root.watch(), root);
        return walk(new ArrayDeque<>(List.of(root)), false, _ -> {});
    }

    /**
     * Makes the tree agree with what is at a name now.
     *
     * @param late events from below may have been told under a wrong path meanwhile: walk also what was watched before
     * @param tell gets everything that is found in folders that are walked: it may have been made before they were
     *     watched
     */
    Settled settle(WatchedFolder parent, String name, boolean late, Consumer<Entry> tell) {
        Deque<WatchedFolder> fresh = new ArrayDeque<>();
        List<WatchedFolder> astray = new ArrayList<>();
        try (Dir dir = rootDir.resolve(parent.path())) {
            if (inotify.add(dir) != parent.watch()) {
                return new Settled.ParentMoved();
            }
            place(parent, dir, name, late, fresh).ifPresent(astray::add);
        } catch (FsException failed) {
            if (trouble(parent.path(), failed) == Trouble.GONE) {
                return new Settled.ParentMoved();
            }
        }
        return new Settled.AsFound(astray, walk(fresh, late, tell));
    }

    /** Watches what is below a folder that could not be walked before; the result as {@link #walk}. */
    List<WatchedFolder> walkAgain(WatchedFolder folder, Consumer<Entry> tell) {
        return walk(new ArrayDeque<>(List.of(folder)), false, tell);
    }

    /** The watches are gone; nothing more will be told of these folders. */
    void drop(WatchedFolder folder) {
        folder.leave();
        for (WatchedFolder gone : folder.subtree()) {
            byWatch.remove(gone.watch());
            ignore(gone.watch());
        }
    }

    /** The kernel has ended the watch of this folder. */
    void forget(WatchedFolder folder) {
        folder.leave();
        byWatch.remove(folder.watch());
    }

    /** Ends a watch that belongs to no folder known here. */
    void ignore(int watch) {
        try {
            inotify.remove(watch);
        } catch (FsException failed) {
            log("watch stays", failed);
        }
    }

    /**
     * @return folders that were not where they should be: somebody moved them, or one above them, in the middle of the
     *     walk, and what is below them is not watched yet
     */
    private List<WatchedFolder> walk(Deque<WatchedFolder> fresh, boolean late, Consumer<Entry> tell) {
        List<WatchedFolder> missed = new ArrayList<>();
        while (!fresh.isEmpty()) {
            WatchedFolder folder = fresh.pop();
            try (Dir dir = rootDir.resolve(folder.path())) {
                if (inotify.add(dir) != folder.watch()) {
                    missed.add(folder);
                    continue;
                }
                for (DirEntry entry : dir.list()) {
                    if (entry instanceof DirEntry.Seen(String name, var stat, _) && !isOwn(folder, name)) {
                        tell.accept(new Entry(folder, name));
                        if (stat.kind() == FileKind.FOLDER) {
                            place(folder, dir, name, late, fresh);
                        }
                    }
                }
            } catch (FsException failed) {
                if (trouble(folder.path(), failed) == Trouble.GONE) {
                    missed.add(folder);
                }
            }
        }
        return missed;
    }

    boolean isOwn(WatchedFolder folder, String name) {
        return folder == root && name.equals(OWN_FOLDER);
    }

    /**
     * Watches what is at a name, if that is a folder.
     *
     * @param fresh gets it when it is to be walked
     * @return what was known to be there and is not any more
     */
    private Optional<WatchedFolder> place(
            WatchedFolder parent, Dir dir, String name, boolean late, Deque<WatchedFolder> fresh) {
        Optional<WatchedFolder> before = parent.child(name);
        int watch;
        try (Dir child = dir.openDir(name)) {
            watch = inotify.add(child);
        } catch (FsException failed) {
            if (trouble(new Entry(parent, name).slot().path(), failed) == Trouble.SHORTAGE) {
                return Optional.empty();
            }
            before.ifPresent(WatchedFolder::leave);
            return before;
        }
        WatchedFolder known = byWatch.get(watch);
        if (known == null) {
            WatchedFolder made = new WatchedFolder(watch);
            byWatch.put(watch, made);
            made.moveTo(parent, name);
            fresh.push(made);
        } else if (!parent.isBelow(known)) {
            known.moveTo(parent, name);
            if (late) {
                fresh.push(known);
            }
        }
        return before.filter(folder -> !folder.isInPlace());
    }

    /** Also tells, once, of a shortage. */
    private Trouble trouble(String path, FsException failed) {
        log("folder is not watched", failed);
        return switch (failed.errno()) {
            case ENOENT, ENOTDIR, ELOOP -> Trouble.GONE;
            case EXDEV, EACCES, EPERM, EBADF -> Trouble.CLOSED;
            default -> {
                if (!full) {
                    full = true;
                    limitReached.accept(path);
                }
                yield Trouble.SHORTAGE;
            }
        };
    }

    private static void log(String what, FsException why) {
        System.getLogger(WatchTree.class.getName()).log(System.Logger.Level.DEBUG, what, why);
    }
}
