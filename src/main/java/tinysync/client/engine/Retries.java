package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Items that could not be brought on just now, why, and when they are tried again. */
final class Retries {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** From this delay on an item counts as parked: shown to a person instead of being called work in progress. */
    private static final Duration PARKED = Duration.ofSeconds(10);

    private final Map<ItemId, Retry> retries = new LinkedHashMap<>();

    record Retry(Instant until, Duration delay, String code, String message) {
        boolean isParked() {
            return delay.compareTo(PARKED) >= 0;
        }
    }

    /** Tries again soon, and less soon each time. */
    void later(ItemId id, String code, String message, Instant now) {
        Retry before = retries.get(id);
        Duration delay = before == null ? FIRST : before.delay().multipliedBy(2);
        put(id, delay, code, message, now);
    }

    /** Needs a person or another time: tries again only once in a while. */
    void park(ItemId id, String code, String message, Instant now) {
        put(id, LONGEST, code, message, now);
    }

    private void put(ItemId id, Duration delay, String code, String message, Instant now) {
        Duration bounded = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        retries.put(id, new Retry(now.plus(bounded), bounded, code, message));
    }

    void succeeded(ItemId id) {
        retries.remove(id);
    }

    /** True for one whose time has come: it was planned again, and what came of it is to be seen. */
    boolean isDue(ItemId id) {
        Retry retry = retries.get(id);
        return retry != null && retry.until().equals(Instant.MIN);
    }

    boolean isWaiting(ItemId id, Instant now) {
        Retry retry = retries.get(id);
        return retry != null && retry.until().isAfter(now);
    }

    /** Makes all of them due at once: something changed for the better. */
    List<ItemId> releaseAll() {
        List<ItemId> all = List.copyOf(retries.keySet());
        retries.clear();
        return all;
    }

    /** Those whose time has come. They keep their delay, so that a next failure waits longer. */
    List<ItemId> due(Instant now) {
        List<ItemId> due = new ArrayList<>();
        retries.replaceAll(
                (id, retry) -> {
                    if (retry.until().isAfter(now) || retry.until().equals(Instant.MIN)) {
                        return retry;
                    }
                    due.add(id);
                    return new Retry(Instant.MIN, retry.delay(), retry.code(), retry.message());
                });
        return due;
    }

    Optional<Instant> deadline() {
        return retries.values().stream()
                .map(Retry::until)
                .filter(until -> !until.equals(Instant.MIN))
                .min(Instant::compareTo);
    }

    Map<ItemId, Retry> all() {
        return retries;
    }

    /** True while something is tried again soon: not yet parked. */
    boolean isWorking() {
        return retries.values().stream().anyMatch(r -> !r.isParked());
    }
}
