package tinysync.client.engine;

import tinysync.tree.DeleteVeto;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.Operation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The safety hold on deletions of one direction: when there are too many at once, they wait for a person's word. Those
 * made here leave only after a moment without further ones; those made elsewhere come as a log that is complete, and
 * are judged as soon as all of it was planned.
 */
final class Hold {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int EXAMPLES = 10;

    /** What a direction makes of the same rules. */
    private interface Side {
        /** Still to be deleted there, and still deleted here. */
        boolean isGone(ItemId id);

        /** Whether its deletion, or that of a folder above it, would take it away. */
        boolean isThere(ItemId id);

        Collection<ItemId> children(ItemId id);

        /** Items that could be deleted. */
        long size();

        /** Nobody meant it: the item comes back. */
        void undo(ItemId id);
    }

    private final Desk desk;
    private final EngineOptions.HoldLimit limit;
    private final News news;
    private final Side side;
    private final String direction;
    private final Duration quiet;
    private final Set<ItemId> waiting = new LinkedHashSet<>();
    private final Set<ItemId> released = new HashSet<>();
    private final Set<ItemId> confirmed = new HashSet<>();
    private final Deque<Sent> sent = new ArrayDeque<>();
    private Optional<Instant> first = Optional.empty();
    private Optional<Instant> last = Optional.empty();
    private Optional<StatusView.Held> held = Optional.empty();

    /** Something does not wait any more, and what is shown was counted before. */
    private boolean fewer;

    private record Sent(Instant at, long count) {}

    private Hold(Desk desk, EngineOptions.HoldLimit limit, News news, Side side, String direction, Duration quiet) {
        this.desk = desk;
        this.limit = limit;
        this.news = news;
        this.side = side;
        this.direction = direction;
        this.quiet = quiet;
    }

    /** On deletions made here, before they reach the server. */
    static Hold outgoing(Desk desk, EngineOptions.HoldLimit limit, News news) {
        return new Hold(desk, limit, news, new Up(desk.books), "up", QUIET);
    }

    /** On deletions made elsewhere, before they reach the disk. */
    static Hold incoming(Desk desk, EngineOptions.HoldLimit limit, News news) {
        return new Hold(desk, limit, news, new Down(desk.books), "down", Duration.ZERO);
    }

    private record Up(Books books) implements Side {
        /** Still in the vault and still not on the disk: else its deletion is done, or no longer wished for. */
        @Override
        public boolean isGone(ItemId id) {
            return books.remote.has(id) && books.local.get(id).filter(LocalNode::isAbsent).isPresent();
        }

        @Override
        public boolean isThere(ItemId id) {
            return books.remote.has(id);
        }

        @Override
        public Collection<ItemId> children(ItemId id) {
            return books.remote.children(id);
        }

        @Override
        public long size() {
            return books.remote.size();
        }

        @Override
        public void undo(ItemId id) {
            if (books.local.get(id).filter(LocalNode::isAbsent).isPresent()) {
                books.dropLocal(id);
                books.dropSynced(id);
            }
        }
    }

    private record Down(Books books) implements Side {
        @Override
        public boolean isGone(ItemId id) {
            return !books.remote.has(id)
                    && books.synced.has(id)
                    && books.local.get(id).filter(node -> !node.isAbsent()).isPresent();
        }

        @Override
        public boolean isThere(ItemId id) {
            return isGone(id);
        }

        @Override
        public Collection<ItemId> children(ItemId id) {
            return books.local.children(id).values();
        }

        @Override
        public long size() {
            return books.synced.size();
        }

        /** Without a merge base it is new here, and goes to the server. */
        @Override
        public void undo(ItemId id) {
            books.dropSynced(id);
        }
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
        if (!passes(send.item(), now)) {
            return Optional.empty();
        }
        return Optional.of(confirmed.contains(send.item()) ? confirm(send) : send);
    }

    /** True when the deletion may be done now; else it waits with others. */
    boolean passes(ItemId item, Instant now) {
        if (released.contains(item)) {
            return true;
        }
        if (waiting.add(item)) {
            first = first.or(() -> Optional.of(now));
            last = Optional.of(now);
        }
        return false;
    }

    /** A person elsewhere has agreed to the deletion of these: nobody is asked again. */
    void wereConfirmed(Collection<ItemId> items) {
        released.addAll(items);
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
        if (fewer) {
            return Optional.of(Instant.EPOCH);
        }
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Instant calm = last.get().plus(quiet);
        Instant longest = first.orElseThrow().plus(LONGEST);
        return Optional.of(calm.isBefore(longest) ? calm : longest);
    }

    /** Something about the item changed: its deletion may be done, or no longer wished for. */
    void meet(ItemId id) {
        if (!side.isGone(id)) {
            released.remove(id);
            confirmed.remove(id);
            if (waiting.remove(id)) {
                fewer = true;
            }
        }
    }

    /** Lets go, or holds, what has gathered long enough. */
    void judge(Instant now) {
        if (fewer) {
            fewer = false;
            recount();
        }
        if (deadline().isEmpty() || deadline().get().isAfter(now)) {
            return;
        }
        first = Optional.empty();
        last = Optional.empty();
        waiting.removeIf(id -> !side.isGone(id));
        while (!sent.isEmpty() && sent.peekFirst().at().plus(WINDOW).isBefore(now)) {
            sent.removeFirst();
        }
        long deletes = below(waiting).size();
        long recent = sent.stream().mapToLong(Sent::count).sum();
        if (waiting.isEmpty()) {
            nothingWaits();
        } else if (held.isPresent()) {
            held = Optional.of(view(deletes));
        } else if (DeleteVeto.holds(
                limit.on(), limit.count(), limit.percent(), recent + deletes, side.size() + recent)) {
            held = Optional.of(view(deletes));
            news.say(ClientEvent.What.HELD, waiting.iterator().next(), deletes + " deletions wait to be confirmed");
        } else {
            sent.addLast(new Sent(now, deletes));
            release();
        }
    }

    private void recount() {
        if (waiting.isEmpty()) {
            nothingWaits();
        } else if (held.isPresent()) {
            held = Optional.of(view(below(waiting).size()));
        }
    }

    private StatusView.Held view(long deletes) {
        return new StatusView.Held(
                waiting.iterator().next().toString(),
                "mass_delete",
                direction,
                deletes,
                0,
                waiting.stream().limit(EXAMPLES).map(news::path).toList());
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
            if (side.isThere(at) && all.add(at)) {
                left.addAll(side.children(at));
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
        below(waiting).forEach(side::undo);
        List.copyOf(waiting).forEach(desk.books::changed);
        waiting.clear();
        nothingWaits();
        news.state("resumed: the deletions were rejected");
    }
}
