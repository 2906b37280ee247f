package tinysync.client.engine;

import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.Operation;
import tinysync.tree.Plan;
import tinysync.tree.PlanContext;
import tinysync.tree.Planner;
import tinysync.tree.Presence;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The state machine of one attachment. Events go in by {@link #handle}, decisions come out by {@link #step}; the driver
 * makes the changes of a step durable, and then performs its effects.
 *
 * <p>It plans only while it knows enough: the log is replayed to the head, every folder was looked at (but for hints
 * that wait for their time, see {@link Scan}), nothing is missing that was not looked for twice. The rooms: {@link
 * Books} (the three trees), {@link Scan}, {@link Reconcile} and {@link Hashing} (the disk), {@link RemoteLog} and
 * {@link Settlement} (the server), {@link Outbox} and {@link Workbench} (what goes out), {@link Outcome} (what came of
 * it), {@link Hold} (the safety hold).
 *
 * <p>Not thread-safe: one thread owns an engine.
 */
public final class Engine {
    static final String PAUSED_NOTE = "paused";
    private static final Duration RESCAN = Duration.ofMinutes(10);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Instant AT_ONCE = Instant.EPOCH;
    private static final int PLAN_AT_ONCE = 4_096;
    private static final int PLANS_PER_STEP = 8;

    private final EngineOptions options;
    private final Ids ids;
    private final Books books;
    private final Scan scan;
    private final Hashing hashing;
    private final Reconcile reconcile;
    private final Retries retries = new Retries();
    private final Desk desk;
    private final News news;
    private final StateNews stateNews;
    private final Settlement settlement;
    private final RemoteLog log;
    private final Outbox outbox;
    private final Workbench workbench;
    private final Outcome outcome;
    private final Hold hold;
    private final StatusReport report;
    private final Conflicts conflicts;
    private final LeftBehind leftBehind;
    private final Intents intents;
    private final Set<ItemId> plannedLately = new HashSet<>();
    private long latestProgress = -1;
    private boolean paused;
    private boolean rootGood = true;
    private boolean revoked;
    private boolean everPlanned;
    private Instant rescanAt;
    private Instant sweepAt;
    private long idleProgress = -1;

    /**
     * Starts from what earlier steps made durable.
     *
     * @param state {@link EngineState#EMPTY} for a new attachment: then it only merges, and never deletes
     */
    public Engine(EngineOptions options, EngineState state, Ids ids, Instant now) {
        this.options = options;
        this.ids = ids;
        books = new Books(state, options.portableNames());
        scan = new Scan(books);
        hashing = new Hashing(books);
        desk = new Desk(books, scan, retries);
        news = new News(desk);
        stateNews = new StateNews(news);
        settlement = new Settlement(books, state.ops());
        log =
                new RemoteLog(
                        books,
                        settlement,
                        new Checkpoints(books, Optional.ofNullable(state.notes().get(Checkpoints.NOTE))));
        leftBehind = new LeftBehind(books, hashing, ids);
        conflicts = new Conflicts(books, state.conflicts());
        reconcile =
                new Reconcile(books, scan, hashing, new Ignores(books.local), leftBehind, this::isBeingDeleted, ids);
        outbox = new Outbox(desk, log, settlement, hashing, news, ids);
        intents = new Intents(books, hashing, Optional.ofNullable(state.notes().get(Intents.NOTE)));
        workbench = new Workbench(desk, intents);
        outcome = new Outcome(desk, workbench, reconcile, news, options, ids, conflicts, leftBehind);
        hold = new Hold(desk, options.holdDeletes(), news);
        report = new StatusReport(desk, reconcile, news);
        paused = state.notes().containsKey(PAUSED_NOTE);
        rescanAt = now.plus(RESCAN);
        sweepAt = now.plus(SWEEP);
        if (books.local.get(options.root()).isEmpty()) {
            books.putLocal(rootNode());
        }
        books.markAllDirty();
        scan.restart(options.root());
    }

    private LocalNode rootNode() {
        return new LocalNode(
                options.root(),
                Optional.empty(),
                "",
                Kind.FOLDER,
                new Fingerprint("", 0, Instant.EPOCH, Instant.EPOCH, 0),
                Optional.empty(),
                Optional.empty(),
                true,
                Presence.PRESENT);
    }

    /** Takes in one event. Cheap; what follows from it is decided in {@link #step}. */
    public void handle(Event event, Instant now) {
        news.at(now);
        switch (event) {
            case Event.Hint hint -> hinted(hint.entries(), now);
            case Event.WatcherOverflowed overflow -> scan.want(options.root(), true);
            case Event.FolderListed listed -> listed(listed, now);
            case Event.FileHashed hashed -> hashed(hashed, now);
            case Event.RootLost lost -> rootLost(lost.reason());
            case Event.RootBack back -> rootBack();
            case Event.Online online -> {
                revoked = false;
                log.online(online.head());
                retries.releaseAll().forEach(books::changed);
            }
            case Event.Offline offline -> offline();
            case Event.AccessLost lost -> {
                revoked = true;
                offline();
            }
            case Event.HeadMoved moved -> log.headMoved(moved.head());
            case Event.LogPulled pulled -> {
                log.pulled(pulled, now);
                dropSettled();
            }
            case Event.SnapshotPulled pulled -> log.snapshotPulled(pulled);
            case Event.HistoryForked forked -> log.forked();
            case Event.CursorExpired expired -> log.expired();
            case Event.CommonFound found -> log.commonFound(found.common());
            case Event.PullFailed failed -> log.failed(now);
            case Event.Uploaded uploaded -> outbox.uploaded(uploaded, now);
            case Event.Fetched fetched -> workbench.fetched(fetched, now);
            case Event.Committed committed -> {
                outbox.committed(committed, now);
                dropSettled();
            }
            case Event.Applied applied -> outcome.take(applied.results(), now);
            case Event.Displaced displaced -> hinted(displaced.returned(), now);
            case Event.Command command -> command(command.order());
            case Event.Tick tick -> {}
        }
    }

    /** The server was asked to delete it or a folder above it. */
    private boolean isBeingDeleted(ItemId id) {
        Optional<ItemId> at = Optional.of(id);
        while (at.isPresent()) {
            if (settlement.isBeingDeleted(at.get())) {
                return true;
            }
            at = books.local.get(at.get()).flatMap(LocalNode::parent);
        }
        return false;
    }

    private void hinted(Collection<Slot> slots, Instant now) {
        // In an order of our own, so that a run can be repeated.
        slots.stream().sorted(Comparator.comparing(Slot::path)).forEach(slot -> hinted(slot, now));
    }

    private void hinted(Slot slot, Instant now) {
        Optional<LocalNode> folder = books.local.atPath(options.root(), slot.folder());
        Optional<ItemId> known = folder.flatMap(f -> books.local.at(f.id(), slot.name())).map(LocalNode::id);
        Instant when = hashing.hint(slot.path(), known, now);
        // A folder not known yet is found when the nearest known one is looked at.
        String path = slot.folder();
        while (folder.isEmpty() && !path.isEmpty()) {
            path = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
            folder = books.local.atPath(options.root(), path);
        }
        folder.filter(f -> f.kind().isFolder()).ifPresent(f -> scan.hinted(f.id(), when));
    }

    private void listed(Event.FolderListed listed, Instant now) {
        scan.answer(listed, now).ifPresent(request -> reconcile.take(request, listed.folder(), listed.listing(), now));
    }

    private void hashed(Event.FileHashed hashed, Instant now) {
        if (hashing.answer(hashed, now)) {
            books.local.get(hashed.item()).flatMap(LocalNode::parent).ifPresent(f -> scan.want(f, false));
        }
    }

    private void rootLost(String reason) {
        if (rootGood) {
            rootGood = false;
            news.state("stopped: the folder is " + reason);
        }
    }

    private void rootBack() {
        if (!rootGood) {
            rootGood = true;
            scan.restart(options.root());
        }
    }

    private void offline() {
        log.offline();
        desk.connectionLost();
    }

    private void command(Event.Order order) {
        switch (order) {
            case PAUSE -> {
                paused = true;
                books.record(new StateChange.PutNote(PAUSED_NOTE, Optional.of("yes")));
            }
            case RESUME -> {
                paused = false;
                books.record(new StateChange.PutNote(PAUSED_NOTE, Optional.empty()));
                scan.restart(options.root());
            }
            case CONFIRM -> hold.confirm();
            case REJECT -> hold.reject();
            case RESCAN -> scan.want(options.root(), true);
        }
    }

    /** Items that only waited for the log to come back are free when it passed their seq. */
    private void dropSettled() {
        for (Map.Entry<ItemId, Busy> entry : List.copyOf(desk.allBusy().entrySet())) {
            if (entry.getValue() instanceof Busy.Settling settling
                    && (settling.seq() <= books.seq() || !settlement.isOpen(settling.op()))) {
                desk.end(entry.getKey());
            }
        }
    }

    /** Decides what follows from all that was taken in. */
    public Output step(Instant now) {
        news.at(now);
        if (!paused && rootGood) {
            timers(now);
            scan.emit(now, desk.effects);
            hashing.emit(now, desk.effects);
            log.emit(now, desk.effects);
            hold.judge(now);
            retries.due(now).forEach(books::changed);
            plan(now);
        }
        stateNews.tell(state(), now);
        List<Effect> effects = List.copyOf(desk.effects);
        desk.effects.clear();
        return new Output(books.takeChanges(), effects);
    }

    private void timers(Instant now) {
        if (!rescanAt.isAfter(now)) {
            rescanAt = now.plus(RESCAN);
            scan.want(options.root(), true);
        }
        if (!sweepAt.isAfter(now)) {
            sweepAt = now.plus(SWEEP);
            desk.effects.add(new Effect.SweepDisplaced());
        }
    }

    private boolean canPlan() {
        return log.isCaughtUp() && !scan.isRunning() && !reconcile.isUncertain() && !revoked;
    }

    private void plan(Instant now) {
        if (!canPlan()) {
            return;
        }
        everPlanned = true;
        wakeWaitingWhenIdle();
        for (int round = 0; round < PLANS_PER_STEP && books.hasDirty(); round++) {
            planOnce(now);
        }
        outbox.flush();
        workbench.flush();
    }

    /**
     * Something may wait for what will never come: when all else is done, and something changed since, look once more.
     */
    private void wakeWaitingWhenIdle() {
        if (shallWakeWaiting()) {
            idleProgress = books.progress();
            books.wakeAll();
        }
    }

    private boolean shallWakeWaiting() {
        return !books.hasDirty() && desk.allBusy().isEmpty() && books.hasWaiting() && idleProgress != books.progress();
    }

    private void planOnce(Instant now) {
        Collection<ItemId> items = books.takeDirty(PLAN_AT_ONCE);
        items.forEach(leftBehind::meet);
        items.forEach(intents::resolve);
        if (latestProgress != books.progress()) {
            latestProgress = books.progress();
            plannedLately.clear();
        }
        plannedLately.addAll(items);
        PlanContext context =
                new PlanContext(
                        id -> desk.isBusy(id) || retries.isWaiting(id, now),
                        id -> desk.busy(id).orElse(null) instanceof Busy.Settling settling && settling.created(),
                        books.seq(),
                        options.canWrite(),
                        options.deviceName(),
                        now,
                        ids.next());
        Plan plan = Planner.plan(books.trees, items, context);
        Set<ItemId> unfinished = new HashSet<>();
        for (Operation operation : plan.operations()) {
            if (!isBookkeeping(operation)) {
                unfinished.addAll(hands(operation));
            }
            // Should it come to nothing, the other one is on its own again.
            Workbench.others(operation).ifPresent(other -> books.waitFor(other, operation.item()));
            if (!hasToWait(operation)) {
                carryOut(operation, now);
            }
        }
        for (ItemId id : items) {
            if (!unfinished.contains(id) && !desk.isBusy(id) && !retries.isWaiting(id, now)) {
                retries.succeeded(id);
                workbench.unstage(id);
            }
        }
    }

    /** Done as soon as it is decided. */
    private static boolean isBookkeeping(Operation operation) {
        return operation instanceof Operation.Agree
                || operation instanceof Operation.Adopt
                || operation instanceof Operation.Forget
                || operation instanceof Operation.Resurface
                || operation instanceof Operation.EditWon;
    }

    /** The items that an operation takes hold of. */
    private static List<ItemId> hands(Operation operation) {
        return operation instanceof Operation.Send send
                ? Settlement.items(send.mutation())
                : Stream.concat(Stream.of(operation.item()), Workbench.others(operation).stream()).toList();
    }

    /** It would be done in vain, or refused by the disk, if the file's bytes were others than is believed. */
    private static boolean concernsBytes(Operation operation) {
        return switch (operation) {
            case Operation.Show show -> true;
            case Operation.Touch touch -> true;
            case Operation.Remove remove -> true;
            case Operation.Send send ->
                    send.mutation() instanceof Mutation.PutFile
                            || send.mutation() instanceof Mutation.SetMetadata
                            || send.mutation() instanceof Mutation.Restore;
            default -> false;
        };
    }

    /** One plan may ask two things of an item, of the disk and of the server: one after the other. */
    private boolean hasToWait(Operation operation) {
        if (isBookkeeping(operation) || operation instanceof Operation.Wait || operation instanceof Operation.Park) {
            return false;
        }
        List<ItemId> hands = hands(operation);
        boolean bytesMatter = concernsBytes(operation);
        Optional<ItemId> busy =
                hands.stream().filter(id -> desk.isBusy(id) || bytesMatter && hashing.isWanted(id)).findFirst();
        busy.ifPresent(on -> hands.forEach(id -> books.waitFor(id, on)));
        return busy.isPresent();
    }

    private void carryOut(Operation operation, Instant now) {
        switch (operation) {
            case Operation.Agree agree -> Agreements.agree(books, agree);
            case Operation.Adopt adopt -> {
                Agreements.adopt(books, adopt, hashing);
                scan.want(adopt.item(), true);
            }
            case Operation.Forget forget -> forget(forget.item());
            case Operation.Resurface resurface -> forget(resurface.item());
            case Operation.Wait wait -> {
                books.waitFor(wait.item(), wait.on());
                boolean stays = leftBehind.leaveAround(wait.item(), wait.on());
                if (!stays && !plannedLately.contains(wait.on()) && !desk.isBusy(wait.on())) {
                    books.markDirty(wait.on());
                }
            }
            case Operation.Park park -> retries.park(park.item(), park.code(), park.message(), now);
            case Operation.EditWon won -> news.say(ClientEvent.What.EDIT_WON, won.item(), won.detail());
            case Operation.Send send -> hold.pass(send, now).ifPresent(passed -> outbox.add(passed, now));
            case Operation.MakeFolder op -> workbench.add(op, now);
            case Operation.Show op -> workbench.add(op, now);
            case Operation.Shift op -> workbench.add(op, now);
            case Operation.Touch op -> workbench.add(op, now);
            case Operation.Remove op -> workbench.add(op, now);
        }
    }

    private void forget(ItemId id) {
        hashing.forget(id);
        reconcile.settled(id);
        conflicts.drop(id);
        books.dropLocal(id);
        books.dropSynced(id);
    }

    /** When the engine wants a {@link Event.Tick} if nothing else happens before. */
    public Optional<Instant> deadline() {
        if (paused || !rootGood) {
            return Optional.empty();
        }
        if (canPlan() && (books.hasDirty() || shallWakeWaiting())) {
            return Optional.of(AT_ONCE);
        }
        return Stream.of(
                        Optional.of(rescanAt),
                        Optional.of(sweepAt),
                        scan.deadline(),
                        hashing.deadline(),
                        log.deadline(),
                        retries.deadline(),
                        hold.deadline(),
                        stateNews.deadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private StatusView.State state() {
        if (revoked) {
            return StatusView.State.REVOKED;
        }
        if (!rootGood || hold.held().isPresent()) {
            return StatusView.State.HELD;
        }
        if (paused) {
            return StatusView.State.PAUSED;
        }
        if (!log.isOnline()) {
            return StatusView.State.OFFLINE;
        }
        if (!everPlanned && !log.isCaughtUp()) {
            return StatusView.State.STARTING;
        }
        if (scan.isRunning() || scan.isWaiting() || reconcile.isUncertain()) {
            return StatusView.State.SCANNING;
        }
        boolean working =
                !log.isCaughtUp()
                        || hashing.pending() > 0
                        || books.hasDirty()
                        || !desk.allBusy().isEmpty()
                        || desk.hasDeferred()
                        || hold.isGathering()
                        || retries.isWorking()
                        || books.hasHopefulWaiting();
        return working ? StatusView.State.SYNCING : StatusView.State.SYNCED;
    }

    /** How things stand. */
    public StatusView status() {
        Optional<StatusView.Held> held =
                rootGood
                        ? hold.held()
                        : Optional.of(
                                new StatusView.Held(options.root().toString(), "root_lost", "up", 0, 0, List.of()));
        return report.of(state(), log.headSeq(), conflicts.count(), held);
    }
}
