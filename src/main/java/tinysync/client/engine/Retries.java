package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Items that could not be brought on just now, why, and when they are tried again. One that is parked is shown to a
 * person instead of being called work in progress: what needs a person is parked at once, all else when it was tried
 * for a while.
 */
final class Retries {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** From this delay on an item counts as parked. */
    private static final Duration PARKED = Duration.ofSeconds(10);

    /** What passes only when somebody makes room, gives permission or chooses another name. */
    private static final Set<String> NEEDS_A_PERSON =
            Set.of(
                    "bad_name",
                    "file_too_large",
                    "forbidden",
                    "limit_exceeded",
                    "mount_point",
                    "name_not_possible",
                    "name_reserved",
                    "name_too_long",
                    "no_space",
                    "permission_denied",
                    "quota_exceeded",
                    "read_only");

    /** Its time has come: it was planned again, and what came of it is to be seen. */
    private static final Instant DUE = Instant.MIN;

    /** No time brings it on: it was judged by the trees, and is judged again when they change. */
    private static final Instant JUDGED = Instant.MAX;

    private final Map<ItemId, Retry> retries = new LinkedHashMap<>();
    private final TreeSet<Appointment> appointments =
            new TreeSet<>(Comparator.comparing(Appointment::at).thenComparing(Appointment::item));
    private final List<ItemId> newlyParked = new ArrayList<>();
    private int parked;
    private int soon;

    private record Appointment(Instant at, ItemId item) {}

    record Retry(Instant until, Duration delay, String code, String message) {
        boolean isParked() {
            return delay.compareTo(PARKED) >= 0;
        }

        private boolean isScheduled() {
            return !until.equals(DUE) && !until.equals(JUDGED);
        }
    }

    /** Tries again soon, and less soon each time; what only a person can mend is parked at once. */
    void later(ItemId id, String code, String message, Instant now) {
        if (NEEDS_A_PERSON.contains(code)) {
            park(id, code, message, now);
        } else {
            putOff(id, FIRST, code, message, now);
        }
    }

    /** Trying again soon is no use. */
    void park(ItemId id, String code, String message, Instant now) {
        putOff(id, PARKED, code, message, now);
    }

    private void putOff(ItemId id, Duration least, String code, String message, Instant now) {
        Retry before = retries.get(id);
        boolean again = before != null && !before.until().equals(JUDGED);
        Duration delay = again ? longer(least, before.delay().multipliedBy(2)) : least;
        Duration bounded = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        put(id, new Retry(now.plus(bounded), bounded, code, message));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** The planner says that it cannot be synced as it is. It goes on being planned whenever it changes. */
    void judge(ItemId id, String code, String message) {
        put(id, new Retry(JUDGED, LONGEST, code, message));
    }

    /** It was planned, and {@link #judge} was not said of it again. */
    void acquit(ItemId id) {
        Retry retry = retries.get(id);
        if (retry != null && retry.until().equals(JUDGED)) {
            succeeded(id);
        }
    }

    private void put(ItemId id, Retry retry) {
        Retry before = retries.put(id, retry);
        uncount(id, before);
        if (retry.isScheduled()) {
            appointments.add(new Appointment(retry.until(), id));
            soon += retry.isParked() ? 0 : 1;
        }
        if (retry.isParked()) {
            parked++;
            if (before == null || !before.isParked()) {
                newlyParked.add(id);
            }
        }
    }

    private void uncount(ItemId id, Retry retry) {
        if (retry == null) {
            return;
        }
        if (retry.isScheduled()) {
            appointments.remove(new Appointment(retry.until(), id));
            soon -= retry.isParked() ? 0 : 1;
        }
        parked -= retry.isParked() ? 1 : 0;
    }

    void succeeded(ItemId id) {
        uncount(id, retries.remove(id));
    }

    boolean isWaiting(ItemId id, Instant now) {
        Retry retry = retries.get(id);
        return retry != null && retry.isScheduled() && retry.until().isAfter(now);
    }

    /** Ends all waiting for a time: something changed for the better. */
    List<ItemId> releaseAll() {
        List<ItemId> all = appointments.stream().map(Appointment::item).toList();
        all.forEach(this::succeeded);
        return all;
    }

    /** Those whose time has come. They keep their delay, so that a next failure waits longer. */
    List<ItemId> due(Instant now) {
        List<ItemId> due = new ArrayList<>();
        while (!appointments.isEmpty() && !appointments.first().at().isAfter(now)) {
            ItemId id = appointments.first().item();
            Retry retry = retries.get(id);
            put(id, new Retry(DUE, retry.delay(), retry.code(), retry.message()));
            due.add(id);
        }
        return due;
    }

    Optional<Instant> deadline() {
        return appointments.isEmpty() ? Optional.empty() : Optional.of(appointments.first().at());
    }

    Map<ItemId, Retry> all() {
        return retries;
    }

    /** How many are parked. */
    int parked() {
        return parked;
    }

    /**
     * Those that became parked since this was last asked, and still are; no more than {@link StatusView#MAX_LISTED},
     * for nobody reads on.
     */
    Map<ItemId, Retry> takeNewlyParked() {
        Map<ItemId, Retry> news = new LinkedHashMap<>();
        newlyParked.stream()
                .filter(id -> retries.containsKey(id) && retries.get(id).isParked())
                .limit(StatusView.MAX_LISTED)
                .forEach(id -> news.put(id, retries.get(id)));
        newlyParked.clear();
        return news;
    }

    /** True while something is tried again soon: not yet parked, and not waiting for another item instead. */
    boolean isWorking() {
        return soon > 0;
    }
}
