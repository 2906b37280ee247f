package tinysync.client.engine;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.RemoteTree;
import tinysync.tree.SyncedEntry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Follows the vault's change log into the Remote tree, by snapshot where there is no cursor or it is too old. */
final class RemoteLog {
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);

    /** One useless answer is an accident; from so many in a row on, it is the state of things. */
    private static final int FAILURES_TOLD = 2;

    private enum Need {
        LOG,
        SNAPSHOT,
        FORK_POINT
    }

    private final Books books;
    private final Settlement settlement;
    private final Checkpoints checkpoints;
    private final Consistency consistency;
    private final Hold incoming;
    private final long treeBytesMax;
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
    private long snapshotWeight;
    private Instant notBefore = Instant.MIN;
    private Duration retry = RETRY_MIN;
    private int failures;
    private Optional<Trouble> trouble = Optional.empty();

    /**
     * @param incoming is told which deletions a person agreed to
     * @param treeBytesMax what the vault's tree may weigh
     */
    RemoteLog(
            Books books,
            Settlement settlement,
            Checkpoints checkpoints,
            Consistency consistency,
            Hold incoming,
            long treeBytesMax) {
        this.books = books;
        this.settlement = settlement;
        this.checkpoints = checkpoints;
        this.consistency = consistency;
        this.incoming = incoming;
        this.treeBytesMax = treeBytesMax;
        this.need = books.cursor().isPresent() ? Need.LOG : Need.SNAPSHOT;
    }

    boolean isOnline() {
        return online;
    }

    /** True when Remote shows the vault up to the last head that was heard of. */
    boolean isCaughtUp() {
        return online && caughtUp;
    }

    /** Why the log is not followed though the server answers. */
    Optional<Trouble> trouble() {
        return online ? trouble : Optional.empty();
    }

    /** True when that goes on, and is not one useless answer among others. */
    boolean isStuck() {
        return trouble().isPresent() && failures >= FAILURES_TOLD;
    }

    long headSeq() {
        return Math.max(books.seq(), head.map(Cursor::seq).orElse(0L));
    }

    void online(Optional<Cursor> told) {
        online = true;
        caughtUp = false;
        notBefore = Instant.MIN;
        retry = RETRY_MIN;
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

    void failed(Event.PullFailed failed, Instant now) {
        if (counts()) {
            Trouble why = new Trouble(failed.code(), failed.message());
            tryLater(failed.code().equals(Event.PullFailed.OFFLINE) ? Optional.empty() : Optional.of(why), now);
            abandonSnapshot();
        }
    }

    private void tryLater(Optional<Trouble> why, Instant now) {
        failures++;
        trouble = why.or(() -> trouble);
        notBefore = now.plus(retry);
        retry = retry.compareTo(RETRY_MAX.dividedBy(2)) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
    }

    /** What the server said cannot be: nothing follows from it. */
    private void refuse(String fault, Instant now) {
        String what = "the server contradicts itself: " + fault + "; nothing is changed here: tell its operator";
        tryLater(Optional.of(new Trouble(Trouble.INCONSISTENT, what)), now);
    }

    /** A person waits: what failed is not put off any longer. */
    void hurry() {
        notBefore = Instant.MIN;
        retry = RETRY_MIN;
    }

    private void succeeded() {
        failures = 0;
        trouble = Optional.empty();
        retry = RETRY_MIN;
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
        if (outgrows(books.remote.weight(), pulled.events().stream().flatMap(event -> event.items().stream()))) {
            tryLater(Optional.of(tooLarge()), now);
            return;
        }
        Optional<String> fault = consistency.faultOf(pulled.events());
        if (fault.isPresent()) {
            refuse(fault.get(), now);
            return;
        }
        Cursor at = pulled.after();
        for (LogEvent event : pulled.events()) {
            if (event.seq() != at.seq() + 1) {
                refuse("its log has a gap before " + event.seq(), now);
                break;
            }
            at = new Cursor(pulled.head().epoch(), event.seq(), event.tag());
            replay(event);
            consistency.changed(event.items());
        }
        head = Optional.of(pulled.head());
        boolean atHead = !pulled.more() && at.seq() == pulled.head().seq();
        if (atHead) {
            at = pulled.head();
            checkpoints.add(at);
        }
        if (!at.equals(pulled.after())) {
            books.setCursor(at);
        }
        caughtUp = atHead && isSound(now) && !askAgain;
        // At the head nothing is left to come, whatever number the server gave it.
        settlement.replayedTo(caughtUp ? Long.MAX_VALUE : at.seq());
    }

    /** A tree that cannot be is not planned with, but read anew as a whole. */
    private boolean isSound(Instant now) {
        Optional<String> fault = consistency.faultOfTree();
        fault.ifPresentOrElse(
                what -> {
                    refuse(what, now);
                    need = Need.SNAPSHOT;
                },
                this::succeeded);
        return fault.isEmpty();
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
                Set<ItemId> gone = books.dropRemote(item.id());
                if (event.confirmed()) {
                    incoming.wereConfirmed(gone);
                }
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

    void snapshotPulled(Event.SnapshotPulled pulled, Instant now) {
        if (!counts()) {
            return;
        }
        pulled.at().filter(at -> snapshotAt.isEmpty()).ifPresent(at -> snapshotAt = Optional.of(at));
        if (outgrows(snapshotWeight, pulled.items().stream())) {
            tryLater(Optional.of(tooLarge()), now);
            abandonSnapshot();
            return;
        }
        snapshotWeight += pulled.items().stream().mapToLong(RemoteTree::weight).sum();
        snapshot.addAll(pulled.items());
        page = pulled.next();
        if (page.isPresent()) {
            return;
        }
        Optional<String> fault = consistency.faultOf(snapshot);
        if (fault.isPresent()) {
            refuse(fault.get(), now);
            abandonSnapshot();
            return;
        }
        consistency.allChanged();
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

    private boolean outgrows(long weight, Stream<Item> more) {
        return weight + more.mapToLong(RemoteTree::weight).sum() > treeBytesMax;
    }

    private static Trouble tooLarge() {
        return new Trouble(
                "vault_too_large",
                "the vault has more items than this client has memory for: give it more (java -Xmx)");
    }

    private void abandonSnapshot() {
        snapshotWeight = 0;
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
