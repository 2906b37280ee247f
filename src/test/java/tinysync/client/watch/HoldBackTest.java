package tinysync.client.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class HoldBackTest {
    private static final Duration IDLE = Duration.ofHours(1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final HoldBack<String> held = new HoldBack<>(nanos::get);

    private void pass(int millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void whatIsHeldFallsDueAfterAFifthOfASecondHoweverOftenItIsHeld() {
        assertEquals(IDLE, held.untilDue(IDLE));
        held.hold("a");
        pass(150);
        held.hold("a");
        held.hold("b");
        assertEquals(List.of(), held.takeDue());
        assertEquals(Duration.ofMillis(50), held.untilDue(IDLE));
        pass(50);
        assertEquals(List.of("a"), held.takeDue());
        assertEquals(Duration.ofMillis(150), held.untilDue(IDLE));
    }

    @Test
    void whatIsDroppedNeverFallsDue() {
        held.hold("a");
        held.drop("a");
        pass(1_000);
        assertEquals(List.of(), held.takeDue());
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            held.hold("entry " + i);
        }
        assertEquals(100_000 - 65_536, held.takeDue().size());
    }
}
