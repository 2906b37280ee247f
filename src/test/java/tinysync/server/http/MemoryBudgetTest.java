package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

class MemoryBudgetTest {
    private static final long BYTES = 100 << 10;

    private static ErrorCode refused(MemoryBudget budget, long bytes) {
        return assertThrows(Refusal.class, () -> budget.take(bytes)).code();
    }

    @Test
    void whatDoesNotFitWaitsAndIsRefusedAfterAWhile() {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofMillis(1));
        MemoryBudget.Share share = budget.take(BYTES - 1);
        assertEquals(ErrorCode.UNAVAILABLE, refused(budget, 1));
        share.close();
        budget.take(1).close();
    }

    @Test
    void moreThanThereIsAtAllIsRefusedAtOnceAndNeverCutToFit() {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofDays(1));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refused(budget, BYTES));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refused(budget, Long.MAX_VALUE));
        assertEquals(BYTES, budget.free());
    }

    @Test
    void aShareIsGivenBackOnce() {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofDays(1));
        MemoryBudget.Share share = budget.take(10 << 10);
        assertTrue(budget.free() < BYTES - (10 << 10));
        share.close();
        share.close();
        assertEquals(BYTES, budget.free());
    }

    @Test
    void slowPeersFillAtMostHalfOfIt() {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofDays(1));
        assertEquals(Optional.empty(), budget.tryTakeForPeer(BYTES / 2));
        List<MemoryBudget.Share> shares = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            shares.add(budget.tryTakeForPeer(9 << 10).orElseThrow());
        }
        assertEquals(Optional.empty(), budget.tryTakeForPeer(1 << 10));
        budget.take(BYTES / 2 - 1).close();
        shares.forEach(MemoryBudget.Share::close);
        assertEquals(BYTES, budget.free());
        budget.tryTakeForPeer(1 << 10).orElseThrow().close();
    }

    @Test
    void aPeerGetsNoRoomThatIsTaken() {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofDays(1));
        try (MemoryBudget.Share _ = budget.take(BYTES - 1)) {
            assertEquals(Optional.empty(), budget.tryTakeForPeer(1));
        }
        budget.tryTakeForPeer(BYTES / 2 - 1).orElseThrow().close();
    }

    @Test
    void manyAtOnceNeverHoldMoreThanThereIsAndAllGetTheirTurn() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(BYTES, Duration.ofDays(1));
        AtomicInteger holding = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try (MemoryBudget.Share _ = budget.take(30 << 10)) {
                                            most.accumulateAndGet(holding.incrementAndGet(), Math::max);
                                            Thread.yield();
                                            holding.decrementAndGet();
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(most.get() >= 1 && most.get() <= 3, "at once: " + most);
        assertEquals(BYTES, budget.free());
    }
}
