package tinysync.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tinysync.platform.SystemClock;
import tinysync.server.core.StoreException;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultRules;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.server.store.MemoryStore;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

class CommitterTest {
    private final MemoryStore store = new MemoryStore();
    private final Committer committer = new Committer("v", vault(), new SystemClock(), new Metrics(), head -> {});
    private final BlockingQueue<Object> outcomes = new ArrayBlockingQueue<>(10);

    private VaultStore vault() {
        VaultStore vault = store.vault(new VaultId(new UUID(0, 1)));
        vault.write(tx -> VaultRules.create(tx, new ItemId(new UUID(0, 2)), new UUID(0, 3), VaultPolicy.DEFAULT));
        return vault;
    }

    @AfterEach
    void close() {
        committer.close(Duration.ofSeconds(10));
        store.close();
    }

    private record Work(Consumer<VaultTx> work, BlockingQueue<Object> outcomes) implements Committer.Job {
        @Override
        public int mutations() {
            return 1;
        }

        @Override
        public boolean buries() {
            return false;
        }

        @Override
        public Runnable run(VaultTx tx) {
            work.accept(tx);
            return () -> outcomes.add("done");
        }

        @Override
        public void fail(RuntimeException cause) {
            outcomes.add(cause);
        }
    }

    private Object outcomeOf(Consumer<VaultTx> work) throws InterruptedException {
        committer.submit(new Work(work, outcomes));
        Object outcome = outcomes.poll(30, TimeUnit.SECONDS);
        return outcome == null ? "nobody answered" : outcome;
    }

    @Test
    void anErrorInOneJobFailsItAndTheNextJobIsDone() throws InterruptedException {
        Object failed =
                outcomeOf(
                        tx -> {
                            throw new StackOverflowError("planted");
                        });

        assertInstanceOf(StoreException.class, failed);
        assertEquals("done", outcomeOf(tx -> {}));
    }

    /** Submits a job that has begun when this returns, and ends as {@code end} says once {@code go} is given. */
    private void begin(CountDownLatch go, Consumer<VaultTx> end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        committer.submit(
                new Work(
                        tx -> {
                            begun.countDown();
                            await(go);
                            end.accept(tx);
                        },
                        outcomes));
        await(begun);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatWaitsBehindAnErrorIsDone() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        begin(
                go,
                tx -> {
                    throw new StackOverflowError("planted");
                });
        committer.submit(new Work(tx -> {}, outcomes));
        go.countDown();
        assertInstanceOf(StoreException.class, outcomes.poll(30, TimeUnit.SECONDS));
        assertEquals("done", outcomes.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void aFaultOrARefusalEndsItsOwnJobOnly() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        begin(go, tx -> {});
        BlockingQueue<Object> faulty = new ArrayBlockingQueue<>(10);
        BlockingQueue<Object> refused = new ArrayBlockingQueue<>(10);
        committer.submit(
                new Work(
                        tx -> {
                            throw new IllegalStateException("planted");
                        },
                        faulty));
        committer.submit(
                new Work(
                        tx -> {
                            throw new Refusal(ErrorCode.FORBIDDEN, "planted");
                        },
                        refused));
        committer.submit(new Work(tx -> {}, outcomes));
        go.countDown();
        assertInstanceOf(IllegalStateException.class, faulty.poll(30, TimeUnit.SECONDS));
        assertInstanceOf(Refusal.class, refused.poll(30, TimeUnit.SECONDS));
        assertEquals("done", outcomes.poll(30, TimeUnit.SECONDS));
        assertEquals("done", outcomes.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void jobsOfManyThreadsAreAllDone() throws InterruptedException {
        BlockingQueue<Object> all = new ArrayBlockingQueue<>(1_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 100; i++) {
                                            committer.submit(new Work(tx -> {}, all));
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < 800; i++) {
            assertEquals("done", all.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void closingFinishesWhatWaitsAndRefusesWhatComesLater() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        begin(go, tx -> {});
        committer.submit(new Work(tx -> {}, outcomes));
        assertFalse(committer.resting());
        Thread closing = Thread.ofPlatform().start(() -> committer.close(Duration.ofSeconds(30)));
        go.countDown();
        closing.join();
        assertEquals(List.of("done", "done"), List.copyOf(outcomes));
        assertTrue(committer.resting());
        outcomes.clear();
        assertInstanceOf(Refusal.class, outcomeOf(tx -> {}));
    }

    @Test
    void whoClosesWithoutPatienceFailsWhatHasNotBegun() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        begin(go, tx -> {});
        BlockingQueue<Object> waiting = new ArrayBlockingQueue<>(10);
        committer.submit(new Work(tx -> {}, waiting));
        committer.close(Duration.ZERO);
        assertInstanceOf(Refusal.class, waiting.poll(30, TimeUnit.SECONDS));
        go.countDown();
        assertEquals("done", outcomes.poll(30, TimeUnit.SECONDS));
    }
}
