package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Listing;
import tinysync.client.engine.Slot;
import tinysync.client.engine.TransferOutcome;
import tinysync.content.ContentRef;
import tinysync.tree.Cursor;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Workers over ports that do nothing well, or fail. */
class EffectWorkersTest {
    private static final ItemId ITEM = new ItemId(new UUID(1, 1));
    private static final Slot SLOT = new Slot("docs", "a.txt");
    private static final Cursor START = Cursor.start(new UUID(1, 2));

    private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();

    /** Every call is a fault. */
    private static class Broken implements Ports {
        private static IllegalStateException fault() {
            return new IllegalStateException("fault");
        }

        @Override
        public Listing list(String path) {
            throw fault();
        }

        @Override
        public HashOutcome hash(Slot slot, boolean patient) {
            throw fault();
        }

        @Override
        public TransferOutcome upload(Effect.Upload upload) {
            throw fault();
        }

        @Override
        public void fetch(Effect.Fetch fetch) {
            throw fault();
        }

        @Override
        public void dropStaged(Effect.DropStaged drop) {
            throw fault();
        }

        @Override
        public Event commit(Effect.Commit commit) {
            throw fault();
        }

        @Override
        public Event pullLog(Effect.PullLog pull) {
            throw fault();
        }

        @Override
        public Event pullSnapshot(Effect.PullSnapshot pull) {
            throw fault();
        }

        @Override
        public Event findCommon(Effect.FindCommon find) {
            throw fault();
        }

        @Override
        public List<DiskResult> apply(List<DiskOp> ops) {
            throw fault();
        }

        @Override
        public List<Slot> sweep() {
            throw fault();
        }

        @Override
        public void tell(List<ClientEvent> events) {
            throw fault();
        }
    }

    private Event answer(Ports ports, Effect effect) throws InterruptedException {
        try (EffectWorkers workers = new EffectWorkers("test", ports, answers::add)) {
            workers.perform(effect);
            return answers.take();
        }
    }

    @Test
    void everyFaultIsAnAnswer() throws InterruptedException {
        Ports broken = new Broken();
        var listed = answer(broken, new Effect.ListFolders(7, List.of(new Effect.ListFolders.Folder(ITEM, "docs"))));
        assertEquals(new Event.FolderListed(7, ITEM, new Listing.Unreadable("fault")), listed);
        var hashed = answer(broken, new Effect.HashFile(ITEM, SLOT, false));
        assertEquals(new Event.FileHashed(ITEM, SLOT, new HashOutcome.Unreadable("fault")), hashed);
        var committed = answer(broken, new Effect.Commit(START, List.of()));
        assertTrue(assertInstanceOf(Event.Committed.class, committed).failure().isPresent());
        for (Effect pull :
                List.of(
                        new Effect.PullLog(START),
                        new Effect.PullSnapshot(Optional.empty()),
                        new Effect.FindCommon(List.of(START)))) {
            assertInstanceOf(Event.PullFailed.class, answer(broken, pull));
        }
        var applied = answer(broken, new Effect.Apply(3, List.of(new DiskOp.MakeFolder(ITEM, SLOT, 0755))));
        DiskResult result = assertInstanceOf(Event.Applied.class, applied).results().getFirst();
        assertEquals(ITEM, assertInstanceOf(DiskResult.Failed.class, result).item());
    }

    @Test
    void whatHasNoAnswerDoesNotStopItsWorker() throws InterruptedException {
        Ports ports =
                new Broken() {
                    @Override
                    public List<DiskResult> apply(List<DiskOp> ops) {
                        return List.of();
                    }
                };
        try (EffectWorkers workers = new EffectWorkers("test", ports, answers::add)) {
            workers.perform(new Effect.SweepDisplaced());
            workers.perform(new Effect.DropStaged(ITEM, ContentRef.EMPTY));
            workers.perform(new Effect.Apply(4, List.of()));
            assertEquals(new Event.Applied(4, List.of()), answers.take());
        }
    }

    @Test
    void alsoAnErrorIsAnAnswer() throws InterruptedException {
        Ports ports =
                new Broken() {
                    @Override
                    public HashOutcome hash(Slot slot, boolean patient) {
                        throw new StackOverflowError("too deep");
                    }
                };
        var hashed = answer(ports, new Effect.HashFile(ITEM, SLOT, false));
        assertEquals(new Event.FileHashed(ITEM, SLOT, new HashOutcome.Unreadable("fault")), hashed);
    }

    private static ClientEvent state(int n) {
        return new ClientEvent(
                Instant.EPOCH,
                ClientEvent.What.STATE,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("state " + n));
    }

    @Test
    void whatHappensWhileEventsAreWrittenIsWrittenTogether() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<List<ClientEvent>> told = Collections.synchronizedList(new ArrayList<>());
        Ports ports =
                new Broken() {
                    @Override
                    public void tell(List<ClientEvent> events) {
                        told.add(List.copyOf(events));
                        begun.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException brokenOff) {
                            throw new AssertionError(brokenOff);
                        }
                    }
                };
        try (EffectWorkers workers = new EffectWorkers("test", ports, answers::add)) {
            workers.perform(new Effect.Tell(state(0)));
            begun.await();
            for (int n = 1; n <= 1_000; n++) {
                workers.perform(new Effect.Tell(state(n)));
            }
            goOn.countDown();
        }
        assertEquals(2, told.size());
        assertEquals(List.of(state(0)), told.getFirst());
        assertEquals(1_000, told.getLast().size());
        assertEquals(state(1), told.getLast().getFirst());
        assertEquals(state(1_000), told.getLast().getLast());
    }

    @Test
    void closingWaitsForWhoDoesNotHeedAnInterruptAndSkipsTheRest() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> listed = Collections.synchronizedList(new ArrayList<>());
        Ports ports =
                new Broken() {
                    @Override
                    public Listing list(String path) {
                        begun.countDown();
                        boolean waiting = true;
                        while (waiting) {
                            try {
                                goOn.await();
                                waiting = false;
                            } catch (InterruptedException notHeeded) {
                                listed.add("interrupted");
                            }
                        }
                        listed.add(path);
                        return new Listing.Missing();
                    }
                };
        EffectWorkers workers = new EffectWorkers("test", ports, answers::add);
        var folder = new Effect.ListFolders.Folder(ITEM, "a");
        workers.perform(new Effect.ListFolders(7, List.of(folder, folder, folder)));
        begun.await();
        Thread closer = new Thread(workers::close);
        closer.start();
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        closer.interrupt();
        goOn.countDown();
        closer.join();
        assertEquals(List.of("interrupted", "a"), listed);
    }

    @Test
    void closingFinishesTheChangeThatHasBegunAndBeginsNoOther() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        Ports ports =
                new Broken() {
                    @Override
                    public List<DiskResult> apply(List<DiskOp> ops) {
                        begun.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException brokenOff) {
                            throw new AssertionError(brokenOff);
                        }
                        done.add(ops.size());
                        return List.of();
                    }
                };
        EffectWorkers workers = new EffectWorkers("test", ports, answers::add);
        workers.perform(new Effect.Apply(1, List.of()));
        workers.perform(new Effect.Apply(2, List.of()));
        begun.await();
        Thread closer = new Thread(workers::close);
        closer.start();
        // Closing waits for the worker, so it is in there for good when the closer waits.
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closer.join();
        assertEquals(List.of(0), done);
        assertEquals(Set.of(new Event.Applied(1, List.of())), Set.copyOf(answers));
    }
}
