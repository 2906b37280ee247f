package tinysync.sim;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Effect;
import tinysync.client.engine.Engine;
import tinysync.client.engine.EngineOptions;
import tinysync.client.engine.Event;
import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Output;
import tinysync.client.engine.Selection;
import tinysync.client.engine.Slot;
import tinysync.client.engine.StatusView;
import tinysync.client.engine.TransferOutcome;
import tinysync.content.ContentRef;
import tinysync.tree.DeviceId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.wire.ErrorCode;
import tinysync.wire.LogPage;
import tinysync.wire.Refusal;
import tinysync.wire.SnapshotPage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One device: a real engine between a model disk and the model server. What the engine wants done waits in lanes, one
 * for each kind of work; the world chooses which lane goes on, and when an answer arrives.
 */
public final class Device {
    private static final Duration TRUSTED_AFTER = Duration.ofSeconds(2);

    /** Kinds of work. Within one, all goes in order; between them, in any. */
    public enum Lane {
        LIST,
        HASH,
        PULL,
        COMMIT,
        UPLOAD,
        FETCH,
        DISK
    }

    /** One piece of work, done in slices. */
    private interface Task {
        /** Does the next slice; true when all is done and answered. */
        boolean go(Fate fate);
    }

    private final String name;
    private final DeviceId id;
    private final World world;
    private final EngineOptions.HoldLimit hold;
    private EngineOptions options;
    private final ModelDisk disk;
    private final DiskHands hands;
    private DurableState durable = new DurableState();
    private Engine engine;
    private boolean online;
    private boolean wake;
    private boolean lostCommits;
    private final Map<Lane, Deque<Task>> tasks = new EnumMap<>(Lane.class);
    private final Map<Lane, Deque<Event>> answers = new EnumMap<>(Lane.class);
    private final Set<Slot> hints = new LinkedHashSet<>();
    private final List<ClientEvent> told = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private long changes;
    private final Set<Lane> held = EnumSet.noneOf(Lane.class);
    private final Set<Lane> keptBack = EnumSet.noneOf(Lane.class);
    private final Map<Lane, TransferOutcome.Failed> failing = new EnumMap<>(Lane.class);
    private Duration lookTakes = Duration.ZERO;
    private Optional<Instant> lookEnds = Optional.empty();

    Device(String name, DeviceId id, World world, EngineOptions.HoldLimit hold, int umask) {
        this.name = name;
        this.id = id;
        this.world = world;
        this.hold = hold;
        select(Selection.WHOLE);
        disk = new ModelDisk(name + "#", world.clock, this::changed);
        hands = new DiskHands(disk, world.texts, umask);
        for (Lane lane : Lane.values()) {
            tasks.put(lane, new ArrayDeque<>());
            answers.put(lane, new ArrayDeque<>());
        }
        start();
    }

    private void select(Selection selection) {
        options =
                new EngineOptions(
                        ModelServer.VAULT, ModelServer.ROOT, id, name, true, true, hold, selection, Long.MAX_VALUE);
    }

    /** A person chooses; the session starts anew with it. */
    public void choose(Selection selection) {
        select(selection);
        crash();
    }

    public String name() {
        return name;
    }

    public ModelDisk disk() {
        return disk;
    }

    public StatusView status() {
        return engine.status();
    }

    public StatusView.State state() {
        return engine.status().state();
    }

    DurableState durable() {
        return durable;
    }

    /** Some commits were never answered. */
    boolean lostCommits() {
        return lostCommits;
    }

    boolean isOnline() {
        return online;
    }

    /** What {@code tinysync events} would have shown. */
    public List<ClientEvent> told() {
        return told;
    }

    /** How often something of this kind was told. */
    public long told(ClientEvent.What what) {
        return told.stream().filter(event -> event.what() == what).count();
    }

    /** Every effect but news and timers, since {@link #forgetEffects}. */
    public List<Effect> effects() {
        return effects;
    }

    public long count(Class<? extends Effect> kind) {
        return effects.stream().filter(kind::isInstance).count();
    }

    public void forgetEffects() {
        effects.clear();
    }

    /** How many state changes there have been. */
    public long changes() {
        return changes;
    }

    Optional<Instant> deadline() {
        return Stream.of(engine.deadline(), lookEnds).flatMap(Optional::stream).min(Instant::compareTo);
    }

    // What a test may arrange.

    /** No work of this kind is done until it is let go again. */
    void hold(Lane lane, boolean on) {
        if (on) {
            held.add(lane);
        } else {
            held.remove(lane);
        }
    }

    /** Work of this kind is done, but the engine does not hear of it until then. */
    void keepBackAnswers(Lane lane, boolean on) {
        if (on) {
            keptBack.add(lane);
        } else {
            keptBack.remove(lane);
        }
    }

