package tinysync.client.engine;

import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.tree.Operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends what the planner wants of the server: content first, then mutations in bundles, one bundle at a time. */
final class Outbox {
    private static final int MAX_MUTATIONS = 1_000;
    private static final long MAX_INLINE_BYTES = 4L << 20;
    private static final int MAX_UPLOADS = 4;

    /** Planned again for each place that became free; some of them will turn out to want something else. */
    private static final int ASKED_PER_PLACE = 16;

    private final Desk desk;
    private final RemoteLog log;
    private final Settlement settlement;
    private final Hashing hashing;
    private final News news;
    private final Ids ids;
    private final List<Effect.Commit.Outgoing> bundle = new ArrayList<>();
    private final Map<OpId, Mutation> unanswered = new LinkedHashMap<>();
    private long inlineBytes;
    private boolean full;
    private boolean inFlight;
    private int uploads;

    Outbox(Desk desk, RemoteLog log, Settlement settlement, Hashing hashing, News news, Ids ids) {
        this.desk = desk;
        this.log = log;
        this.settlement = settlement;
        this.hashing = hashing;
        this.news = news;
        this.ids = ids;
    }

    void add(Operation.Send send, Instant now) {
        Mutation mutation = send.mutation();
        Optional<ContentRef> content = content(mutation);
        if (content.filter(this::mustUpload).isPresent()) {
            upload(send.item(), content.get(), now);
            return;
        }
        long bytes = content.filter(Outbox::isInline).map(ContentRef::size).orElse(0L);
        full = full || bundle.size() >= MAX_MUTATIONS || inlineBytes + bytes > MAX_INLINE_BYTES;
        if (inFlight || full) {
            // What follows in this plan may lie in a folder that was put off, so all of it is.
            full = true;
            Settlement.items(mutation).forEach(id -> desk.defer(Desk.Lane.COMMIT, id));
            return;
        }
        inlineBytes += bytes;
        Optional<Slot> source =
                content.filter(Outbox::isInline).flatMap(c -> Paths.slot(desk.books.local, send.item()));
        bundle.add(new Effect.Commit.Outgoing(mutation, source));
        Settlement.items(mutation).forEach(id -> desk.begin(id, new Busy.Committing(mutation)));
    }

    /** Sends what came together in this step. */
    void flush() {
        if (!bundle.isEmpty()) {
            for (Effect.Commit.Outgoing out : bundle) {
                settlement.sent(out.mutation());
                unanswered.put(out.mutation().opId(), out.mutation());
            }
            desk.effects.add(new Effect.Commit(desk.books.cursor().orElseThrow(), bundle));
            inFlight = true;
            bundle.clear();
        }
        inlineBytes = 0;
        full = false;
        if (!inFlight) {
            desk.release(Desk.Lane.COMMIT, MAX_MUTATIONS);
        }
        desk.release(Desk.Lane.UPLOAD, ASKED_PER_PLACE * (MAX_UPLOADS - uploads));
    }

    private static Optional<ContentRef> content(Mutation mutation) {
        return switch (mutation) {
            case Mutation.PutFile put -> Optional.of(put.content());
            case Mutation.Restore restore -> restore.content();
            default -> Optional.empty();
        };
    }

    private static boolean isInline(ContentRef content) {
        return content.size() <= Chunking.INLINE_MAX;
    }

    private boolean mustUpload(ContentRef content) {
        return !isInline(content) && !desk.contentAtServer().contains(content);
    }

    private void upload(ItemId item, ContentRef content, Instant now) {
        Optional<LocalNode> node = desk.books.local.get(item);
        Optional<Slot> slot = Paths.slot(desk.books.local, item);
        if (slot.isEmpty() || node.isEmpty()) {
            desk.retryLater(item, "changed", "its place is being moved", now);
            return;
        }
        if (uploads >= MAX_UPLOADS) {
            desk.defer(Desk.Lane.UPLOAD, item);
            return;
        }
        uploads++;
        desk.begin(item, new Busy.Uploading(content));
        desk.effects.add(
                new Effect.Upload(item, slot.get(), node.get().fingerprint(), content, hashing.manifest(content)));
    }

