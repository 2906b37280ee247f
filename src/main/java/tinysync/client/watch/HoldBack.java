package tinysync.client.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps what will probably be followed by something better (a file that was just made will be closed, one that is being
 * written will be written again), for a short while at most. For one thread.
 */
final class HoldBack<T> {
    private static final long NANOS = Duration.ofMillis(200).toNanos();
    private static final int ENTRIES_MAX = 65_536;

    private final LongSupplier clock;

    /** All are held equally long, so the order of insertion is that of falling due. */
    private final Map<T, Long> since = new LinkedHashMap<>();

    HoldBack(LongSupplier clock) {
        this.clock = clock;
    }

    /** Holds it back; one that is held already falls due no later for it. */
    void hold(T entry) {
        since.putIfAbsent(entry, clock.getAsLong());
    }

    /** It was told by another event. */
    void drop(T entry) {
        since.remove(entry);
    }

    /** All of it counts no more. */
    void clear() {
        since.clear();
    }

    /** Takes out what was held long enough, and the oldest of what is too much. */
    List<T> takeDue() {
        List<T> due = new ArrayList<>();
        long now = clock.getAsLong();
        Iterator<Map.Entry<T, Long>> entries = since.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<T, Long> entry = entries.next();
            if (now - entry.getValue() < NANOS && since.size() <= ENTRIES_MAX) {
                break;
            }
            due.add(entry.getKey());
            entries.remove();
        }
        return due;
    }

    /** How long until something falls due; {@code idle} when nothing is held. */
    Duration untilDue(Duration idle) {
        if (since.isEmpty()) {
            return idle;
        }
        long held = clock.getAsLong() - since.values().iterator().next();
        return Duration.ofNanos(Math.max(0, NANOS - held));
    }
}
