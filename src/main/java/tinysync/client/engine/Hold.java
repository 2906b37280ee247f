package tinysync.client.engine;

import tinysync.tree.DeleteVeto;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.Operation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The safety hold on local deletions: they leave only after a moment without further ones, and when there are too many
 * at once they wait for a person's word.
 */
final class Hold {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int EXAMPLES = 10;

    private final Desk desk;
    private final EngineOptions.HoldLimit limit;
    private final News news;
    private final Set<ItemId> waiting = new LinkedHashSet<>();
    private final Set<ItemId> released = new HashSet<>();
    private final Set<ItemId> confirmed = new HashSet<>();
    private final Deque<Sent> sent = new ArrayDeque<>();
    private Optional<Instant> first = Optional.empty();
    private Optional<Instant> last = Optional.empty();
    private Optional<StatusView.Held> held = Optional.empty();

    private record Sent(Instant at, long count) {}

    Hold(Desk desk, EngineOptions.HoldLimit limit, News news) {
        this.desk = desk;
        this.limit = limit;
        this.news = news;
    }

    Optional<StatusView.Held> held() {
        return held;
    }

    /** True while deletions gather that have not left yet. */
    boolean isGathering() {
        return !waiting.isEmpty() && held.isEmpty();
    }

    /** The operation as it may go out now; empty when it has to wait. */
    Optional<Operation.Send> pass(Operation.Send send, Instant now) {
        if (!isDeletion(send.mutation())) {
            return Optional.of(send);
        }
        if (released.contains(send.item())) {
            return Optional.of(confirmed.contains(send.item()) ? confirm(send) : send);
        }
        if (waiting.add(send.item())) {
            first = first.or(() -> Optional.of(now));
            last = Optional.of(now);
        }
        return Optional.empty();
    }

    private static boolean isDeletion(Mutation mutation) {
        return mutation instanceof Mutation.Delete || mutation instanceof Mutation.DeleteSubtree;
    }

    private static Operation.Send confirm(Operation.Send send) {
        return send.mutation() instanceof Mutation.DeleteSubtree d
                ? new Operation.Send(
                        send.item(),
                        new Mutation.DeleteSubtree(d.opId(), d.item(), d.basePlace(), d.appliedSeq(), true))
                : send;
    }

    /** When what has gathered is judged, or, while it is held, counted anew. */
    Optional<Instant> deadline() {
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Instant quiet = last.get().plus(QUIET);
        Instant longest = first.orElseThrow().plus(LONGEST);
        return Optional.of(quiet.isBefore(longest) ? quiet : longest);
    }

    /** Something about the item changed: its deletion may be done, or no longer wished for. */
    void meet(ItemId id) {
        if (!isGone(id)) {
            released.remove(id);
            confirmed.remove(id);
            if (waiting.remove(id) && waiting.isEmpty()) {
                nothingWaits();
            }
        }
    }

    /** Lets go, or holds, what has gathered long enough. */
    void judge(Instant now) {
        if (deadline().isEmpty() || deadline().get().isAfter(now)) {
            return;
        }
        first = Optional.empty();
        last = Optional.empty();
        waiting.removeIf(id -> !isGone(id));
        while (!sent.isEmpty() && sent.peekFirst().at().plus(WINDOW).isBefore(now)) {
            sent.removeFirst();
        }
        long deletes = below(waiting).size();
        long recent = sent.stream().mapToLong(Sent::count).sum();
        long vault = desk.books.remote.size() + recent;
        if (waiting.isEmpty()) {
            nothingWaits();
        } else if (held.isPresent()) {
            held = Optional.of(view(deletes));
        } else if (DeleteVeto.holds(limit.on(), limit.count(), limit.percent(), recent + deletes, vault)) {
            held = Optional.of(view(deletes));
            news.say(ClientEvent.What.HELD, waiting.iterator().next(), deletes + " deletions wait to be confirmed");
        } else {
            sent.addLast(new Sent(now, deletes));
            release();
        }
    }

    private StatusView.Held view(long deletes) {
        return new StatusView.Held(
                waiting.iterator().next().toString(),
                "mass_delete",
                "up",
                deletes,
                0,
                waiting.stream().limit(EXAMPLES).map(news::path).toList());
    }

    /** Still in the vault and still not on the disk: else its deletion is done, or no longer wished for. */
    private boolean isGone(ItemId id) {
        return desk.books.remote.has(id) && desk.books.local.get(id).filter(LocalNode::isAbsent).isPresent();
    }

    private void nothingWaits() {
        first = Optional.empty();
        last = Optional.empty();
        held = Optional.empty();
    }

    private Set<ItemId> below(Set<ItemId> roots) {
        Set<ItemId> all = new HashSet<>();
        Deque<ItemId> left = new ArrayDeque<>(roots);
        while (!left.isEmpty()) {
            ItemId at = left.pop();
            if (desk.books.remote.has(at) && all.add(at)) {
                left.addAll(desk.books.remote.children(at));
            }
        }
        return all;
    }

    private void release() {
        released.addAll(waiting);
        waiting.forEach(desk.books::markDirty);
        waiting.clear();
        nothingWaits();
    }

    /** A person says that the deletions are meant. */
    void confirm() {
        if (held.isPresent()) {
            confirmed.addAll(waiting);
            release();
            news.state("resumed: the deletions were confirmed");
        }
    }

    /** A person says that the deletions are not meant: everything comes back. */
    void reject() {
        if (held.isEmpty()) {
            return;
        }
        for (ItemId id : below(waiting)) {
            if (desk.books.local.get(id).filter(LocalNode::isAbsent).isPresent()) {
                desk.books.dropLocal(id);
                desk.books.dropSynced(id);
            }
        }
        List.copyOf(waiting).forEach(desk.books::changed);
        waiting.clear();
        nothingWaits();
        news.state("resumed: the deletions were rejected");
    }
}
