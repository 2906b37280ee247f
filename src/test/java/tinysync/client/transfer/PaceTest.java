package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aRateIsThatOfTheLastFiveSeconds() {
        AtomicLong now = new AtomicLong(-7 * SECOND);
        RateMeter meter = new RateMeter(now::get);
        meter.add(1_000);
        assertEquals(200, meter.perSecond());
        now.addAndGet(4 * SECOND);
        meter.add(500);
        assertEquals(300, meter.perSecond());
        now.addAndGet(SECOND);
        assertEquals(100, meter.perSecond());
        now.addAndGet(100 * SECOND);
        assertEquals(0, meter.perSecond());
        assertEquals(1_500, meter.total());
    }

    @Test
    void bothWaysAreMeasuredApart() {
        TrafficMeter meter = new TrafficMeter(() -> 0);
        meter.up(5);
        meter.down(10);
        assertEquals(5, meter.uploaded().total());
        assertEquals(10, meter.downloaded().total());
    }

    @Test
    void pausesDoubleUpToHalfAMinuteAndAreNeverLessThanHalfOfThat() {
        Backoff shortest = new Backoff(() -> 0);
        Backoff any = new Backoff(() -> -1);
        long full = Backoff.FIRST.toMillis();
        for (int i = 0; i < 12; i++) {
            assertEquals(full / 2, shortest.next().toMillis());
            long pause = any.next().toMillis();
            assertTrue(pause >= full / 2 && pause <= full, pause + " of " + full);
            full = Math.min(2 * full, Backoff.LONGEST.toMillis());
        }
        shortest.reset();
        assertEquals(Duration.ofMillis(100), shortest.next());
    }
}
