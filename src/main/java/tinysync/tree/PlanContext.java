package tinysync.tree;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What the planner needs beside the trees.
 *
 * @param busy items that an operation is under way for: nothing is decided about them
 * @param createdAtServer items that the server has accepted although its log has not come back yet
 * @param hidden items of the vault that shall not be on this disk
 * @param keptHere items that are gone in the vault and stay on this disk, as no part of it
 * @param seq the seq to which Remote was replayed
 * @param canWrite the device may change the vault
 * @param device its name, for conflict copies
 * @param now for the names of conflict copies
 * @param batch the first half of the op ids given out by this plan
 */
public record PlanContext(
        Predicate<ItemId> busy,
        Predicate<ItemId> createdAtServer,
        Predicate<ItemId> hidden,
        Predicate<ItemId> keptHere,
        long seq,
        boolean canWrite,
        String device,
        Instant now,
        UUID batch) {
    public PlanContext {
        Objects.requireNonNull(busy);
        Objects.requireNonNull(createdAtServer);
        Objects.requireNonNull(hidden);
        Objects.requireNonNull(keptHere);
        Objects.requireNonNull(device);
        Objects.requireNonNull(now);
        Objects.requireNonNull(batch);
    }
}
