package tinysync.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.content.Hash;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Limits how often an origin may fail to authenticate. Once it has used that up, what it shows is not looked at any
 * more, be it right or wrong, until some time has passed. What was found right from the same origin lately is always
 * looked at: nobody is locked out by the failures of a neighbour. Memory is bounded: of too many origins, those that
 * were quiet for longest are forgotten. Thread-safe.
 */
public final class Attempts {
    private static final int ORIGINS_MAX = 10_000;
    private static final int KNOWN_MAX = 50_000;
    private static final Duration LATELY = Duration.ofDays(1);

    private final AttemptLimit limit;
    private final LongSupplier nanos;
    private final Metrics metrics;
    private final Map<Origin, Credit> credits = new Bounded<>(ORIGINS_MAX);
    private final Map<Known, Long> known = new Bounded<>(KNOWN_MAX);

    /** What is left of an origin's failures at a moment, in nanoseconds of waiting that they stand for. */
    private record Credit(long left, long at) {}

    /** Something that was right, by its hash, and from where. */
    private record Known(Origin origin, Hash shown) {}

    /** Keeps the entries that were used last. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        private final int max;

        Bounded(int max) {
            super(16, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max;
        }
    }

    /**
     * @param nanos a clock that never goes back
     */
    public Attempts(AttemptLimit limit, LongSupplier nanos, Metrics metrics) {
        this.limit = Objects.requireNonNull(limit);
        this.nanos = Objects.requireNonNull(nanos);
        this.metrics = Objects.requireNonNull(metrics);
    }

    /**
     * Runs {@code check}, which says who shows {@code shown}, if {@code origin} may still try.
     *
     * @param shown a secret; only its hash is remembered
     * @throws Refusal rate_limited, or what {@code check} throws
     */
    public <T> T guard(Origin origin, String shown, Supplier<T> check) {
        Known asked = new Known(origin, Hash.of(shown.getBytes(UTF_8)));
        if (!mayTry(asked)) {
            throw rateLimited();
        }
        try {
            T found = check.get();
            remember(asked);
            return found;
        } catch (Refusal refusal) {
            switch (refusal.code()) {
                case UNAUTHENTICATED, INVITE_INVALID -> failed(origin);
                case DEVICE_REVOKED -> {}
                default -> remember(asked);
            }
            throw refusal;
        }
    }

    /**
     * Counts a failure; of something that needed no look to be wrong, too.
     *
     * @throws Refusal rate_limited, where there was nothing left
     */
    public void failed(Origin origin) {
        synchronized (this) {
            Credit before = credit(origin);
            if (before.left() < limit.oneMorePer().toNanos()) {
                // Tried beside others, which have used up what was there when it began.
                throw rateLimited();
            }
            credits.put(origin, new Credit(before.left() - limit.oneMorePer().toNanos(), before.at()));
        }
        metrics.authenticationFailed();
    }

    /** How long an origin has to wait for its next attempt; zero when it may try now. */
    public synchronized Duration patience(Origin origin) {
        return Duration.ofNanos(Math.max(0, limit.oneMorePer().toNanos() - credit(origin).left()));
    }

    private synchronized boolean mayTry(Known asked) {
        return isKnown(asked) || patience(asked.origin()).isZero();
    }

    private boolean isKnown(Known asked) {
        Long at = known.get(asked);
        return at != null && nanos.getAsLong() - at < LATELY.toNanos();
    }

    private synchronized void remember(Known right) {
        known.put(right, nanos.getAsLong());
    }

    private Credit credit(Origin origin) {
        long now = nanos.getAsLong();
        long most = limit.atOnce() * limit.oneMorePer().toNanos();
        Credit before = credits.getOrDefault(origin, new Credit(most, now));
        return new Credit(Math.min(most, before.left() + (now - before.at())), now);
    }

    private Refusal rateLimited() {
        metrics.rateLimited();
        return new Refusal(ErrorCode.RATE_LIMITED, "too many failed attempts from your address; wait a little");
    }
}
