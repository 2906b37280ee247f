package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.wire.EpochStart;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.UUID;

/** What happens to a vault as a whole. All methods need a write transaction. */
public final class VaultRules {
    private VaultRules() {}

    /**
     * Fills an empty vault: its root, its first epoch, its policy. Does nothing, and returns false, when it has them.
     */
    public static boolean create(VaultTx tx, ItemId root, UUID epoch, VaultPolicy policy) {
        if (tx.state().isPresent()) {
            return false;
        }
        tx.putState(new VaultState(root, Cursor.start(epoch), 1, 0, policy, Item.NO_ATTRS));
        tx.addEpoch(new EpochStart(epoch, 1));
        tx.putItem(ItemRow.of(Item.root(root)));
        return true;
    }

    /** The vault's state; a vault that was never created is not there. */
    public static VaultState state(VaultTx tx) {
        return tx.state().orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such vault"));
    }

    /**
     * Changes the policy. What is fixed when the vault is made, or once it has items, cannot change.
     *
     * @throws Refusal bad_request
     */
    public static VaultState setPolicy(VaultTx tx, VaultPolicy policy) {
        checkPolicy(tx, policy);
        VaultState changed = state(tx).withPolicy(policy);
        tx.putState(changed);
        return changed;
    }

    /**
     * Whether {@link #setPolicy} would do it.
     *
     * @throws Refusal bad_request
     */
    public static void checkPolicy(VaultTx tx, VaultPolicy policy) {
        VaultState state = state(tx);
        if (!policy.chunking().equals(state.policy().chunking())) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "the chunking of a vault is fixed when it is made");
        }
        if (policy.names() != state.policy().names() && state.head().seq() > 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "the name policy of a vault is fixed once it has items");
        }
    }

    /**
     * Says that the history up to the head was taken back from a copy: what clients saw beyond it is another history.
     */
    public static Cursor beginEpoch(VaultTx tx, UUID epoch) {
        VaultState state = state(tx);
        Cursor head = new Cursor(epoch, state.head().seq(), state.head().tag());
        tx.addEpoch(new EpochStart(epoch, head.seq() + 1));
        tx.putState(state.withHead(head));
        return head;
    }

    /** Forgets events below {@code seq} (at most the head's); clients behind that must take a snapshot. */
    public static void pruneLog(VaultTx tx, long seq) {
        VaultState state = state(tx);
        long kept = Math.min(seq, state.head().seq());
        if (kept > state.minRetained()) {
            tx.pruneEvents(kept);
            tx.putState(state.withMinRetained(kept));
        }
    }
}
