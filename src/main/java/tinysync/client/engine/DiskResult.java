package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.util.Optional;

/** What came of one {@link DiskOp}. */
public sealed interface DiskResult {
    ItemId item();

    /**
     * Done and durable.
     *
     * @param now what is at the op's (target) place now; empty after a removal
     * @param kept what was kept beside it under the conflict name
     */
    record Done(ItemId item, Optional<DiskEntry.Seen> now, Optional<DiskEntry.Seen> kept) implements DiskResult {}

    /** The disk was not as expected; nothing was changed, or what came out is safe beside. Look again. */
    record Stale(ItemId item, String reason) implements DiskResult {}

    /** A folder that is to be removed still holds something. */
    record NotEmpty(ItemId item) implements DiskResult {}

    /**
     * It cannot be done now: full disk, no permission, name too long.
     *
     * @param reason a short word for {@code status}: {@code no_space}, {@code permission_denied}, {@code
     *     name_too_long}, {@code read_only}, {@code io_error}
     */
    record Failed(ItemId item, String reason, String message) implements DiskResult {}
}
