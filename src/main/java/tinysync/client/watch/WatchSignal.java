package tinysync.client.watch;

import tinysync.client.engine.Slot;

import java.util.Set;

/** What a watcher has to say. */
public sealed interface WatchSignal {
    /**
     * Something happened to these entries: made, changed, renamed to or from, removed. For a new folder, also what was
     * found in it.
     */
    record Changed(Set<Slot> entries) implements WatchSignal {
        public Changed {
            entries = Set.copyOf(entries);
        }
    }

    /** Events were lost, or the root itself was moved or removed: everything is to be looked at again. */
    record Overflow() implements WatchSignal {}

    /**
     * The system allows no more watches: this folder and others are not watched, only regular rescans see their
     * changes. Told once.
     *
     * @param path below the root
     */
    record LimitReached(String path) implements WatchSignal {}
}
