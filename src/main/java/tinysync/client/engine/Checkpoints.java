package tinysync.client.engine;

import tinysync.tree.Cursor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Places of the log this device once stood at, dense for the near past and sparse for the far: to find a fork point.
 */
final class Checkpoints {
    static final String NOTE = "checkpoints";
    private static final int MOST = 40;

    private final Books books;
    private final List<Cursor> cursors = new ArrayList<>();

    Checkpoints(Books books, Optional<String> note) {
        this.books = books;
        note.ifPresent(
                text ->
                        Arrays.stream(text.split(" "))
                                .map(Cursor::tryParse)
                                .flatMap(Optional::stream)
                                .forEach(cursors::add));
    }

    List<Cursor> all() {
        return List.copyOf(cursors);
    }

    void add(Cursor cursor) {
        if (!cursors.isEmpty() && cursors.getLast().equals(cursor)) {
            return;
        }
        cursors.add(cursor);
        if (cursors.size() > MOST) {
            // Every second one of the older half goes, so that ever longer steps lie ever further back.
            for (int i = MOST / 2; i > 0; i -= 2) {
                cursors.remove(i);
            }
        }
        record();
    }

    /** What comes after is no part of the server's history any more. */
    void dropAfter(long seq) {
        if (cursors.removeIf(cursor -> cursor.seq() > seq)) {
            record();
        }
    }

    private void record() {
        StringBuilder text = new StringBuilder();
        cursors.forEach(c -> text.append(text.isEmpty() ? "" : " ").append(c.query()));
        books.record(new StateChange.PutNote(NOTE, Optional.of(text.toString())));
    }
}
