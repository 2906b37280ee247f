package tinysync.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A page of rows.
 *
 * @param next the id to go on behind; empty at the end
 */
public record Page<R, K>(List<R> rows, Optional<K> next) {
    private static final int READ_AT_ONCE = 500;

    public Page {
        rows = List.copyOf(rows);
    }

    /** Rows behind an id, in their order. */
    @FunctionalInterface
    interface Rows<R, K> {
        List<R> behind(Optional<K> after, int limit);
    }

    /**
     * The first {@code limit} of those rows that may be shown. What may not is passed over without a trace: neither
     * where a page ends nor how full it is tells that it is there.
     */
    static <R, K> Page<R, K> of(
            Rows<R, K> rows, Function<R, K> id, Predicate<R> mayBeShown, Optional<K> after, int limit) {
        List<R> shown = new ArrayList<>();
        Optional<K> from = after;
        while (true) {
            List<R> some = rows.behind(from, READ_AT_ONCE);
            for (R row : some) {
                if (mayBeShown.test(row)) {
                    if (shown.size() == limit) {
                        return new Page<>(shown, Optional.of(id.apply(shown.getLast())));
                    }
                    shown.add(row);
                }
            }
            if (some.size() < READ_AT_ONCE) {
                return new Page<>(shown, Optional.empty());
            }
            from = Optional.of(id.apply(some.getLast()));
        }
    }

    /** The same page of what is made of each row. */
    <S> Page<S, K> map(Function<R, S> make) {
        return new Page<>(rows.stream().map(make).toList(), next);
    }
}
