package tinysync.client.remote;

import tinysync.tree.Cursor;
import tinysync.tree.MutationResult;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of a commit.
 *
 * @param results in the order of the mutations; fewer than those where the answer broke off
 * @param head where the vault is now; present exactly when the answer is whole
 * @param broken why the answer is not whole: the mutations without a result are to be sent again under their op ids
 */
public record CommitReply(List<MutationResult> results, Optional<Cursor> head, Optional<RemoteException> broken) {
    public CommitReply {
        results = List.copyOf(results);
        Objects.requireNonNull(head);
        Objects.requireNonNull(broken);
        if (head.isPresent() == broken.isPresent()) {
            throw new IllegalArgumentException("an answer is either whole or broken");
        }
    }
}
