package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.ItemId;

import java.util.Objects;

/**
 * The one row that every vault has.
 *
 * @param root the root folder
 * @param head the last event; its epoch is the current one
 * @param minRetained the first seq whose event is still in the log; 1 when nothing was pruned
 * @param storedBytes the sum of all stored content, chunks counted once
 * @param attrs an opaque JSON object as text
 */
public record VaultState(
        ItemId root, Cursor head, long minRetained, long storedBytes, VaultPolicy policy, String attrs) {
    public VaultState {
        Objects.requireNonNull(root);
        Objects.requireNonNull(head);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(attrs);
    }

    public VaultState withHead(Cursor newHead) {
        return new VaultState(root, newHead, minRetained, storedBytes, policy, attrs);
    }

    public VaultState withMinRetained(long seq) {
        return new VaultState(root, head, seq, storedBytes, policy, attrs);
    }

    public VaultState withStoredBytes(long bytes) {
        return new VaultState(root, head, minRetained, bytes, policy, attrs);
    }

    public VaultState withPolicy(VaultPolicy newPolicy) {
        return new VaultState(root, head, minRetained, storedBytes, newPolicy, attrs);
    }
}
