package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which folders have to be looked at, and which are being looked at. A listing that an own change to the folder crossed
 * is worthless and asked for again.
 */
final class Scan {
    /** Folders in one effect: enough to keep the lister busy, few enough that results come back steadily. */
    private static final int FOLDERS_PER_EFFECT = 64;

    /** Effects under way at once. */
    private static final int MAX_OUTSTANDING = 4 * FOLDERS_PER_EFFECT;

    private final Books books;
    private final Map<ItemId, Boolean> due = new LinkedHashMap<>();
    private final Map<ItemId, Request> outstanding = new HashMap<>();
    private final Map<ItemId, Long> touched = new HashMap<>();
    private final Set<ItemId> changing = new HashSet<>();
    private long counter;

    /**
     * @param deep the folders below are listed as well
     */
    record Request(long scan, String path, boolean deep) {}

    Scan(Books books) {
        this.books = books;
    }

    /** Asks for a look at a folder, and with {@code deep} at all below it. */
    void want(ItemId folder, boolean deep) {
        due.merge(folder, deep, Boolean::logicalOr);
    }

    /** Own operations are about to change what this folder holds: until they are done, a listing says nothing. */
    void beginChange(ItemId folder) {
        changing.add(folder);
    }

    /** The own operations are done: a listing from before says nothing any more. */
    void endChanges() {
        changing.forEach(folder -> touched.put(folder, ++counter));
        changing.clear();
    }

    /** True while it is not known what all folders hold. */
    boolean isRunning() {
        return !due.isEmpty() || !outstanding.isEmpty();
    }

    /** Takes in an answer; empty when it is stale, and then the folder is looked at again. */
    Optional<Request> answer(Event.FolderListed listed) {
        Request request = outstanding.get(listed.folder());
        if (request == null || request.scan() != listed.scan()) {
            return Optional.empty();
        }
        outstanding.remove(listed.folder());
        boolean crossed =
                changing.contains(listed.folder()) || touched.getOrDefault(listed.folder(), 0L) > request.scan();
        boolean moved = !books.local.path(listed.folder()).equals(Optional.of(request.path()));
        if (outstanding.isEmpty()) {
            touched.clear();
        }
        if (crossed || moved) {
            want(listed.folder(), request.deep());
            return Optional.empty();
        }
        return Optional.of(request);
    }

    void emit(List<Effect> effects) {
        while (!due.isEmpty() && outstanding.size() < MAX_OUTSTANDING) {
            List<Effect.ListFolders.Folder> folders = new ArrayList<>();
            long scan = ++counter;
            var iterator = due.entrySet().iterator();
            while (iterator.hasNext() && folders.size() < FOLDERS_PER_EFFECT) {
                var next = iterator.next();
                if (outstanding.containsKey(next.getKey()) || changing.contains(next.getKey())) {
                    continue;
                }
                iterator.remove();
                Optional<String> path = books.local.path(next.getKey());
                if (path.isPresent()) {
                    folders.add(new Effect.ListFolders.Folder(next.getKey(), path.get()));
                    outstanding.put(next.getKey(), new Request(scan, path.get(), next.getValue()));
                }
            }
            if (folders.isEmpty()) {
                return;
            }
            effects.add(new Effect.ListFolders(scan, folders));
        }
    }

    /** Forgets what is under way: the answers will not come or do not count. */
    void restart(ItemId root) {
        outstanding.clear();
        due.clear();
        want(root, true);
    }
}
