package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Operation;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes in what came of a batch of disk operations: Local shows what the disk now shows, and the base moves with it.
 */
final class Outcome {
    private final Desk desk;
    private final Workbench workbench;
    private final Reconcile reconcile;
    private final Hashing hashing;
    private final News news;
    private final EngineOptions options;
    private final Ids ids;
    private final Conflicts conflicts;
    private final LeftBehind leftBehind;
    private final Map<ItemId, Integer> notEmpty = new HashMap<>();

    Outcome(
            Desk desk,
            Workbench workbench,
            Reconcile reconcile,
            Hashing hashing,
            News news,
            EngineOptions options,
            Ids ids,
            Conflicts conflicts,
            LeftBehind leftBehind) {
        this.desk = desk;
        this.workbench = workbench;
        this.reconcile = reconcile;
        this.hashing = hashing;
        this.news = news;
        this.options = options;
        this.ids = ids;
        this.conflicts = conflicts;
        this.leftBehind = leftBehind;
    }

    void take(List<DiskResult> results, Instant now) {
        for (DiskResult result : results) {
            if (desk.busy(result.item()).orElse(null) instanceof Busy.Applying applying) {
                take(result, applying, now);
            }
        }
        workbench.applied();
    }

    private void take(DiskResult result, Busy.Applying applying, Instant now) {
        Operation operation = applying.operation();
        Optional<ItemId> other = Workbench.others(operation).filter(o -> !o.equals(result.item()));
        Optional<Item> otherView =
                other.flatMap(desk::busy).flatMap(b -> b instanceof Busy.Affected a ? a.view() : Optional.empty());
        desk.end(result.item());
        other.ifPresent(desk::end);
        switch (result) {
            case DiskResult.Done done -> {
                desk.retries.succeeded(result.item());
                done(operation, applying.view(), otherView, done, now);
            }
            case DiskResult.Stale stale -> {
                // What was staged may be what is missing: it is asked for again, which costs nothing if it is there.
                workbench.used(result.item());
                workbench.folders(operation).forEach(folder -> desk.scan.want(folder, false));
                desk.retryLater(result.item(), "changed", stale.reason(), now);
            }
            case DiskResult.NotEmpty full -> stillFull(result.item(), now);
            case DiskResult.Failed failed -> {
                workbench.used(result.item());
                desk.retryLater(result.item(), failed.reason(), failed.message(), now);
            }
        }
    }

    private void done(
            Operation operation, Optional<Item> view, Optional<Item> otherView, DiskResult.Done done, Instant now) {
        switch (operation) {
            case Operation.MakeFolder make -> {
                LocalNode node = node(view.orElseThrow(), make.folder(), done.now().orElseThrow(), Optional.empty());
                desk.books.putLocal(node);
                // It may have been there before, with a mode of its own.
                boolean asAsked = view.get().mode() == node.fingerprint().mode();
                desk.books.putSynced(
                        asAsked ? SyncedEntry.of(view.get(), node) : SyncedEntries.agreedButForMeta(view.get(), node));
                desk.scan.want(make.item(), true);
                news.say(ClientEvent.What.CREATED, make.item(), "down");
            }
            case Operation.Show show -> shown(show, view.orElseThrow(), done, now);
            case Operation.Shift shift -> shifted(shift, view, otherView, done, now);
            case Operation.Touch touch -> touched(view.orElseThrow(), done);
            case Operation.Remove remove -> {
                news.say(ClientEvent.What.DELETED, remove.item(), "down");
                forget(remove.item());
            }
            default -> throw new IllegalStateException("not an operation on the disk: " + operation);
        }
    }

    /** It is gone from the disk, and nothing was agreed on about it. */
    void forget(ItemId id) {
        hashing.forget(id);
        reconcile.settled(id);
        notEmpty.remove(id);
        conflicts.drop(id);
        desk.books.dropLocal(id);
        desk.books.dropSynced(id);
    }

    private LocalNode node(Item view, ItemId folder, DiskEntry.Seen seen, Optional<ContentRef> content) {
        return new LocalNode(
                view.id(),
                Optional.of(folder),
                seen.name(),
                seen.kind(),
                seen.fingerprint(),
                content,
                seen.target(),
                false,
                Presence.PRESENT);
    }

    private void shown(Operation.Show show, Item view, DiskResult.Done done, Instant now) {
        workbench.used(show.item());
        Optional<LocalNode> replaced = show.replaces().flatMap(desk.books.local::get);
        if (done.kept().isPresent() && replaced.isPresent()) {
            keep(show, replaced.get(), done.kept().get(), now);
        } else if (replaced.isPresent() && !replaced.get().id().equals(show.item())) {
            desk.books.dropLocal(replaced.get().id());
        }
        boolean knownBefore = desk.books.synced.has(show.item());
        LocalNode node = node(view, show.folder(), done.now().orElseThrow(), view.content());
        desk.books.putLocal(node);
        // New content at its old place says nothing about moves that are still to be made, there or here.
        desk.books.putSynced(
                desk.books
                        .synced
                        .get(show.item())
                        .map(base -> contentAndMeta(base, view, node))
                        .orElse(SyncedEntry.of(view, node)));
        reconcile.settled(show.item());
        news.say(
                ClientEvent.What.DOWNLOADED,
                show.item(),
                Optional.empty(),
                view.content().map(ContentRef::size),
                Optional.of(knownBefore ? "edited" : "new"));
    }

