package tinysync.server.core;

import tinysync.tree.Item;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Ends the judging of one mutation from within; {@link CommitRules} turns it into a result. Carries no stack: it is an
 * expected outcome, and never leaves this package.
 */
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a version guards. */
    enum Dimension {
        CONTENT,
        PLACE,
        META
    }

    private final ErrorCode code;
    private final transient Optional<Dimension> dimension;
    private final transient Optional<Item> item;

    Rejection(ErrorCode code, String message) {
        this(code, Optional.empty(), message, Optional.empty());
    }

    Rejection(ErrorCode code, String message, Item item) {
        this(code, Optional.empty(), message, Optional.of(item));
    }

    Rejection(ErrorCode code, Dimension dimension, String message, Item item) {
        this(code, Optional.of(dimension), message, Optional.of(item));
    }

    private Rejection(ErrorCode code, Optional<Dimension> dimension, String message, Optional<Item> item) {
        super(message, null, false, false);
        this.code = Objects.requireNonNull(code);
        this.dimension = dimension;
        this.item = item;
    }

    static Rejection of(Refusal refusal) {
        return new Rejection(refusal.code(), Optional.empty(), refusal.getMessage(), refusal.item());
    }

    MutationResult.Refused result(OpId opId) {
        Optional<String> word = dimension.map(d -> d.name().toLowerCase(Locale.ROOT));
        return new MutationResult.Refused(opId, code.wire(), word, getMessage(), item);
    }
}
