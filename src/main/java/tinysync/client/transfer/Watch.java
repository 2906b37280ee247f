package tinysync.client.transfer;

import tinysync.client.engine.Event;
import tinysync.tree.Cursor;

import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link Link} has told about one vault. Who listens is told on another thread and may take long; meanwhile only
 * the newest head waits. Guarded by the lock of the link.
 */
final class Watch implements AutoCloseable {
    private enum Told {
        NOTHING,
        ONLINE,
        OFFLINE,
        LOST
    }

    private final Lane<Event> mail;
    private Told told = Told.NOTHING;
    private Optional<Cursor> head = Optional.empty();
    private long confirmedNanos;

    Watch(Consumer<Event> listener) {
        this.mail = new Lane<>(1, Watch::nextEvents, events -> events.forEach(listener));
    }

    /** The next event; of heads that follow each other only the last. */
    private static List<Event> nextEvents(Deque<Event> waiting) {
        Event event = waiting.removeFirst();
        while (event instanceof Event.HeadMoved && waiting.peekFirst() instanceof Event.HeadMoved) {
            event = waiting.removeFirst();
        }
        return List.of(event);
    }

    boolean isOnline() {
        return told == Told.ONLINE;
    }

    Optional<Cursor> head() {
        return head;
    }

    void heard(Cursor now, long nanos) {
        if (told != Told.ONLINE) {
            mail.add(new Event.Online(Optional.of(now)));
        } else if (!head.equals(Optional.of(now))) {
            mail.add(new Event.HeadMoved(now));
        }
        told = Told.ONLINE;
        head = Optional.of(now);
        confirmedNanos = nanos;
    }

    /** The server was asked, and the head is still the one last heard of. */
    void confirmed(long nanos) {
        confirmedNanos = nanos;
    }

    boolean isConfirmed(long nanos, long nanosMax) {
        return told == Told.ONLINE && nanos - confirmedNanos <= nanosMax;
    }

    void offline(String reason) {
        if (told == Told.NOTHING || told == Told.ONLINE) {
            told = Told.OFFLINE;
            mail.add(new Event.Offline(reason));
        }
    }

    void lost(String message) {
        if (told != Told.LOST) {
            told = Told.LOST;
            mail.add(new Event.AccessLost(message));
        }
    }

    @Override
    public void close() {
        mail.close();
    }
}
