package tinysync.tree;

import java.util.List;
import java.util.Optional;

/** What came of one {@link Mutation}. Expected outcomes, so they are returned and never thrown. */
public sealed interface MutationResult {
    OpId opId();

    /**
     * It took effect at {@code seq}.
     *
     * @param items the views of all items it changed, as of that seq (for an adopted folder: the folder that was there)
     */
    record Applied(OpId opId, long seq, List<Item> items) implements MutationResult {
        public Applied {
            items = List.copyOf(items);
        }
    }

    /** It had taken effect before, at {@code seq}; {@code items} as of then. */
    record Duplicate(OpId opId, long seq, List<Item> items) implements MutationResult {
        public Duplicate {
            items = List.copyOf(items);
        }
    }

    /**
     * It changed nothing.
     *
     * @param code one of the error codes of FORMATS
     * @param dimension which version did not match: {@code content}, {@code place} or {@code meta}
     * @param item the current view of what stood in the way
     */
    record Refused(OpId opId, String code, Optional<String> dimension, String message, Optional<Item> item)
            implements MutationResult {}
}
