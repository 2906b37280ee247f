package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class EarlyFlushTest {
    @Test
    void whoBeginsAFlushGoesOnMeanwhile() throws Exception {
        CountDownLatch door = new CountDownLatch(1);
        CountDownLatch flushed = new CountDownLatch(1);
        EarlyFlush flush =
                EarlyFlush.begin(
                        () -> {
                            await(door);
                            flushed.countDown();
                        });
        door.countDown();
        flush.await();
        assertEquals(0, flushed.getCount());
    }

    @Test
    void whatWentWrongIsToldToWhoWaits() {
        IOException broken = new IOException("the disk is broken");
        EarlyFlush flush =
                EarlyFlush.begin(
                        () -> {
                            throw broken;
                        });
        assertSame(broken, assertThrows(IOException.class, flush::await));
        EarlyFlush faulty =
                EarlyFlush.begin(
                        () -> {
                            throw new IllegalArgumentException("a fault");
                        });
        assertThrows(IllegalStateException.class, faulty::await);
    }

    private static void await(CountDownLatch door) {
        try {
            door.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
