package tinysync.client.engine;

import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.OpId;
import tinysync.tree.Presence;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
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
 * {@link Settlement} (the server), {@link Planning} (what is to be done), {@link Hold} (the safety hold), {@link
 * Outbox} and {@link Workbench} (what goes out), {@link Outcome} (what came of it).
 *
 * <p>Not thread-safe: one thread owns an engine.
 */
public final class Engine {
    static final String PAUSED_NOTE = "paused";
    private static final Duration RESCAN = Duration.ofMinutes(10);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Instant AT_ONCE = Instant.EPOCH;

    private final EngineOptions options;
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
    private final Hold outgoing;
    private final Hold incoming;
    private final Planning planning;
    private final StatusReport report;

    /** The hold that a person is told of and answers; what the other one holds is told once this is settled. */
    private Optional<Hold> told = Optional.empty();

    private boolean paused;
    private Optional<String> rootTrouble = Optional.empty();
    private boolean connectionKnown;
    private boolean revoked;
    private boolean everPlanned;
    private Instant rescanAt;
    private Instant sweepAt;

    /**
     * Starts from what earlier steps made durable.
     *
     * @param state {@link EngineState#EMPTY} for a new attachment: then it only merges, and never deletes
     */
    public Engine(EngineOptions options, EngineState state, Ids ids, Instant now) {
        this.options = options;
        books = new Books(state, options.portableNames());
        scan = new Scan(books);
        hashing = new Hashing(books);
        desk = new Desk(books, scan, retries);
        news = new News(desk);
        stateNews = new StateNews(news);
        settlement = new Settlement(books, state.ops());
        outgoing = Hold.outgoing(desk, options.holdDeletes(), news);
        incoming = Hold.incoming(desk, options.holdDeletes(), news);
        log =
                new RemoteLog(
                        books,
                        settlement,
                        new Checkpoints(books, Optional.ofNullable(state.notes().get(Checkpoints.NOTE))),
                        new Consistency(books, options.root()),
                        incoming,
                        options.treeBytesMax());
        KeptLocal keptLocal = new KeptLocal(books, options.selection().keptLocal());
        HiddenSet hidden = new HiddenSet(books, options.selection().hidden());
        hidden.follow(Optional.ofNullable(state.notes().get(HiddenSet.NOTE)));
        LeftBehind leftBehind = new LeftBehind(books, hashing, hidden, ids);
        reconcile =
                new Reconcile(
                        books, scan, hashing, new Ignores(books.local, keptLocal), hidden, leftBehind, settlement, ids);
        outbox = new Outbox(desk, log, settlement, hashing, news, ids);
        Intents intents = new Intents(books, hashing, Optional.ofNullable(state.notes().get(Intents.NOTE)));
        workbench = new Workbench(desk, intents);
        Conflicts conflicts = new Conflicts(books, state.conflicts());
        outcome = new Outcome(desk, workbench, reconcile, hashing, news, options, ids, conflicts, leftBehind);
        planning =
                new Planning(
                        options,
                        ids,
                        desk,
                        hashing,
                        leftBehind,
                        hidden,
                        keptLocal,
                        intents,
                        outgoing,
                        incoming,
                        outbox,
                        workbench,
                        outcome,
                        news);
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
                connectionKnown = true;
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
                dropSettled(now);
            }
            case Event.SnapshotPulled pulled -> log.snapshotPulled(pulled, now);
            case Event.HistoryForked forked -> log.forked();
            case Event.CursorExpired expired -> log.expired();
            case Event.CommonFound found -> log.commonFound(found.common());
            case Event.PullFailed failed -> log.failed(failed, now);
            case Event.Uploaded uploaded -> outbox.uploaded(uploaded, now);
            case Event.Fetched fetched -> workbench.fetched(fetched, now);
            case Event.Committed committed -> {
                outbox.committed(committed, now);
                dropSettled(now);
            }
            case Event.Applied applied -> outcome.take(applied.results(), now);
            case Event.Displaced displaced -> hinted(displaced.returned(), now);
            case Event.Command command -> command(command.order());
            case Event.Tick tick -> {}
        }
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
        if (!rootTrouble.equals(Optional.of(reason))) {
            rootTrouble = Optional.of(reason);
            news.state("stopped: the folder cannot be used (" + reason.replace('_', ' ') + ")");
        }
    }

    private void rootBack() {
        if (rootTrouble.isPresent()) {
            rootTrouble = Optional.empty();
            scan.restart(options.root());
        }
    }

    private void offline() {
        connectionKnown = true;
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
            case CONFIRM -> told.ifPresent(Hold::confirm);
            case REJECT -> told.ifPresent(Hold::reject);
            case RESCAN -> {
                scan.want(options.root(), true);
                log.hurry();
            }
        }
    }

    /** Items that only waited for the log to come back are free when it passed their seq. */
    private void dropSettled(Instant now) {
        Set<OpId> untold = settlement.takeUntold();
        for (Map.Entry<ItemId, Busy> entry : List.copyOf(desk.allBusy().entrySet())) {
            if (entry.getValue() instanceof Busy.Settling settling && !settlement.isOpen(settling.op())) {
                desk.end(entry.getKey());
                if (untold.contains(settling.op())) {
                    desk.retryLater(entry.getKey(), Trouble.INCONSISTENT, Settlement.UNTOLD, now);
                }
            }
        }
    }

    /** Decides what follows from all that was taken in. */
    public Output step(Instant now) {
        news.at(now);
        if (!paused && rootTrouble.isEmpty()) {
            timers(now);
            scan.emit(now, desk.effects);
            hashing.emit(now, desk.effects);
            log.emit(now, desk.effects);
            outgoing.judge(now);
            if (!books.hasDirty()) {
                // All that came was planned: the deletions among it are known.
                incoming.judge(now);
            }
            retries.due(now).forEach(books::changed);
            plan(now);
        }
        retries.takeNewlyParked()
                .forEach((id, retry) -> news.say(ClientEvent.What.PARKED, id, retry.code() + ": " + retry.message()));
        if (held().isEmpty()) {
            told = Stream.of(outgoing, incoming).filter(hold -> hold.held().isPresent()).findFirst();
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
        if (canPlan()) {
            everPlanned = true;
            planning.run(now);
            outbox.flush();
            workbench.flush();
        }
    }

    /** When the engine wants a {@link Event.Tick} if nothing else happens before. */
    public Optional<Instant> deadline() {
        if (paused || rootTrouble.isPresent()) {
            return Optional.empty();
        }
        if (canPlan() && planning.hasWork()) {
            return Optional.of(AT_ONCE);
        }
        return Stream.of(
                        Optional.of(rescanAt),
                        Optional.of(sweepAt),
                        scan.deadline(),
                        hashing.deadline(),
                        log.deadline(),
                        retries.deadline(),
                        outgoing.deadline(),
                        books.hasDirty() ? Optional.<Instant>empty() : incoming.deadline(),
                        stateNews.deadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private StatusView.State state() {
        if (revoked) {
            return StatusView.State.REVOKED;
        }
        if (rootTrouble.isPresent() || held().isPresent()) {
            return StatusView.State.HELD;
        }
        if (paused) {
            return StatusView.State.PAUSED;
        }
        if (!log.isOnline()) {
            return connectionKnown ? StatusView.State.OFFLINE : StatusView.State.STARTING;
        }
        if (log.isStuck()) {
            return StatusView.State.ERROR;
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
                        || outgoing.isGathering()
                        || incoming.isGathering()
                        || retries.isWorking()
                        || books.hasHopefulWaiting();
        return working ? StatusView.State.SYNCING : StatusView.State.SYNCED;
    }

    private Optional<StatusView.Held> held() {
        return told.flatMap(Hold::held);
    }

    /** How things stand. */
    public StatusView status() {
        Optional<StatusView.Held> held =
                rootTrouble.map(why -> StatusView.Held.ofRoot(options.root(), why)).or(this::held);
        return report.of(state(), log.headSeq(), held, log.trouble());
    }
}
