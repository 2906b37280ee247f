package tinysync.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.core.Store;
import tinysync.server.core.VaultPolicy;
import tinysync.server.store.SqliteStore;
import tinysync.tree.VaultId;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

class AccessChangeTest {
    private static final VaultId MAIN = new VaultId(new UUID(1, 1));

    @TempDir Path folder;

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aChangeOfAccessReturnsWhenWhatWasJudgedBeforeHasEnded() throws Exception {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        CountDownLatch judged = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SystemRandom random = new SystemRandom();
        SystemClock clock = new SystemClock();
        try (Store store = SqliteStore.open(folder.resolve("data"))) {
            Access access = new Access(store, clock, new AccessWatch());
            Vaults vaults = new Vaults(store, access, clock, random, new HeadHub(), new Metrics());
            Vaults.create(store, random, MAIN, VaultPolicy.DEFAULT);
            VaultService vault = vaults.of(MAIN);
            Thread writer =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            vault.write(
                                                    tx -> {
                                                        judged.countDown();
                                                        await(go);
                                                        return order.add("written");
                                                    }));
            judged.await();
            Thread changer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        access.change(tx -> true);
                                        order.add("changed");
                                    });
            while (changer.getState() != Thread.State.WAITING && changer.isAlive()) {
                Thread.onSpinWait();
            }
            go.countDown();
            writer.join();
            changer.join();
            vaults.close(Duration.ofSeconds(3));
        }
        assertEquals(List.of("written", "changed"), List.copyOf(order));
    }
}
