package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class LaneTest {
    private final BlockingQueue<Integer> done = new LinkedBlockingQueue<>();

    @Test
    void oneThreadDoesAllInTheirOrder() throws InterruptedException {
        try (Lane<Integer> lane = new Lane<>(1, row -> List.of(row.removeFirst()), done::addAll)) {
            List<Integer> jobs = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
            jobs.forEach(lane::add);
            List<Integer> seen = new ArrayList<>();
            while (seen.size() < jobs.size()) {
                seen.add(done.take());
            }
            assertEquals(jobs, seen);
        }
    }

    @Test
    void aFaultDoesNotKeepTheNextJobsWaiting() throws InterruptedException {
        CountDownLatch allThere = new CountDownLatch(1);
        try (Lane<Integer> lane =
                new Lane<>(
                        1,
                        row -> List.of(row.removeFirst()),
                        jobs -> {
                            await(allThere);
                            if (jobs.getFirst() == 1) {
                                throw new IllegalArgumentException("a fault, as it is meant to be");
                            }
                            done.addAll(jobs);
                        })) {
            lane.add(1);
            lane.add(2);
            allThere.countDown();
            assertEquals(2, done.take());
        }
    }

    @Test
    void closingInterruptsWhatRunsDropsWhatWaitsAndTakesNoMore() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Lane<Integer> lane =
                new Lane<>(
                        1,
                        row -> List.of(row.removeFirst()),
                        jobs -> {
                            begun.countDown();
                            await(never);
                            done.add(Thread.currentThread().isInterrupted() ? -1 : jobs.getFirst());
                        });
        lane.add(1);
        await(begun);
        lane.add(2);
        lane.close();
        lane.add(3);
        assertEquals(List.of(-1), List.copyOf(done));
        assertTrue(never.getCount() == 1);
    }

    private static void await(CountDownLatch door) {
        try {
            door.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
