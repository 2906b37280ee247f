package tinysync.wire;

import tinysync.tree.Cursor;
import tinysync.tree.MutationResult;

import java.util.Objects;

/** A line of the answer to a commit. */
public sealed interface ResultLine {
    /** What came of the next mutation, in the order of the request. */
    record Result(MutationResult result) implements ResultLine {
        public Result {
            Objects.requireNonNull(result);
        }
    }

    /** The last line: how many results came before, and where the vault is now. */
    record End(long mutations, Cursor head) implements ResultLine {
        public End {
            Objects.requireNonNull(head);
        }
    }

    /**
     * The last line where something went wrong after the answer had begun; mutations without a result are unsettled.
     */
    record Failed(ErrorBody error) implements ResultLine {
        public Failed {
            Objects.requireNonNull(error);
        }
    }
}
