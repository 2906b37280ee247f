package tinysync.client.engine;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.SyncedEntry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows the vault's change log into the Remote tree, by snapshot where there is no cursor or it is too old. */
final class RemoteLog {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private enum Need {
        LOG,
        SNAPSHOT,
        FORK_POINT
    }

    private final Books books;
    private final Settlement settlement;
    private final Checkpoints checkpoints;
    private boolean online;
    private boolean pulling;
    private boolean answerIsWorthless;
    private boolean askAgain;
    private boolean caughtUp;
    private Need need;
    private Optional<Cursor> head = Optional.empty();
    private Optional<String> page = Optional.empty();
    private Optional<Cursor> snapshotAt = Optional.empty();
    private Optional<Cursor> forkedAt = Optional.empty();
    private final List<Item> snapshot = new ArrayList<>();
    private Instant notBefore = Instant.MIN;

    RemoteLog(Books books, Settlement settlement, Checkpoints checkpoints) {
        this.books = books;
        this.settlement = settlement;
        this.checkpoints = checkpoints;
        this.need = books.cursor().isPresent() ? Need.LOG : Need.SNAPSHOT;
    }

    boolean isOnline() {
        return online;
    }

    /** True when Remote shows the vault up to the last head that was heard of. */
    boolean isCaughtUp() {
        return online && caughtUp;
    }

    long headSeq() {
        return Math.max(books.seq(), head.map(Cursor::seq).orElse(0L));
    }

    void online(Optional<Cursor> told) {
        online = true;
        caughtUp = false;
        notBefore = Instant.MIN;
        told.ifPresent(h -> head = Optional.of(h));
    }

    void offline() {
        online = false;
        caughtUp = false;
        // Whatever is under way is still answered one day; by then it may belong to a snapshot that was given up.
        answerIsWorthless = pulling;
        abandonSnapshot();
    }

    void headMoved(Cursor now) {
        head = Optional.of(now);
        if (!books.cursor().equals(head)) {
            recheck();
        }
    }

    /** What was believed of the server may be wrong: read the log before anything is planned. */
    void recheck() {
        caughtUp = false;
        // A pull that is under way may have read the log before that happened.
        askAgain = pulling;
    }

    /** Takes note of an answer; false when it is to be ignored. */
    private boolean counts() {
        pulling = false;
        boolean counts = !answerIsWorthless;
        answerIsWorthless = false;
        return counts;
    }

    void emit(Instant now, List<Effect> effects) {
        if (!online || pulling || caughtUp || notBefore.isAfter(now)) {
            return;
        }
        pulling = true;
        askAgain = false;
        effects.add(
                switch (need) {
                    case LOG -> new Effect.PullLog(books.cursor().orElseThrow());
                    case SNAPSHOT -> new Effect.PullSnapshot(page);
                    case FORK_POINT -> new Effect.FindCommon(checkpoints.all());
                });
    }

    Optional<Instant> deadline() {
        return online && !pulling && !caughtUp && !notBefore.equals(Instant.MIN)
                ? Optional.of(notBefore)
                : Optional.empty();
    }

    void failed(Instant now) {
        if (counts()) {
            notBefore = now.plus(RETRY);
            abandonSnapshot();
        }
    }

    void expired() {
        if (counts()) {
            need = Need.SNAPSHOT;
            abandonSnapshot();
        }
    }

    void forked() {
        if (counts()) {
            need = Need.FORK_POINT;
            abandonSnapshot();
        }
    }

    void commonFound(Cursor common) {
        if (counts()) {
            forkedAt = Optional.of(common);
            need = Need.SNAPSHOT;
        }
    }

    void pulled(Event.LogPulled pulled, Instant now) {
        if (!counts() || !books.cursor().equals(Optional.of(pulled.after()))) {
            return;
        }
        Cursor at = pulled.after();
        for (LogEvent event : pulled.events()) {
            if (event.seq() != at.seq() + 1) {
                notBefore = now.plus(RETRY);
                break;
            }
            at = new Cursor(pulled.head().epoch(), event.seq(), event.tag());
            replay(event);
        }
        head = Optional.of(pulled.head());
        boolean atHead = !pulled.more() && at.seq() == pulled.head().seq();
        if (atHead) {
            at = pulled.head();
            checkpoints.add(at);
        }
        caughtUp = atHead && !askAgain;
        if (!at.equals(pulled.after())) {
            books.setCursor(at);
        }
        settlement.replayedTo(at.seq());
    }

    private void replay(LogEvent event) {
        for (Item item : event.items()) {
            if (event.op().equals(Mutation.RESTORE) && item.kind().isFolder()) {
                dropWhatDiedIn(item.id(), event.seq());
            }
            Optional<Item> known = books.remote.get(item.id());
            if (known.isPresent() && known.get().versions().max() > event.seq()) {
                continue;
            }
            if (item.deleted()) {
                books.dropRemote(item.id());
            } else {
                books.putRemote(item);
            }
        }
        settlement.settle(event);
    }

    /**
     * A folder comes back as an empty shell. Where it died and came back while a snapshot was read, its death may be
     * older than its view here and was passed over, and what died with it may stand on an earlier page.
     */
    private void dropWhatDiedIn(ItemId folder, long seq) {
        for (ItemId child : List.copyOf(books.remote.children(folder))) {
            if (books.remote.get(child).filter(item -> item.versions().max() < seq).isPresent()) {
                books.dropRemote(child);
            }
        }
    }

    void snapshotPulled(Event.SnapshotPulled pulled) {
        if (!counts()) {
            return;
        }
        pulled.at().filter(at -> snapshotAt.isEmpty()).ifPresent(at -> snapshotAt = Optional.of(at));
        snapshot.addAll(pulled.items());
        page = pulled.next();
        if (page.isPresent()) {
            return;
        }
        books.clearRemote();
        snapshot.forEach(books::putRemote);
        books.setCursor(snapshotAt.orElseThrow());
        settlement.forgetAll();
        forkedAt.ifPresent(common -> afterFork(common.seq()));
        forkedAt = Optional.empty();
        need = Need.LOG;
        books.markAllDirty();
        abandonSnapshot();
    }

    private void abandonSnapshot() {
        snapshot.clear();
        page = Optional.empty();
        snapshotAt = Optional.empty();
        if (forkedAt.isPresent()) {
            // Until there is a connection again, the server may be restored once more, from an even older copy.
            forkedAt = Optional.empty();
            need = Need.FORK_POINT;
        }
    }

    /** What was agreed on after the fork point is lost history: it may not lead to a deletion or an overwrite here. */
    private void afterFork(long common) {
        checkpoints.dropAfter(common);
        for (SyncedEntry entry : List.copyOf(books.synced.all())) {
            if (entry.versions().max() <= common || entry.place().isEmpty()) {
                continue;
            }
            Optional<Item> remote = books.remote.get(entry.id());
            boolean here = books.local.get(entry.id()).filter(n -> !n.isAbsent()).isPresent();
            books.dropSynced(entry.id());
            if (!here) {
                books.dropLocal(entry.id());
            } else if (remote.isPresent() && remote.get().versions().max() <= common) {
                // The server's state is an ancestor of what lies here: agreeing on it lets the local one go up.
                books.putSynced(SyncedEntries.backTo(common, entry, remote.get()));
            }
        }
    }
}
