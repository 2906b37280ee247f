package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** One line of {@code tinysync events}: something a person may want to know happened. */
public record ClientEvent(
        Instant time,
        What what,
        Optional<ItemId> item,
        String path,
        Optional<String> from,
        Optional<Long> bytes,
        Optional<String> device,
        Optional<String> detail) {
    public ClientEvent {
        Objects.requireNonNull(time);
        Objects.requireNonNull(what);
        Objects.requireNonNull(path);
    }

    /** The kinds of client events; the lower-case name is the word in the output. */
    public enum What {
        UPLOADED,
        DOWNLOADED,
        CREATED,
        MOVED,
        DELETED,
        RESTORED,
        MERGED,
        CONFLICT,
        EDIT_WON,
        PLACE_LOST,
        HELD,
        RESUMED,
        PARKED,
        STATE
    }
}
