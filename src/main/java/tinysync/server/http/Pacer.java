package tinysync.server.http;

import tinysync.platform.SystemClock;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Runs each request on a virtual thread of its own, and cuts those whose peer is too slow.
 *
 * <p>The JDK's own limit ({@code maxReqTime}) counts head and body together, so that any value which stops a slow head
 * stops an honest upload over a slow line too. Here the head has a time of its own, and a body only has to keep moving.
 */
final class Pacer implements Executor, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);

    private final SystemClock clock;
    private final HttpTimes times;
    private final Set<Pace> paces = ConcurrentHashMap.newKeySet();
    private final Thread watchdog;

    Pacer(SystemClock clock, HttpTimes times) {
        this.clock = clock;
        this.times = times;
        this.watchdog = Thread.ofPlatform().name("http pace").daemon().start(this::watch);
    }

    @Override
    public void execute(Runnable exchange) {
        Thread.ofVirtual()
                .name("http")
                .start(
                        () -> {
                            Pace pace = new Pace(Thread.currentThread(), clock, times);
                            paces.add(pace);
                            try {
                                pace.awaitHead();
                                ScopedValue.where(Pace.CURRENT, pace).run(exchange);
                            } finally {
                                pace.end();
                                paces.remove(pace);
                            }
                        });
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                clock.sleep(TICK);
                long now = clock.monotonicNanos();
                paces.forEach(pace -> pace.check(now));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watchdog.interrupt();
    }
}