    /** Every transfer, or every operation on the disk, fails like that until {@link #mend}. */
    public void fail(Lane lane, TransferOutcome.Failed how) {
        failing.put(lane, how);
    }

    public void mend(Lane lane) {
        failing.remove(lane);
    }

    /** Each look at a folder takes this long. */
    public void lookTakes(Duration time) {
        lookTakes = time;
    }

    /** The next look at its folder misses an entry, as may happen while others of the folder are renamed. */
    void overlookOnce(Slot slot) {
        hands.overlookOnce(slot);
    }

    /** The watcher tells nothing of what changed since it was last asked. */
    void forgetHints() {
        hints.clear();
    }

    // Life.

    private void start() {
        engine = new Engine(options, durable.state(), world.chance::uuid, world.clock.now());
        step();
    }

    /** The process dies; requests on their way may still arrive, work on the disk stops where it is. */
    public void crash() {
        if (world.chance.percent(50) && !tasks.get(Lane.COMMIT).isEmpty() && online) {
            tasks.get(Lane.COMMIT).peekFirst().go(Fate.ANSWERED);
        }
        lostCommits |= !tasks.get(Lane.COMMIT).isEmpty() || !answers.get(Lane.COMMIT).isEmpty();
        tasks.values().forEach(Deque::clear);
        answers.values().forEach(Deque::clear);
        hints.clear();
        start();
        if (online) {
            handle(new Event.Online(Optional.of(world.server.head())));
        } else {
            handle(new Event.Offline("no network"));
        }
    }

    /** As {@link #crash}, and the database is gone as well. */
    public void loseState() {
        durable = new DurableState();
        crash();
    }

    public void connect() {
        if (!online) {
            online = true;
            handle(new Event.Online(Optional.of(world.server.head())));
        }
    }

    public void disconnect() {
        if (online) {
            online = false;
            wake = false;
            handle(new Event.Offline("no network"));
        }
    }

    public void tell(Event event) {
        handle(event);
    }

    /** Operations that the device remembers because it does not know yet what came of them. */
    public int durableOps() {
        return durable.ops().size();
    }

    public void order(Event.Order order) {
        handle(new Event.Command(order));
    }

    void headMoved() {
        wake = online;
    }

    private void changed(Slot slot) {
        world.trace(name, "disk changed at " + slot.path());
        hints.add(slot);
    }

    void handle(Event event) {
        world.trace(name, event);
        engine.handle(event, world.clock.now());
        step();
    }

    void step() {
        Output output = engine.step(world.clock.now());
        output.changes().forEach(durable::apply);
        output.effects().forEach(effect -> world.trace(name, effect));
        changes += output.changes().size();
        output.effects().forEach(this::enqueue);
    }

    // What can happen next.

