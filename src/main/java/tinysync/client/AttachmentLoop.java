package tinysync.client;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.Output;
import tinysync.client.engine.StateChange;
import tinysync.client.engine.StatusView;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one thread that owns an engine: takes events from everywhere, lets the engine decide, makes durable what it
 * decided, and only then has it done.
 *
 * <p>Events come through one bounded queue; who brings them waits when it is full. Effects are handed on and must not
 * block here. Everything but {@link #run} may be called from any thread.
 */
final class AttachmentLoop {
    private static final System.Logger LOG = System.getLogger(AttachmentLoop.class.getName());
    private static final int QUEUE_EVENTS = 4_096;

    /** As many are taken in before the engine decides: fewer, larger transactions under load. */
    private static final int EVENTS_PER_STEP = 1_024;

    private static final Duration IDLE = Duration.ofSeconds(60);

    /** How a loop ended. */
    sealed interface Ending {
        record Stopped() implements Ending {}

        /** The state could not be written: nothing of that step was done. Starting anew may help. */
        record StateFailed(IOException cause) implements Ending {}

        /** A fault in the engine. Starting anew would only repeat it. */
        record Broken(RuntimeException cause) implements Ending {}
    }

    /** Makes the changes of a step durable before it returns. */
    @FunctionalInterface
    interface Journal {
        void apply(List<StateChange> changes) throws IOException;
    }

    /** An event, and who waits until the engine has decided on it. */
    private record Entry(Event event, Optional<CompletableFuture<StatusView>> decided) {
        /** Known by identity, and never given to the engine. */
        static final Entry WAKE = new Entry(new Event.Tick(), Optional.empty());
    }

    private final Control control;
    private final Journal journal;
    private final Consumer<StatusView> whenStatus;
    private final Supplier<Instant> clock;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE_EVENTS);
    private final AtomicInteger undecided = new AtomicInteger();
    private volatile boolean stopping;
    private volatile StatusView status;

    /**
     * @param whenStatus is told the status after each step
     */
    AttachmentLoop(Control control, Journal journal, Consumer<StatusView> whenStatus, Supplier<Instant> clock) {
        this.control = Objects.requireNonNull(control);
        this.journal = Objects.requireNonNull(journal);
        this.whenStatus = Objects.requireNonNull(whenStatus);
        this.clock = Objects.requireNonNull(clock);
        this.status = control.status();
    }

    /** Brings an event; waits while the queue is full. After the end, events are dropped. */
    void post(Event event) {
        put(new Entry(event, Optional.empty()));
    }

    /**
     * As {@link #post}; the future has the status after the engine decided on the event, and is cancelled when the loop
     * ended before.
     */
    CompletableFuture<StatusView> ask(Event event) {
        CompletableFuture<StatusView> decided = new CompletableFuture<>();
        if (!put(new Entry(event, Optional.of(decided)))) {
            decided.cancel(false);
        }
        return decided;
    }

    /** How things stand; never better than they are: events that are not decided on count as work to do. */
    StatusView status() {
        StatusView view = status;
        boolean waiting = view.state() == StatusView.State.SYNCED && undecided.get() > 0;
        return waiting ? StatusJson.withState(view, StatusView.State.SYNCING) : view;
    }

    /** Ends {@link #run} soon: no further step begins. */
    void stop() {
        stopping = true;
        if (!queue.offer(Entry.WAKE)) {
            LOG.log(Level.DEBUG, "the queue is full: the loop is awake already");
        }
    }

    /**
     * Until {@link #stop}, or until it cannot go on. An interrupt is a stop.
     *
     * @param effects performs an effect later, on another thread; its answer comes back through {@link #post}
     */
    Ending run(Consumer<Effect> effects) {
        try {
            step(List.of(), effects);
            while (!stopping) {
                List<Entry> entries = take();
                if (!entries.isEmpty() || isDue(clock.get())) {
                    step(entries, effects);
                }
            }
            return new Ending.Stopped();
        } catch (InterruptedException interrupted) {
            return new Ending.Stopped();
        } catch (IOException failed) {
            return new Ending.StateFailed(failed);
        } catch (RuntimeException fault) {
            return new Ending.Broken(fault);
        } finally {
            stopping = true;
            List<Entry> dropped = new ArrayList<>();
            queue.drainTo(dropped);
            dropped.forEach(entry -> entry.decided().ifPresent(future -> future.cancel(false)));
        }
    }

    /** Waits for events until the engine wants to be asked again; none when that moment has come. */
    private List<Entry> take() throws InterruptedException {
        List<Entry> taken = new ArrayList<>();
        Entry first = queue.poll(waitMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            taken.add(first);
            queue.drainTo(taken, EVENTS_PER_STEP - 1);
            taken.removeIf(entry -> entry == Entry.WAKE);
        }
        return taken;
    }

    private long waitMillis() {
        Instant now = clock.get();
        Instant until = control.deadline().filter(at -> at.isBefore(now.plus(IDLE))).orElse(now.plus(IDLE));
        // One more than what is left, so that the wait never ends just before the moment.
        return until.isAfter(now) ? Duration.between(now, until).toMillis() + 1 : 0;
    }

    private boolean isDue(Instant now) {
        return control.deadline().filter(at -> !at.isAfter(now)).isPresent();
    }

    private void step(List<Entry> entries, Consumer<Effect> effects) throws IOException {
        Instant now = clock.get();
        for (Entry entry : entries) {
            LOG.log(Level.TRACE, () -> "event " + entry.event());
            control.handle(entry.event(), now);
        }
        if (isDue(now)) {
            control.handle(new Event.Tick(), now);
        }
        Output output = control.step(now);
        if (!output.changes().isEmpty()) {
            journal.apply(output.changes());
        }
        for (Effect effect : output.effects()) {
            LOG.log(Level.TRACE, () -> "effect " + effect);
            effects.accept(effect);
        }
        StatusView view = control.status();
        status = view;
        undecided.addAndGet(-entries.size());
        whenStatus.accept(view);
        entries.forEach(entry -> entry.decided().ifPresent(future -> future.complete(view)));
    }

    private boolean put(Entry entry) {
        boolean interrupted = false;
        undecided.incrementAndGet();
        try {
            while (!stopping) {
                try {
                    if (queue.offer(entry, 100, TimeUnit.MILLISECONDS)) {
                        return true;
                    }
                } catch (InterruptedException noted) {
                    // The event stands for work that was done; it must not be lost because its bringer is to end.
                    interrupted = true;
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
