package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is under way, item by item, and what the rooms of the engine share: the books, the scan, the retries, the news.
 */
final class Desk {
    final Books books;
    final Scan scan;
    final Retries retries;
    final List<Effect> effects = new ArrayList<>();

    private final Map<ItemId, Busy> busy = new HashMap<>();
    private final Map<Lane, Set<ItemId>> deferred = new EnumMap<>(Lane.class);
    private final Set<ContentRef> atServer = new HashSet<>();
    private final Map<ItemId, ContentRef> staged = new HashMap<>();

    /** Kinds of work of which only so much is under way at once. */
    enum Lane {
        COMMIT,
        UPLOAD,
        FETCH,
        DISK
    }

    Desk(Books books, Scan scan, Retries retries) {
        this.books = books;
        this.scan = scan;
        this.retries = retries;
    }

    Optional<Busy> busy(ItemId id) {
        return Optional.ofNullable(busy.get(id));
    }

    boolean isBusy(ItemId id) {
        return busy.containsKey(id);
    }

    Map<ItemId, Busy> allBusy() {
        return busy;
    }

    void begin(ItemId id, Busy what) {
        busy.put(id, what);
    }

    /** What was under way is over, well or not: the item is looked at again. */
    void end(ItemId id) {
        busy.remove(id);
        books.changed(id);
    }

    /** The room for this kind of work is full: the item is planned again when there is room. */
    void defer(Lane lane, ItemId id) {
        deferred.computeIfAbsent(lane, l -> new LinkedHashSet<>()).add(id);
    }

    boolean hasDeferred() {
        return deferred.values().stream().anyMatch(ids -> !ids.isEmpty());
    }

    /** There is room again: those who have waited longest are planned again, and no more than may find room. */
    void release(Lane lane, int limit) {
        Iterator<ItemId> waiting = deferred.getOrDefault(lane, Set.of()).iterator();
        for (int i = 0; i < limit && waiting.hasNext(); i++) {
            books.markDirty(waiting.next());
            waiting.remove();
        }
    }

    void retryLater(ItemId id, String code, String message, Instant now) {
        retries.later(id, code, message, now);
    }

    void failed(ItemId id, TransferOutcome.Failed failed, Instant now) {
        if (failed.retryable()) {
            retries.later(id, failed.reason(), failed.message(), now);
        } else {
            retries.park(id, failed.reason(), failed.message(), now);
        }
    }

    /** Content the server is known to hold for this vault. */
    Set<ContentRef> contentAtServer() {
        return atServer;
    }

    /** Content that lies verified in the staging area, by the item it is for. */
    Map<ItemId, ContentRef> staged() {
        return staged;
    }

    void tell(ClientEvent event) {
        effects.add(new Effect.Tell(event));
    }

    /** Nothing that was asked of the server will be answered any more. */
    void connectionLost() {
        for (var entry : new HashMap<>(busy).entrySet()) {
            if (entry.getValue() instanceof Busy.Settling) {
                end(entry.getKey());
            }
        }
    }
}