    /** Every lane in which something is to be done or answered, and so on. */
    List<Runnable> choices() {
        List<Runnable> choices = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (!tasks.get(lane).isEmpty() && !held.contains(lane) && isReady(lane)) {
                choices.add(() -> work(lane));
            }
            if (!answers.get(lane).isEmpty() && !keptBack.contains(lane)) {
                choices.add(() -> handle(answers.get(lane).removeFirst()));
            }
        }
        if (!hints.isEmpty()) {
            choices.add(this::hint);
        }
        if (wake) {
            choices.add(
                    () -> {
                        wake = false;
                        handle(new Event.HeadMoved(world.server.head()));
                    });
        }
        if (engine.deadline().filter(at -> !at.isAfter(world.clock.now())).isPresent()) {
            choices.add(() -> handle(new Event.Tick()));
        }
        return choices;
    }

    private boolean isReady(Lane lane) {
        if (lane != Lane.LIST || lookTakes.isZero()) {
            return true;
        }
        lookEnds = lookEnds.or(() -> Optional.of(world.clock.now().plus(lookTakes)));
        return !lookEnds.get().isAfter(world.clock.now());
    }

    private void work(Lane lane) {
        boolean network = lane == Lane.PULL || lane == Lane.COMMIT || lane == Lane.UPLOAD || lane == Lane.FETCH;
        Fate fate = !network ? Fate.ANSWERED : online ? world.fate(lane) : Fate.LOST_BEFORE;
        lostCommits |= lane == Lane.COMMIT && fate != Fate.ANSWERED;
        if (tasks.get(lane).peekFirst().go(fate)) {
            tasks.get(lane).removeFirst();
        }
        if (lane == Lane.LIST) {
            lookEnds = Optional.empty();
        }
    }

    private void hint() {
        if (world.losesHints() && world.chance.percent(30)) {
            hints.clear();
            return;
        }
        List<Slot> some = new ArrayList<>();
        for (Slot slot : List.copyOf(hints)) {
            if (some.isEmpty() || world.chance.percent(70)) {
                some.add(slot);
                hints.remove(slot);
            }
        }
        handle(new Event.Hint(Set.copyOf(some)));
    }

    // How effects are performed.

    private void answer(Lane lane, Event event) {
        answers.get(lane).addLast(event);
    }

    private void add(Lane lane, Task task) {
        tasks.get(lane).addLast(task);
    }

    private void enqueue(Effect effect) {
        switch (effect) {
            case Effect.Tell tell -> told.add(tell.event());
            case Effect.SweepDisplaced sweep -> {}
            default -> effects.add(effect);
        }
        switch (effect) {
            case Effect.Tell tell -> {}
            case Effect.SweepDisplaced sweep -> {}
            case Effect.DropStaged drop -> hands.dropStaged(drop.item(), drop.content());
            case Effect.ListFolders list ->
                    list.folders()
                            .forEach(
                                    folder ->
                                            add(
                                                    Lane.LIST,
                                                    fate -> {
                                                        answer(
                                                                Lane.LIST,
                                                                new Event.FolderListed(
                                                                        list.scan(),
                                                                        folder.id(),
                                                                        hands.list(folder.path())));
                                                        return true;
                                                    }));
            case Effect.HashFile hash ->
                    add(
                            Lane.HASH,
                            fate -> {
                                answer(Lane.HASH, new Event.FileHashed(hash.item(), hash.slot(), hash(hash)));
                                return true;
                            });
            case Effect.Upload upload -> add(Lane.UPLOAD, fate -> upload(upload, fate));
            case Effect.Commit commit -> add(Lane.COMMIT, fate -> commit(commit, fate));
            case Effect.PullLog pull -> add(Lane.PULL, fate -> pull(fate, () -> log(pull)));
            case Effect.PullSnapshot pull -> add(Lane.PULL, fate -> pull(fate, () -> snapshot(pull)));
            case Effect.FindCommon find ->
                    add(
                            Lane.PULL,
                            fate -> pull(fate, () -> new Event.CommonFound(world.server.common(find.checkpoints()))));
            case Effect.Fetch fetch -> add(Lane.FETCH, fate -> fetch(fetch, fate));
            case Effect.Apply apply -> add(Lane.DISK, new Applying(apply));
        }
    }

    private final class Applying implements Task {
        private final Effect.Apply apply;
        private final List<DiskResult> results = new ArrayList<>();

        Applying(Effect.Apply apply) {
            this.apply = apply;
        }

        @Override
        public boolean go(Fate fate) {
            DiskOp op = apply.ops().get(results.size());
            TransferOutcome.Failed failed = failing.get(Lane.DISK);
            results.add(
                    failed == null
                            ? hands.perform(op)
                            : new DiskResult.Failed(op.item(), failed.reason(), failed.message()));
            world.trace(name, op + " gave " + results.getLast());
            if (results.size() < apply.ops().size()) {
                return false;
            }
            answer(Lane.DISK, new Event.Applied(apply.apply(), results));
            return true;
        }
    }

    private HashOutcome hash(Effect.HashFile effect) {
        Optional<ModelDisk.Node> node = disk.find(effect.slot());
        if (node.isEmpty() || !node.get().kind.isFile()) {
            return new HashOutcome.Gone();
        }
        if (world.hasFaults() && !effect.patient() && world.chance.percent(5)) {
            return new HashOutcome.Busy();
        }
        ModelDisk.Node file = node.get();
        Instant changed = file.mtime.isAfter(file.ctime) ? file.mtime : file.ctime;
        boolean trusted = !changed.isAfter(world.clock.now().minus(TRUSTED_AFTER));
        return new HashOutcome.Hashed(file.fingerprint(), world.texts.ref(file.text), Optional.empty(), trusted);
    }

    private boolean holds(Slot slot, ContentRef content) {
        return disk.find(slot).filter(node -> world.texts.ref(node.text).equals(content)).isPresent();
    }

    private boolean upload(Effect.Upload upload, Fate fate) {
        TransferOutcome outcome = new TransferOutcome.Complete();
        if (failing.containsKey(Lane.UPLOAD)) {
            outcome = failing.get(Lane.UPLOAD);
        } else if (fate == Fate.LOST_BEFORE) {
            outcome = new TransferOutcome.Failed("unavailable", "lost", true);
        } else if (!holds(upload.slot(), upload.content())) {
            outcome = new TransferOutcome.SourceChanged();
        } else {
            world.server.upload(upload.content());
            if (fate == Fate.LOST_AFTER) {
                outcome = new TransferOutcome.Failed("unavailable", "lost", true);
            }
        }
        answer(Lane.UPLOAD, new Event.Uploaded(upload.item(), upload.content(), outcome));
        return true;
    }

    private boolean fetch(Effect.Fetch fetch, Fate fate) {
        TransferOutcome outcome = new TransferOutcome.Failed("unavailable", "lost", true);
        if (failing.containsKey(Lane.FETCH)) {
            outcome = failing.get(Lane.FETCH);
        } else if (fate == Fate.ANSWERED) {
            if (world.server.has(fetch.content())) {
                hands.stage(fetch.item(), fetch.content());
                outcome = new TransferOutcome.Complete();
            } else if (!world.server.wasRestored()) {
                throw new AssertionError("the server lacks content it named: " + fetch);
            }
        }
        answer(Lane.FETCH, new Event.Fetched(fetch.item(), fetch.content(), outcome));
        return true;
    }

    private interface Pull {
        Event ask();
    }

    private boolean pull(Fate fate, Pull pull) {
        answer(Lane.PULL, fate == Fate.ANSWERED ? asked(pull) : new Event.PullFailed(Event.PullFailed.OFFLINE, "lost"));
        return true;
    }

    private static Event asked(Pull pull) {
        try {
            return pull.ask();
        } catch (Refusal refusal) {
            if (refusal.code() == ErrorCode.HISTORY_FORKED) {
                return new Event.HistoryForked();
            }
            if (refusal.code() == ErrorCode.CURSOR_EXPIRED) {
                return new Event.CursorExpired();
            }
            throw refusal;
        }
    }

    private Event log(Effect.PullLog pull) {
        LogPage page = world.server.log(pull.after());
        return new Event.LogPulled(pull.after(), page.head(), page.events(), page.more());
    }

    private Event snapshot(Effect.PullSnapshot pull) {
        SnapshotPage page = world.server.snapshot(pull.page());
        boolean edge = pull.page().isEmpty() || page.next().isEmpty();
        return new Event.SnapshotPulled(edge ? Optional.of(page.at()) : Optional.empty(), page.items(), page.next());
    }

    private boolean commit(Effect.Commit commit, Fate fate) {
        if (fate == Fate.LOST_BEFORE) {
            answer(Lane.COMMIT, failed(List.of(), Set.of()));
            return true;
        }
        List<ModelServer.Incoming> bundle = new ArrayList<>();
        Set<OpId> notSent = new LinkedHashSet<>();
        for (Effect.Commit.Outgoing out : commit.mutations()) {
            Optional<ContentRef> content = content(out.mutation()).filter(c -> out.source().isPresent());
            if (content.isPresent() && !holds(out.source().get(), content.get())) {
                notSent.add(out.mutation().opId());
            } else {
                bundle.add(new ModelServer.Incoming(out.mutation(), content.map(world.texts::text)));
            }
        }
        List<MutationResult> results;
        try {
            results =
                    switch (world.taking()) {
                        case HONEST -> world.server.commit(id, commit.cursor(), bundle);
                        case IN_VAIN -> TakenInVain.shown(bundle);
                        case IN_VAIN_UNSHOWN -> TakenInVain.unshown(bundle);
                    };
        } catch (Refusal refusal) {
            lostCommits = true;
            answer(Lane.COMMIT, failed(List.of(), notSent));
            return true;
        }
        world.trace(name, "server said " + results);
        world.headMoved();
        if (fate == Fate.LOST_AFTER) {
            answer(Lane.COMMIT, failed(results.subList(0, world.chance.below(results.size() + 1)), notSent));
        } else {
            answer(
                    Lane.COMMIT,
                    new Event.Committed(results, notSent, Optional.of(TakenInVain.head(world)), Optional.empty()));
        }
        return true;
    }

    private static Event failed(List<MutationResult> results, Set<OpId> notSent) {
        return new Event.Committed(results, notSent, Optional.empty(), Optional.of("lost"));
    }

    private static Optional<ContentRef> content(Mutation mutation) {
        return switch (mutation) {
            case Mutation.PutFile put -> Optional.of(put.content());
            case Mutation.Restore restore -> restore.content();
            default -> Optional.empty();
        };
    }

    /** For a failing test: what is going on here. */
    String describe() {
        StringBuilder text = new StringBuilder();
        text.append(name).append(online ? "" : " (offline)").append(": ").append(engine.status()).append('\n');
        text.append("  disk:   ").append(disk).append('\n');
        tasks.forEach(
                (lane, queue) -> text.append(queue.isEmpty() ? "" : "  " + lane + " tasks " + queue.size() + "\n"));
        answers.forEach(
                (lane, queue) ->
                        text.append(queue.isEmpty() ? "" : "  " + lane + " answers " + Telling.shorten(queue) + "\n"));
        return text.append(Telling.trees(durable)).toString();
    }
}
