package tinysync.wire;

import tinysync.tree.Item;

import java.util.Objects;
import java.util.Optional;

/**
 * A request was understood well enough to be refused: what happened, to what, and where it helps the current view of
 * the item in the way. Changes nothing. Unchecked, because every boundary (request, socket, command) turns it into its
 * own kind of answer in one place.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Optional<Item> item;

    public Refusal(ErrorCode code, String message) {
        this(code, message, Optional.empty());
    }

    public Refusal(ErrorCode code, String message, Optional<Item> item) {
        super(message, null, false, false);
        this.code = Objects.requireNonNull(code);
        this.item = Objects.requireNonNull(item);
    }

    public ErrorCode code() {
        return code;
    }

    /** The current view of what stood in the way, if there is one. */
    public Optional<Item> item() {
        return item;
    }
}
