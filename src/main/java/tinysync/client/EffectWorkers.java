package tinysync.client;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Listing;
import tinysync.client.engine.Slot;
import tinysync.client.engine.TransferOutcome;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Performs effects on threads of their own, a few for each kind, and answers each with its event. Effects of one kind
 * that must keep their order (listing, commits, pulls, changes of the folder) have one thread.
 *
 * <p>Nothing is thrown into the loop: also a fault here becomes the event that says that it did not work. How many
 * effects wait is bounded by the engine, which has only so many under way.
 */
final class EffectWorkers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EffectWorkers.class.getName());
    private static final int HASHERS = 2;
    private static final int UPLOADERS = 2;

    /** A person's disk may be slow; a change of the folder is never broken off half-way. */
    private static final Duration APPLY_PATIENCE = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Ports ports;
    private final Consumer<Event> answer;
    private final ExecutorService lister;
    private final ExecutorService hasher;
    private final ExecutorService uploader;
    private final ExecutorService committer;
    private final ExecutorService puller;
    private final ExecutorService applier;
    private final ExecutorService teller;
    private volatile boolean closing;

    /**
     * @param name of the attachment, for the names of threads
     */
    EffectWorkers(String name, Ports ports, Consumer<Event> answer) {
        this.ports = Objects.requireNonNull(ports);
        this.answer = Objects.requireNonNull(answer);
        this.lister = pool(1, name + "-lister");
        this.hasher = pool(HASHERS, name + "-hasher");
        this.uploader = pool(UPLOADERS, name + "-uploader");
        this.committer = pool(1, name + "-committer");
        this.puller = pool(1, name + "-puller");
        this.applier = pool(1, name + "-applier");
        this.teller = pool(1, name + "-teller");
    }

    private static ExecutorService pool(int threads, String name) {
        ThreadFactory factory = Thread.ofPlatform().name(name).daemon().factory();
        return Executors.newFixedThreadPool(threads, factory);
    }

    /** Has it done, soon; returns at once. */
    void perform(Effect effect) {
        switch (effect) {
            case Effect.ListFolders list -> on(lister, () -> list(list));
            case Effect.HashFile hash ->
                    on(hasher, () -> answer.accept(new Event.FileHashed(hash.item(), hash.slot(), hash(hash))));
            case Effect.Upload upload ->
                    on(
                            uploader,
                            () -> answer.accept(new Event.Uploaded(upload.item(), upload.content(), upload(upload))));
            case Effect.Fetch fetch -> ports.fetch(fetch);
            case Effect.DropStaged drop -> onApplier(() -> quietly("drop a download", () -> ports.dropStaged(drop)));
            case Effect.Commit commit -> on(committer, () -> answer.accept(commit(commit)));
            case Effect.PullLog pull -> on(puller, () -> answer.accept(pulled(() -> ports.pullLog(pull))));
            case Effect.PullSnapshot pull -> on(puller, () -> answer.accept(pulled(() -> ports.pullSnapshot(pull))));
            case Effect.FindCommon find -> on(puller, () -> answer.accept(pulled(() -> ports.findCommon(find))));
            case Effect.Apply apply ->
                    onApplier(() -> answer.accept(new Event.Applied(apply.apply(), apply(apply.ops()))));
            case Effect.SweepDisplaced _ -> onApplier(() -> quietly("look through displaced files", this::sweep));
            case Effect.Tell tell -> on(teller, () -> quietly("note an event", () -> ports.tell(tell.event())));
        }
    }

    private static void on(ExecutorService pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException closing) {
            LOG.log(Level.DEBUG, "closing: work is left for the next start");
        }
    }

    /** An interrupt could break it off half-way, so what waits when all ends looks for itself. */
    private void onApplier(Runnable work) {
        on(
                applier,
                () -> {
                    if (!closing) {
                        work.run();
                    }
                });
    }

    private void list(Effect.ListFolders list) {
        for (Effect.ListFolders.Folder folder : list.folders()) {
            Listing listing = guarded(() -> ports.list(folder.path()), fault -> new Listing.Unreadable("fault"));
            answer.accept(new Event.FolderListed(list.scan(), folder.id(), listing));
        }
    }

    private HashOutcome hash(Effect.HashFile hash) {
        return guarded(() -> ports.hash(hash.slot(), hash.patient()), fault -> new HashOutcome.Unreadable("fault"));
    }

    private TransferOutcome upload(Effect.Upload upload) {
        return guarded(() -> ports.upload(upload), EffectWorkers::failed);
    }

    private Event commit(Effect.Commit commit) {
        return guarded(
                () -> ports.commit(commit),
                fault -> new Event.Committed(List.of(), Set.of(), Optional.empty(), Optional.of(fault.toString())));
    }

    private static Event pulled(Supplier<Event> pull) {
        return guarded(pull, fault -> new Event.PullFailed(fault.toString()));
    }

    private List<DiskResult> apply(List<DiskOp> ops) {
        return guarded(
                () -> ports.apply(ops),
                fault ->
                        ops.stream()
                                .<DiskResult>map(op -> new DiskResult.Failed(op.item(), "fault", fault.toString()))
                                .toList());
    }

    private void sweep() throws IOException {
        List<Slot> returned = ports.sweep();
        if (!returned.isEmpty()) {
            answer.accept(new Event.Displaced(returned));
        }
    }

    private static TransferOutcome failed(RuntimeException fault) {
        return new TransferOutcome.Failed("fault", fault.toString(), true);
    }

    private static <T> T guarded(Supplier<T> work, Function<RuntimeException, T> instead) {
        try {
            return work.get();
        } catch (RuntimeException fault) {
            log(fault);
            return instead.apply(fault);
        }
    }

    private static void log(RuntimeException fault) {
        LOG.log(Level.ERROR, "a fault in a worker", fault);
    }

    /** Work without an answer. */
    @FunctionalInterface
    private interface Chore {
        void run() throws IOException;
    }

    private static void quietly(String what, Chore chore) {
        try {
            chore.run();
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.WARNING, "could not " + what, failed);
        }
    }

    /** What waits is dropped and what can be broken off is; a change of the folder that has begun is finished. */
    @Override
    public void close() {
        closing = true;
        applier.shutdown();
        teller.shutdown();
        for (ExecutorService pool : List.of(lister, hasher, uploader, committer, puller)) {
            pool.shutdownNow();
        }
        for (ExecutorService pool : List.of(lister, hasher, uploader, committer, puller, teller)) {
            await(pool, PATIENCE);
        }
        await(applier, APPLY_PATIENCE);
    }

    private static void await(ExecutorService pool, Duration patience) {
        try {
            if (!pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "a worker does not end in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
