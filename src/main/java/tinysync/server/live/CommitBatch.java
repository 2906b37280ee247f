package tinysync.server.live;

import tinysync.server.core.BundleState;
import tinysync.server.core.CommitRules;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.wire.SmallContent;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Mutations of one request that are committed by one transaction.
 *
 * @param instance what the client says it is; checked where it says so
 * @param cursor where the client is in the log; checked where it says so
 * @param bundle the same one for all batches of a request
 */
public record CommitBatch(
        DeviceId device, Optional<UUID> instance, Optional<Cursor> cursor, List<Entry> entries, BundleState bundle) {

    /** The most mutations of one batch. */
    public static final int SIZE_MAX = 64;

    /** A mutation, and the small content that came with it. */
    public record Entry(CommitRules.Submission submission, Optional<SmallContent> content) {
        public Entry {
            Objects.requireNonNull(submission);
            Objects.requireNonNull(content);
        }
    }

    public CommitBatch {
        Objects.requireNonNull(device);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(cursor);
        entries = List.copyOf(entries);
        Objects.requireNonNull(bundle);
    }
}
