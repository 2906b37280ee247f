package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which folders have to be looked at, and which are being looked at. While own operations change a folder it is not
 * looked at: half of them would be seen.
 *
 * <p>A look that only a hint asked for may have to wait for its time: a log file that grows all day costs a look every
 * few seconds, while the first save in a quiet folder is seen at once. Meanwhile the engine plans by the last whole
 * look, as if the hint had not come yet: hints are late or lost anyway, every operation says what it expects to find,
 * and nothing is read or sent but under a hash. One thing does not bear it: what is missing in one folder may have
 * moved to another that waits, and would be deleted at the server instead of moved. So {@link #hurry} ends all waiting
 * as soon as something is missing.
 */
final class Scan {
    /** Folders in one effect: enough to keep the lister busy, few enough that results come back steadily. */
    private static final int FOLDERS_PER_EFFECT = 64;

    /** Effects under way at once. */
    private static final int MAX_OUTSTANDING = 4 * FOLDERS_PER_EFFECT;

    private static final Duration LONGEST_REST = Duration.ofSeconds(2);
    private static final int RESTING_MIN = 1_000;

    private final Books books;
    private final Map<ItemId, Instant> waiting = new LinkedHashMap<>();
    private final Map<ItemId, Boolean> due = new LinkedHashMap<>();
    private final Map<ItemId, Request> outstanding = new HashMap<>();

    /** The one that went to rest the longest ago first. */
    private final Map<ItemId, Instant> resting = new LinkedHashMap<>();

    private final Set<ItemId> changing = new HashSet<>();
    private long counter;

    /**
     * @param deep the folders below are listed as well
     */
    record Request(long scan, Instant asked, String path, boolean deep) {}

    Scan(Books books) {
        this.books = books;
    }

    /** Asks for a look at a folder, and with {@code deep} at all below it. */
    void want(ItemId folder, boolean deep) {
        waiting.remove(folder);
        due.merge(folder, deep, Boolean::logicalOr);
    }

    /**
     * Something in the folder may have changed: asks for a look at the time given, or as soon as the folder has rested.
     */
    void hinted(ItemId folder, Instant when) {
        if (!due.containsKey(folder)) {
            waiting.merge(folder, when, (a, b) -> a.isBefore(b) ? a : b);
        }
    }

    /** Ends all waiting: something is missing, and may be found in a folder about which there was a hint. */
    void hurry() {
        List.copyOf(waiting.keySet()).forEach(folder -> want(folder, false));
    }

    /** Own operations are about to change what this folder holds: until they are done, a listing says nothing. */
    void beginChange(ItemId folder) {
        changing.add(folder);
    }

    /** The own operations are done. */
    void endChanges() {
        changing.clear();
    }

    /** True while it is not known what all folders hold. */
    boolean isRunning() {
        return !due.isEmpty() || !outstanding.isEmpty();
    }

    /** True while looks wait for their time. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** When the next look that waits is due. */
    Optional<Instant> deadline() {
        return waiting.keySet().stream()
                .filter(folder -> !outstanding.containsKey(folder))
                .map(this::dueAt)
                .min(Instant::compareTo);
    }

    private Instant dueAt(ItemId folder) {
        Instant asked = waiting.get(folder);
        Instant rested = resting.getOrDefault(folder, asked);
        return rested.isAfter(asked) ? rested : asked;
    }

    /** Takes in an answer; empty when it is stale. */
    Optional<Request> answer(Event.FolderListed listed, Instant now) {
        Request request = outstanding.get(listed.folder());
        if (request == null || request.scan() != listed.scan()) {
            return Optional.empty();
        }
        outstanding.remove(listed.folder());
        rest(listed.folder(), Duration.between(request.asked(), now), now);
        boolean moved = !books.local.path(listed.folder()).equals(Optional.of(request.path()));
        if (moved) {
            want(listed.folder(), request.deep());
            return Optional.empty();
        }
        return Optional.of(request);
    }

    /** At most half of the time is spent on looks at one folder, however large it is. */
    private void rest(ItemId folder, Duration took, Instant now) {
        resting.remove(folder);
        resting.put(folder, now.plus(took.compareTo(LONGEST_REST) < 0 ? took : LONGEST_REST));
        var oldest = resting.values().iterator();
        while (resting.size() > RESTING_MIN && !oldest.next().isAfter(now)) {
            oldest.remove();
        }
    }

    void emit(Instant now, List<Effect> effects) {
        List.copyOf(waiting.keySet()).stream()
                .filter(folder -> !outstanding.containsKey(folder) && !dueAt(folder).isAfter(now))
                .forEach(folder -> want(folder, false));
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
                    outstanding.put(next.getKey(), new Request(scan, now, path.get(), next.getValue()));
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
        waiting.clear();
        due.clear();
        want(root, true);
    }
}
