package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What happened outside the engine. */
public sealed interface Event {
    /** Something changed in these folders (paths below the root), as far as a watcher can tell: a hint. */
    record Hint(Set<Slot> entries) implements Event {
        public Hint {
            entries = Set.copyOf(entries);
        }
    }

    /** The watcher lost events: everything must be looked at again. */
    record WatcherOverflowed() implements Event {}

    record FolderListed(long scan, ItemId folder, Listing listing) implements Event {}

    record FileHashed(ItemId item, Slot slot, HashOutcome outcome) implements Event {}

    /** The root is not what it was: missing, foreign, read-only. Nothing is planned until {@link RootBack}. */
    record RootLost(String reason) implements Event {}

    record RootBack() implements Event {}

    /** The server answers again; {@code head} when it was told. */
    record Online(Optional<Cursor> head) implements Event {}

    record Offline(String reason) implements Event {}

    /** The device has lost its access to this vault; {@link Online} says that it has it again. */
    record AccessLost(String message) implements Event {}

    record HeadMoved(Cursor head) implements Event {}

    record LogPulled(Cursor after, Cursor head, List<LogEvent> events, boolean more) implements Event {
        public LogPulled {
            events = List.copyOf(events);
        }
    }

    /**
     * One page of the snapshot.
     *
     * @param at the cursor that the snapshot began with, on its first page and its last
     * @param next the next page's token; empty on the last page
     */
    record SnapshotPulled(Optional<Cursor> at, List<Item> items, Optional<String> next) implements Event {
        public SnapshotPulled {
            items = List.copyOf(items);
        }
    }

    /** {@code 409 history_forked}: the server's history is not the one our cursor belongs to. */
    record HistoryForked() implements Event {}

    /** {@code 410 cursor_expired}: the log no longer reaches back to our cursor. */
    record CursorExpired() implements Event {}

    record CommonFound(Cursor common) implements Event {}

    /**
     * A pull failed; the connection's state comes as its own event.
     *
     * @param code in the words of {@code status}; {@link #OFFLINE} where nothing but the connection is to blame
     */
    record PullFailed(String code, String message) implements Event {
        public static final String OFFLINE = "offline";

        public PullFailed {
            Objects.requireNonNull(code);
            Objects.requireNonNull(message);
        }
    }

    record Uploaded(ItemId item, ContentRef content, TransferOutcome outcome) implements Event {}

    record Fetched(ItemId item, ContentRef content, TransferOutcome outcome) implements Event {}

    /**
     * What came of a bundle.
     *
     * @param results in order, as far as they arrived
     * @param notSent mutations whose source no longer held the named bytes
     * @param head the head after it, when the answer came whole
     */
    record Committed(List<MutationResult> results, Set<OpId> notSent, Optional<Cursor> head, Optional<String> failure)
            implements Event {
        public Committed {
            results = List.copyOf(results);
            notSent = Set.copyOf(notSent);
        }
    }

    record Applied(long apply, List<DiskResult> results) implements Event {
        public Applied {
            results = List.copyOf(results);
        }
    }

    /** Something displaced was not what it should have been and is back in the folder beside its place. */
    record Displaced(List<Slot> returned) implements Event {
        public Displaced {
            returned = List.copyOf(returned);
        }
    }

    /** A person's word. */
    record Command(Order order) implements Event {}

    /** What a person can order. */
    enum Order {
        PAUSE,
        RESUME,
        CONFIRM,
        REJECT,
        RESCAN
    }

    /** Time has passed; sent when {@link Engine#deadline()} is reached. */
    record Tick() implements Event {}
}
