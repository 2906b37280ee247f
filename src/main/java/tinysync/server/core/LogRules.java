package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.LogEvent;
import tinysync.wire.CommonPoint;
import tinysync.wire.EpochStart;
import tinysync.wire.ErrorCode;
import tinysync.wire.LogPage;
import tinysync.wire.Refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the log says to whom: cursors, pages, and where two histories part. Only reads. */
public final class LogRules {
    /** The most events of one page. */
    public static final int PAGE_MAX = 1_000;

    /** Events may carry 1,000 views each, so a page is also bounded by these. */
    private static final int PAGE_ITEMS_MAX = 5_000;

    /** … and by the characters of what clients may choose freely. */
    private static final long PAGE_TEXT_MAX = 2L << 20;

    private LogRules() {}

    /** The head of the log. */
    public static Cursor head(VaultTx tx) {
        return VaultRules.state(tx).head();
    }

    /**
     * A cursor is good when the client that holds it saw a beginning of this very history.
     *
     * @throws Refusal history_forked or cursor_expired
     */
    public static void checkCursor(VaultTx tx, Cursor cursor) {
        VaultState state = VaultRules.state(tx);
        if (!cursor.epoch().equals(state.head().epoch()) || cursor.seq() > state.head().seq()) {
            throw forked();
        }
        if (cursor.seq() == 0 && !cursor.tag().equals(Cursor.ZERO_TAG)) {
            throw forked();
        }
        long needed = cursor.seq() == 0 ? 1 : cursor.seq();
        if (needed < state.minRetained()) {
            throw new Refusal(ErrorCode.CURSOR_EXPIRED, "the log begins at " + state.minRetained());
        }
        if (cursor.seq() > 0 && !tagged(tx, cursor)) {
            throw forked();
        }
    }

    private static boolean tagged(VaultTx tx, Cursor cursor) {
        return tx.eventTag(cursor.seq()).equals(Optional.of(cursor.tag()));
    }

    private static Refusal forked() {
        return new Refusal(ErrorCode.HISTORY_FORKED, "the cursor is of another history");
    }

    /**
     * The events behind a cursor, at most {@code limit} (cut to 1 … {@value #PAGE_MAX}).
     *
     * @throws Refusal history_forked or cursor_expired
     */
    public static LogPage page(VaultTx tx, Cursor cursor, int limit) {
        checkCursor(tx, cursor);
        VaultState state = VaultRules.state(tx);
        int count = Math.clamp(limit, 1, PAGE_MAX);
        List<LogEvent> events = new ArrayList<>();
        long at = cursor.seq();
        int items = 0;
        long text = 0;
        while (events.size() < count && items < PAGE_ITEMS_MAX && text < PAGE_TEXT_MAX && at < state.head().seq()) {
            // One by one: nobody knows how large the next one is before it is read.
            long next = at + 1;
            LogEvent event =
                    tx.events(at, 1).stream()
                            .filter(e -> e.seq() == next)
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("the log has a gap before " + next));
            events.add(event);
            items += event.items().size();
            text += event.items().stream().mapToLong(SnapshotRules::text).sum();
            at = next;
        }
        return new LogPage(state.head(), state.minRetained(), events, at < state.head().seq());
    }

    /**
     * The largest of a client's checkpoints that lies in this history, as a cursor of the current epoch. Where no tag
     * vouches for any, also because the log no longer has them, it is the start: the client then trusts nothing that it
     * saw, which costs copies and loses nothing. The start of a log that forgot its beginning is expired as any other.
     */
    public static CommonPoint common(VaultTx tx, List<Cursor> checkpoints) {
        VaultState state = VaultRules.state(tx);
        List<EpochStart> epochs = tx.epochs();
        Cursor best = Cursor.start(state.head().epoch());
        for (Cursor checkpoint : checkpoints) {
            boolean shared = checkpoint.seq() <= lastSeqOf(checkpoint, epochs, state) && tagged(tx, checkpoint);
            if (shared && checkpoint.seq() > best.seq()) {
                best = new Cursor(state.head().epoch(), checkpoint.seq(), checkpoint.tag());
            }
        }
        return new CommonPoint(best, epochs);
    }

    /** The last seq of this history that a client of the checkpoint's epoch can have seen; -1 for an unknown epoch. */
    private static long lastSeqOf(Cursor checkpoint, List<EpochStart> epochs, VaultState state) {
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).epoch().equals(checkpoint.epoch())) {
                boolean last = i == epochs.size() - 1;
                return last ? state.head().seq() : epochs.get(i + 1).firstSeq() - 1;
            }
        }
        return -1;
    }
}
