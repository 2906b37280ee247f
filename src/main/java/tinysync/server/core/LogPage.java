package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.LogEvent;

import java.util.List;
import java.util.Objects;

/**
 * A piece of the log.
 *
 * @param head the vault's head when the page was read
 * @param minRetained the first seq that is still in the log
 * @param more whether events lie between the last one here and the head
 */
public record LogPage(Cursor head, long minRetained, List<LogEvent> events, boolean more) {
    public LogPage {
        Objects.requireNonNull(head);
        events = List.copyOf(events);
    }
}
