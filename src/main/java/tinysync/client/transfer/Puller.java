package tinysync.client.transfer;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;
import tinysync.wire.CommonCodec;
import tinysync.wire.ErrorCode;
import tinysync.wire.LogPage;
import tinysync.wire.SnapshotPage;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads log and snapshot, and says what else happened in the engine's words. For one thread; a call blocks. */
public final class Puller {
    private static final int EVENTS_MAX = 1_000;

    /** A snapshot that goes on and on is not one; ten million items are beyond what a client holds in memory. */
    private static final long SNAPSHOT_ITEMS_MAX = 10_000_000;

    /** In the words of {@code status}: what came is not an answer of a server of ours. */
    private static final String BAD_ANSWER = "bad_answer";

    private final ServerApi api;
    private final VaultId vault;
    private long snapshotItems;

    public Puller(ServerApi api, VaultId vault) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
    }

    /** The next events of the log. */
    public Event pullLog(Effect.PullLog pull) {
        try {
            LogPage page = api.log(vault, pull.after(), EVENTS_MAX);
            return new Event.LogPulled(pull.after(), page.head(), page.events(), page.more());
        } catch (RemoteException failed) {
            return failed(failed);
        }
    }

    /** The first page of the tree, or the one named. */
    public Event pullSnapshot(Effect.PullSnapshot pull) {
        try {
            SnapshotPage page = api.snapshot(vault, pull.page());
            snapshotItems = pull.page().isEmpty() ? 0 : snapshotItems;
            snapshotItems += page.items().size();
            boolean endless =
                    snapshotItems > SNAPSHOT_ITEMS_MAX
                            || (page.next().isPresent() && (page.items().isEmpty() || page.next().equals(pull.page())));
            return endless
                    ? new Event.PullFailed(BAD_ANSWER, "the server's snapshot does not come to an end")
                    : new Event.SnapshotPulled(Optional.of(page.at()), page.items(), page.next());
        } catch (RemoteException failed) {
            return failed(failed);
        }
    }

    /** Where the server's history and ours part. */
    public Event findCommon(Effect.FindCommon find) {
        List<Cursor> checkpoints = newest(find.checkpoints());
        try {
            Cursor common = api.common(vault, checkpoints).common();
            boolean possible = common.seq() == 0 || checkpoints.contains(common);
            return possible
                    ? new Event.CommonFound(common)
                    : new Event.PullFailed(BAD_ANSWER, "the server names a fork point that nobody asked for");
        } catch (RemoteException failed) {
            return failed(failed);
        }
    }

    /** One request takes so many; older ones only make the fork point seem earlier, which loses nothing. */
    private static List<Cursor> newest(List<Cursor> checkpoints) {
        return checkpoints.stream()
                .sorted((a, b) -> Long.compare(b.seq(), a.seq()))
                .limit(CommonCodec.CHECKPOINTS_MAX)
                .toList();
    }

    private static Event failed(RemoteException failed) {
        return switch (failed) {
            case RemoteException.Refused refused -> refused(refused);
            case RemoteException.Unreachable gone ->
                    new Event.PullFailed(Event.PullFailed.OFFLINE, String.valueOf(gone.getMessage()));
            case RemoteException.Garbled garbled ->
                    new Event.PullFailed(BAD_ANSWER, String.valueOf(garbled.getMessage()));
        };
    }

    private static Event refused(RemoteException.Refused refused) {
        if (refused.is(ErrorCode.HISTORY_FORKED)) {
            return new Event.HistoryForked();
        }
        if (refused.is(ErrorCode.CURSOR_EXPIRED)) {
            return new Event.CursorExpired();
        }
        return Access.isLost(refused)
                ? new Event.AccessLost(refused.getMessage())
                : new Event.PullFailed(refused.code(), String.valueOf(refused.getMessage()));
    }
}