    void uploaded(Event.Uploaded uploaded, Instant now) {
        uploads--;
        desk.end(uploaded.item());
        switch (uploaded.outcome()) {
            case TransferOutcome.Complete complete -> {
                desk.contentAtServer().add(uploaded.content());
                hashing.forgetManifest(uploaded.content());
            }
            case TransferOutcome.SourceChanged changed -> lookAgain(uploaded.item());
            case TransferOutcome.Failed failed -> desk.failed(uploaded.item(), failed, now);
        }
    }

    void committed(Event.Committed committed, Instant now) {
        inFlight = false;
        List.copyOf(unanswered.keySet()).stream().filter(committed.notSent()::contains).forEach(this::notSent);
        for (MutationResult result : committed.results()) {
            switch (result) {
                case MutationResult.Applied applied -> accepted(applied.opId(), applied.seq(), applied.items(), now);
                case MutationResult.Duplicate again -> accepted(again.opId(), again.seq(), again.items(), now);
                case MutationResult.Refused refused -> refused(refused, now);
            }
        }
        // Those without an answer may have taken effect: the log tells, before anything is planned again.
        for (Mutation mutation : List.copyOf(unanswered.values())) {
            for (ItemId item : answered(mutation.opId())) {
                desk.end(item);
                desk.retryLater(item, "unavailable", committed.failure().orElse("no answer"), now);
            }
            log.recheck();
        }
        committed.head().ifPresentOrElse(log::headMoved, log::recheck);
    }

    private void notSent(OpId id) {
        settlement.dropped(id);
        for (ItemId item : answered(id)) {
            desk.end(item);
            lookAgain(item);
        }
    }

    private void accepted(OpId id, long seq, List<Item> items, Instant now) {
        for (ItemId item : answered(id)) {
            boolean open = settlement.isOpen(id);
            Busy.Committing was = (Busy.Committing) desk.busy(item).orElseThrow();
            news.sent(was.mutation(), item);
            content(was.mutation()).ifPresent(desk.contentAtServer()::remove);
            boolean itself = items.stream().anyMatch(i -> i.id().equals(item));
            if (open && itself && seq > desk.books.seq()) {
                boolean created =
                        !(was.mutation() instanceof Mutation.Delete)
                                && !(was.mutation() instanceof Mutation.DeleteSubtree);
                settlement.accepted(id, seq);
                desk.begin(item, new Busy.Settling(id, created));
            } else {
                settlement.dropped(id);
                desk.end(item);
                // An adopted folder has another id, and what the log told already is settled.
                if (!open || adopts(was.mutation())) {
                    desk.retries.succeeded(item);
                } else {
                    desk.retryLater(item, Trouble.INCONSISTENT, Settlement.UNTOLD, now);
                }
            }
            desk.books.changed(item);
        }
    }

    private static boolean adopts(Mutation mutation) {
        return mutation instanceof Mutation.CreateFolder folder && folder.adopt();
    }

    private void refused(MutationResult.Refused refused, Instant now) {
        settlement.dropped(refused.opId());
        for (ItemId item : answered(refused.opId())) {
            Busy.Committing was = (Busy.Committing) desk.busy(item).orElseThrow();
            desk.end(item);
            switch (refused.code()) {
                case "content_missing" -> content(was.mutation()).ifPresent(desk.contentAtServer()::remove);
                case "item_exists" -> {
                    log.recheck();
                    if (refused.item().filter(Item::deleted).isPresent() && desk.books.local.get(item).isPresent()) {
                        // The id belongs to something that died: what lies here is something new.
                        Renewal.renew(desk.books, hashing, item, new ItemId(ids.next()));
                        continue;
                    }
                }
                default -> log.recheck();
            }
            desk.retryLater(item, refused.code(), refused.message(), now);
        }
    }

    /** The items of an operation whose answer is here now. */
    private List<ItemId> answered(OpId id) {
        Mutation mutation = unanswered.remove(id);
        return mutation == null
                ? List.of()
                : Settlement.items(mutation).stream()
                        .filter(item -> desk.busy(item).orElse(null) instanceof Busy.Committing)
                        .toList();
    }

    private void lookAgain(ItemId item) {
        desk.books.local.get(item).flatMap(LocalNode::parent).ifPresent(folder -> desk.scan.want(folder, false));
    }
}
