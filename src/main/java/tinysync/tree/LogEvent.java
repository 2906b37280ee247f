package tinysync.tree;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One applied mutation, as the change log tells it.
 *
 * @param seq its place in the vault's log, gap-free from 1
 * @param tag eight random bytes as 16 hex digits, which tell two histories apart
 * @param op the mutation's word, see {@link Mutation#op()}
 * @param items the full views, as of this seq, of every item that the mutation changed
 * @param confirmed for a deletion: a person released it
 */
public record LogEvent(
        long seq,
        String tag,
        Instant time,
        DeviceId device,
        OpId opId,
        String op,
        List<Item> items,
        boolean confirmed) {
    public LogEvent {
        Objects.requireNonNull(tag);
        Objects.requireNonNull(time);
        Objects.requireNonNull(device);
        Objects.requireNonNull(opId);
        Objects.requireNonNull(op);
        items = List.copyOf(items);
    }
}
