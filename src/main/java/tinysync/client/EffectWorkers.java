package tinysync.client;

import tinysync.client.engine.ClientEvent;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    /** Who ends later than this is named in the log. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Ports ports;
    private final Consumer<Event> answer;
    private final Crew lister;
    private final Crew hasher;
    private final Crew uploader;
    private final Crew committer;
    private final Crew puller;
    private final Crew applier;
    private final Crew teller;
    private final Queue<ClientEvent> untold = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    /** Some threads that do one kind of work, first come first served. */
    private record Crew(String name, ExecutorService threads) {
        static Crew of(int count, String name) {
            ThreadFactory factory = Thread.ofPlatform().name(name).daemon().factory();
            return new Crew(name, Executors.newFixedThreadPool(count, factory));
        }

        void take(Runnable work) {
            try {
                threads.execute(work);
            } catch (RejectedExecutionException closing) {
                LOG.log(Level.DEBUG, "closing: work is left for the next start");
            }
        }

        /** However long it takes, since it still uses what is closed next. */
        void awaitEnd() {
            boolean interrupted = false;
            while (!threads.isTerminated()) {
                try {
                    if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                        LOG.log(Level.WARNING, name + " still works: the end waits for it");
                    }
                } catch (InterruptedException hurried) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * @param name of the attachment, for the names of threads
     */
    EffectWorkers(String name, Ports ports, Consumer<Event> answer) {
        this.ports = Objects.requireNonNull(ports);
        this.answer = Objects.requireNonNull(answer);
        this.lister = Crew.of(1, name + "-lister");
        this.hasher = Crew.of(HASHERS, name + "-hasher");
        this.uploader = Crew.of(UPLOADERS, name + "-uploader");
        this.committer = Crew.of(1, name + "-committer");
        this.puller = Crew.of(1, name + "-puller");
        this.applier = Crew.of(1, name + "-applier");
        this.teller = Crew.of(1, name + "-teller");
    }

    /** Has it done, soon; returns at once. */
    void perform(Effect effect) {
        switch (effect) {
            case Effect.ListFolders list -> lister.take(() -> list(list));
            case Effect.HashFile hash ->
                    hasher.take(() -> answer.accept(new Event.FileHashed(hash.item(), hash.slot(), hash(hash))));
            case Effect.Upload upload ->
                    uploader.take(
                            () -> answer.accept(new Event.Uploaded(upload.item(), upload.content(), upload(upload))));
            case Effect.Fetch fetch -> ports.fetch(fetch);
            case Effect.DropStaged drop -> onApplier(() -> quietly("drop a download", () -> ports.dropStaged(drop)));
            case Effect.Commit commit -> committer.take(() -> answer.accept(commit(commit)));
            case Effect.PullLog pull -> puller.take(() -> answer.accept(pulled(() -> ports.pullLog(pull))));
            case Effect.PullSnapshot pull -> puller.take(() -> answer.accept(pulled(() -> ports.pullSnapshot(pull))));
            case Effect.FindCommon find -> puller.take(() -> answer.accept(pulled(() -> ports.findCommon(find))));
            case Effect.Apply apply ->
                    onApplier(() -> answer.accept(new Event.Applied(apply.apply(), apply(apply.ops()))));
            case Effect.SweepDisplaced _ -> onApplier(() -> quietly("look through displaced files", this::sweep));
            case Effect.Tell tell -> {
                untold.add(tell.event());
                teller.take(() -> quietly("note events", this::tell));
            }
        }
    }

    /** An interrupt could break it off half-way, so what waits when all ends looks for itself. */
    private void onApplier(Runnable work) {
        applier.take(
                () -> {
                    if (!closing) {
                        work.run();
                    }
                });
    }

    private void list(Effect.ListFolders list) {
        for (Effect.ListFolders.Folder folder : list.folders()) {
            if (closing) {
                return;
            }
            Listing listing = guarded(() -> ports.list(folder.path()), fault -> new Listing.Unreadable("fault"));
            answer.accept(new Event.FolderListed(list.scan(), folder.id(), listing));
        }
    }

    /** All that came meanwhile goes together: writing one costs as much as writing many. */
    private void tell() throws IOException {
        List<ClientEvent> events = new ArrayList<>();
        for (ClientEvent event = untold.poll(); event != null; event = untold.poll()) {
            events.add(event);
        }
        if (!events.isEmpty()) {
            ports.tell(events);
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
        return guarded(pull, fault -> new Event.PullFailed("fault", fault.toString()));
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

    private static TransferOutcome failed(Throwable fault) {
        return new TransferOutcome.Failed("fault", fault.toString(), true);
    }

    private static <T> T guarded(Supplier<T> work, Function<Throwable, T> instead) {
        try {
            return work.get();
        } catch (RuntimeException | Error fault) {
            LOG.log(Level.ERROR, "a fault in a worker", fault);
            return instead.apply(fault);
        }
    }

    /** Work without an answer. */
    @FunctionalInterface
    private interface Chore {
        void run() throws IOException;
    }

    private static void quietly(String what, Chore chore) {
        try {
            chore.run();
        } catch (IOException | RuntimeException | Error failed) {
            LOG.log(Level.WARNING, "could not " + what, failed);
        }
    }

    /**
     * What waits is dropped and what can be broken off is; a change of the folder that has begun is finished. Once this
     * returns, nobody here uses the ports any more.
     */
    @Override
    public void close() {
        closing = true;
        applier.threads().shutdown();
        teller.threads().shutdown();
        for (Crew crew : List.of(lister, hasher, uploader, committer, puller)) {
            crew.threads().shutdownNow();
        }
        for (Crew crew : List.of(lister, hasher, uploader, committer, puller, teller, applier)) {
            crew.awaitEnd();
        }
    }
}
