package tinysync.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
}
