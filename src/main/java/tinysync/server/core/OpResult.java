package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * That an operation took effect. Its views are read again from its events.
 *
 * @param mutationHash of the mutation that carried the op id
 * @param firstSeq its first event, for a recursive restore; else the same as {@code seq}
 * @param seq its last event; for an adoption the head of that moment
 * @param adopted the folder that was adopted; such an operation has no event
 */
public record OpResult(Hash mutationHash, long firstSeq, long seq, Optional<ItemId> adopted, Instant at) {
    public OpResult {
        Objects.requireNonNull(mutationHash);
        Objects.requireNonNull(adopted);
        Objects.requireNonNull(at);
    }
}
