package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.Output;
import tinysync.client.engine.StateChange;
import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** The loop around a scripted engine: what is handled, made durable and performed, in which order. */
class AttachmentLoopTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    /** What happened, in order; written by the loop's thread. */
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    private final AtomicReference<AttachmentLoop.Ending> ending = new AtomicReference<>();
    private final Script script = new Script();
    private Optional<IOException> diskFailure = Optional.empty();
    private final AttachmentLoop loop = new AttachmentLoop(script, this::apply, view -> {}, () -> NOW);
    private final Thread thread = new Thread(() -> ending.set(loop.run(effect -> log.add("effect"))));

    @AfterEach
    void end() throws InterruptedException {
        loop.stop();
        thread.join();
    }

    private void apply(List<StateChange> changes) throws IOException {
        log.add("durable " + changes.size());
        if (diskFailure.isPresent()) {
            throw diskFailure.get();
        }
    }

    /** Gives one change and one effect for each event; does what a test says on certain events. */
    private final class Script implements Control {
        private final List<Event> handled = new ArrayList<>();
        private Optional<Instant> deadline = Optional.empty();
        private Runnable onStep = () -> {};
        private volatile State state = State.SYNCING;

        @Override
        public void handle(Event event, Instant now) {
            handled.add(event);
            log.add(event.getClass().getSimpleName());
            deadline = Optional.empty();
        }

        @Override
        public Output step(Instant now) {
            onStep.run();
            List<StateChange> changes = new ArrayList<>();
            List<Effect> effects = new ArrayList<>();
            for (Event event : handled) {
                changes.add(new StateChange.PutNote(event.toString(), Optional.empty()));
                effects.add(new Effect.SweepDisplaced());
            }
            handled.clear();
            return new Output(changes, effects);
        }

        @Override
        public Optional<Instant> deadline() {
            return deadline;
        }

        @Override
        public StatusView status() {
            return StatusJson.bare(state, Optional.empty(), Optional.empty());
        }
    }

    @Test
    void changesAreDurableBeforeTheirEffects() throws Exception {
        thread.start();
        loop.post(new Event.RootBack());
        assertEquals("RootBack", log.take());
        assertEquals("durable 1", log.take());
        assertEquals("effect", log.take());
    }

    @Test
    void aStepThatChangesNothingWritesNothing() throws Exception {
        thread.start();
        loop.stop();
        thread.join();
        assertTrue(log.isEmpty());
        assertInstanceOf(AttachmentLoop.Ending.Stopped.class, ending.get());
    }

    @Test
    void whenTheEnginesMomentHasComeItGetsATick() throws Exception {
        script.deadline = Optional.of(Instant.MIN);
        thread.start();
        assertEquals("Tick", log.take());
    }

    @Test
    void whoAsksGetsTheStatusAfterTheDecision() throws Exception {
        thread.start();
        script.onStep = () -> script.state = State.PAUSED;
        assertEquals(State.PAUSED, loop.ask(new Event.Command(Event.Order.PAUSE)).get().state());
        assertEquals(State.PAUSED, loop.status().state());
    }

    @Test
    void nothingIsPerformedOfAStepThatCouldNotBeWritten() throws Exception {
        diskFailure = Optional.of(new IOException("disk full"));
        thread.start();
        loop.post(new Event.RootBack());
        thread.join();
        assertSame(diskFailure.get(), assertInstanceOf(AttachmentLoop.Ending.StateFailed.class, ending.get()).cause());
        assertEquals(List.of("RootBack", "durable 1"), List.copyOf(log));
    }

    @Test
    void aFaultOfTheEngineEndsTheLoopAndNobodyWaitsForever() throws Exception {
        CountDownLatch posted = new CountDownLatch(1);
        script.onStep =
                () -> {
                    try {
                        posted.await();
                    } catch (InterruptedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                    throw new IllegalStateException("broken invariant");
                };
        thread.start();
        var asked = loop.ask(new Event.RootBack());
        posted.countDown();
        thread.join();
        assertEquals(
                "broken invariant",
                assertInstanceOf(AttachmentLoop.Ending.Broken.class, ending.get()).cause().getMessage());
        assertThrows(CancellationException.class, asked::get);
        assertTrue(loop.ask(new Event.RootBack()).isCancelled());
    }

    @Test
    void eventsThatWaitKeepItFromBeingSynced() {
        script.state = State.SYNCED;
        AttachmentLoop idle = new AttachmentLoop(script, this::apply, view -> {}, () -> NOW);
        assertEquals(State.SYNCED, idle.status().state());
        idle.post(new Event.RootBack());
        assertEquals(State.SYNCING, idle.status().state());
        idle.stop();
    }

    @Test
    void anEventThatIsBeingDecidedOnKeepsItFromBeingSynced() throws Exception {
        script.state = State.SYNCED;
        AtomicReference<State> during = new AtomicReference<>();
        thread.start();
        loop.ask(new Event.RootBack()).get();
        script.onStep = () -> during.set(loop.status().state());
        loop.ask(new Event.RootBack()).get();
        assertEquals(State.SYNCING, during.get());
        assertEquals(State.SYNCED, loop.status().state());
    }

    @Test
    void whoBringsEventsWaitsWhileTheQueueIsFullAndNoneIsLost() throws Exception {
        int count = 10_000;
        Thread bringer =
                new Thread(
                        () -> {
                            for (int i = 0; i < count; i++) {
                                loop.post(new Event.RootBack());
                            }
                        });
        bringer.start();
        thread.start();
        bringer.join();
        loop.ask(new Event.WatcherOverflowed()).get();
        assertEquals(count, log.stream().filter("RootBack"::equals).count());
    }
}
