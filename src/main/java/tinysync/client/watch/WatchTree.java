package tinysync.client.watch;

import tinysync.client.engine.Slot;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
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

    /** What a look at a name gave. */
    sealed interface Settled {
        /**
         * @param astray folders that were there and are somewhere else now, or gone
         */
        record AsFound(List<WatchedFolder> astray) implements Settled {}

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

    /** Forgets what it knew and watches every folder there is. Watches that are there already stay. */
    void addAll() throws FsException {
        byWatch.clear();
        full = false;
        root = new WatchedFolder(inotify.add(rootDir));
        byWatch.put(root.watch(), root);
        walk(new ArrayDeque<>(List.of(root)), false, _ -> {});
    }

    /**
     * Makes the tree agree with what is at a name now.
     *
     * @param late events from below may have been told under a wrong path meanwhile: walk also what was watched before
     * @param tell gets everything that is found in folders that are walked: it may have been made before they were
     *     watched
     */
    Settled settle(WatchedFolder parent, String name, boolean late, Consumer<Slot> tell) {
        Deque<WatchedFolder> fresh = new ArrayDeque<>();
        List<WatchedFolder> astray = new ArrayList<>();
        try (Dir dir = rootDir.resolve(parent.path())) {
            if (inotify.add(dir) != parent.watch()) {
                return new Settled.ParentMoved();
            }
            place(parent, dir, name, late, fresh).ifPresent(astray::add);
        } catch (FsException failed) {
            return new Settled.ParentMoved();
        }
        walk(fresh, late, tell);
        return new Settled.AsFound(astray);
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

    private void walk(Deque<WatchedFolder> fresh, boolean late, Consumer<Slot> tell) {
        while (!fresh.isEmpty()) {
            WatchedFolder folder = fresh.pop();
            String path = folder.path();
            try (Dir dir = rootDir.resolve(path)) {
                for (DirEntry entry : dir.list()) {
                    if (entry instanceof DirEntry.Seen(String name, var stat, _) && !isOwn(folder, name)) {
                        tell.accept(new Slot(path, name));
                        if (stat.kind() == FileKind.FOLDER) {
                            place(folder, dir, name, late, fresh);
                        }
                    }
                }
            } catch (FsException failed) {
                // Gone again, which will be told, or unreadable, which its listing will show.
                log("folder is not walked", failed);
            }
        }
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
        Optional<Integer> watch = watch(parent, dir, name);
        if (watch.isEmpty()) {
            before.ifPresent(WatchedFolder::leave);
            return before;
        }
        WatchedFolder known = byWatch.get(watch.get());
        if (known == null) {
            WatchedFolder made = new WatchedFolder(watch.get());
            byWatch.put(made.watch(), made);
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

    private Optional<Integer> watch(WatchedFolder parent, Dir dir, String name) {
        if (full) {
            return Optional.empty();
        }
        try (Dir child = dir.openDir(name)) {
            return Optional.of(inotify.add(child));
        } catch (FsException failed) {
            if (failed.errno() == Errno.ENOSPC) {
                full = true;
                String path = parent.path();
                limitReached.accept(path.isEmpty() ? name : path + "/" + name);
            }
            return Optional.empty();
        }
    }

    private static void log(String what, FsException why) {
        System.getLogger(WatchTree.class.getName()).log(System.Logger.Level.DEBUG, what, why);
    }
}