    private static SyncedEntry contentAndMeta(SyncedEntry base, Item view, LocalNode node) {
        return base.withContent(view).withMeta(view, node.fingerprint().mode(), node.fingerprint().mtime());
    }

    /** The replaced bytes go on beside it, as an item of their own. */
    private void keep(Operation.Show show, LocalNode replaced, DiskEntry.Seen kept, Instant now) {
        boolean wasItself = replaced.id().equals(show.item());
        ItemId copy = wasItself ? new ItemId(ids.next()) : replaced.id();
        boolean sameImage = replaced.fingerprint().sameImage(kept.fingerprint());
        desk.books.putLocal(
                new LocalNode(
                        copy,
                        Optional.of(show.folder()),
                        kept.name(),
                        kept.kind(),
                        kept.fingerprint(),
                        sameImage ? replaced.content() : Optional.empty(),
                        kept.target(),
                        false,
                        Presence.PRESENT));
        desk.scan.want(show.folder(), false);
        conflict(copy, show.item(), kept.name(), now);
    }

    private void conflict(ItemId copy, ItemId original, String name, Instant now) {
        conflicts.add(copy, original, name, options.deviceName(), now);
        news.say(ClientEvent.What.CONFLICT, copy, "both versions are kept");
    }

    private void shifted(
            Operation.Shift shift, Optional<Item> view, Optional<Item> otherView, DiskResult.Done done, Instant now) {
        LocalNode before = desk.books.local.get(shift.item()).orElseThrow();
        String from = news.path(shift.item());
        Optional<LocalNode> other = shift.exchange().flatMap(desk.books.local::get);
        ItemId oldFolder = before.parent().orElseThrow();
        reconcile.settled(shift.item());
        LocalNode moved = before.withPlace(shift.folder(), shift.name());
        // The other one sits on the name until it is taken away.
        other.ifPresent(o -> desk.books.local.drop(o.id()));
        desk.books.putLocal(
                done.now()
                        .map(seen -> moved.withFingerprint(seen.fingerprint()).withContent(before.content(), false))
                        .orElse(moved));
        other.ifPresent(
                o -> {
                    reconcile.settled(o.id());
                    desk.books.putLocal(o.withPlace(oldFolder, before.name()).withContent(o.content(), false));
                    desk.scan.want(oldFolder, false);
                });
        // The other one may have come to its place in the vault by that, too.
        otherView
                .filter(item -> item.parent().equals(Optional.of(oldFolder)) && item.name().equals(before.name()))
                .ifPresent(item -> arrived(item, before.name()));
        switch (shift.why()) {
            case FOLLOW, PLACE_LOST -> {
                view.ifPresent(item -> arrived(item, shift.name()));
                ClientEvent.What what =
                        shift.why() == Operation.Shift.Why.FOLLOW
                                ? ClientEvent.What.MOVED
                                : ClientEvent.What.PLACE_LOST;
                news.say(what, shift.item(), Optional.of(from), Optional.empty(), Optional.of("down"));
            }
            case NAME_LOST -> conflict(shift.item(), holderOf(shift, from), shift.name(), now);
            // Its disguise for a moment: a name that differs from the base would read as a person's rename.
            case STEP_ASIDE ->
                    desk.books
                            .synced
                            .get(shift.item())
                            .ifPresent(s -> desk.books.putSynced(SyncedEntries.disguisedAs(s, shift.name())));
        }
    }

    private void arrived(Item item, String diskName) {
        desk.books.synced.get(item.id()).ifPresent(base -> desk.books.putSynced(base.withPlace(item, diskName)));
    }

    /** The item that took the name, as far as it is known yet. */
    private ItemId holderOf(Operation.Shift shift, String from) {
        String name = from.substring(from.lastIndexOf('/') + 1);
        return desk.books.remote.at(shift.folder(), name).map(Item::id).orElse(shift.item());
    }

    private void touched(Item view, DiskResult.Done done) {
        LocalNode node = desk.books.local.get(view.id()).orElseThrow();
        LocalNode fresh =
                node.withFingerprint(done.now().orElseThrow().fingerprint()).withContent(node.content(), false);
        desk.books.putLocal(fresh);
        desk.books
                .synced
                .get(view.id())
                .ifPresent(
                        s ->
                                desk.books.putSynced(
                                        s.withMeta(view, fresh.fingerprint().mode(), fresh.fingerprint().mtime())));
    }

    /**
     * Something is left in a folder that goes: seen, it is dealt with; unseen twice, it is ignored files, and stays.
     */
    private void stillFull(ItemId folder, Instant now) {
        int times = notEmpty.merge(folder, 1, Integer::sum);
        if (times < 3 || !desk.books.local.children(folder).isEmpty()) {
            desk.scan.want(folder, true);
            desk.retryLater(folder, "not_empty", "looking at what is left in it", now);
            return;
        }
        notEmpty.remove(folder);
        desk.retries.succeeded(folder);
        leftBehind.leave(folder);
    }
}
