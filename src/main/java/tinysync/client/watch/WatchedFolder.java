package tinysync.client.watch;

import tinysync.client.engine.Slot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One watched folder and where it is. Moving a folder moves the subtree with it, since only names are kept, not paths.
 * Equal by being the same object. For one thread.
 */
final class WatchedFolder {
    private final int watch;
    private final Map<String, WatchedFolder> children = new HashMap<>();
    private Optional<WatchedFolder> parent = Optional.empty();
    private String name = "";

    /** By its folder, so that it has the right path also when the folder is moved meanwhile. */
    record Entry(WatchedFolder folder, String name) {
        Slot slot() {
            return new Slot(folder.path(), name);
        }
    }

    WatchedFolder(int watch) {
        this.watch = watch;
    }

    int watch() {
        return watch;
    }

    /** Puts it into a folder; what had that name there loses its place, but not its memory of it. */
    void moveTo(WatchedFolder newParent, String newName) {
        leave();
        parent = Optional.of(newParent);
        name = newName;
        newParent.children.put(newName, this);
    }

    /** Takes it out of its folder. */
    void leave() {
        parent.ifPresent(from -> from.children.remove(name, this));
    }

    /** Whether it is where it remembers to be: its parent has it under its name, and so on up to the root. */
    boolean isInPlace() {
        WatchedFolder at = this;
        while (at.parent.isPresent()) {
            WatchedFolder above = at.parent.get();
            if (above.children.get(at.name) != at) {
                return false;
            }
            at = above;
        }
        return true;
    }

    boolean isBelow(WatchedFolder other) {
        Optional<WatchedFolder> at = Optional.of(this);
        while (at.isPresent()) {
            if (at.get() == other) {
                return true;
            }
            at = at.get().parent;
        }
        return false;
    }

    Optional<WatchedFolder> child(String childName) {
        return Optional.ofNullable(children.get(childName));
    }

    /** Below the root, {@code ""} for the root itself. */
    String path() {
        Deque<String> names = new ArrayDeque<>();
        WatchedFolder at = this;
        while (at.parent.isPresent()) {
            names.push(at.name);
            at = at.parent.get();
        }
        return String.join("/", names);
    }

    /** This folder and all below it. */
    List<WatchedFolder> subtree() {
        List<WatchedFolder> found = new ArrayList<>(List.of(this));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(found.get(i).children.values());
        }
        return found;
    }
}
