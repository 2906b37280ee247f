package tinysync.client;

import tinysync.client.engine.Event;
import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** Waits until attachments have nothing left to do, or cannot go on without help; for {@code sync-once}. */
final class Settling {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** A connection may break for a moment; after so long it is not reachable. */
    private static final Duration OFFLINE_FOR = Duration.ofSeconds(3);

    /** What came of the waiting, the worse the later. */
    enum Outcome {
        SYNCED,
        TIMEOUT,
        PAUSED,
        ERROR,
        OFFLINE,
        HELD,
        REVOKED;

        /** The word in answers. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long one server has been away. */
    private static final class Patience {
        private final Connection connection;
        private long triedAt;
        private long offlineSince;
        private long now;

        Patience(Connection connection, long now) {
            this.connection = connection;
            this.triedAt = now;
            this.offlineSince = now;
            connection.tryNow();
        }

        void look(long nanos) {
            now = nanos;
            boolean offline = connection.reachable().equals(Optional.of(false));
            offlineSince = offline ? offlineSince : now;
            if (offline && now - triedAt >= LOOK_AGAIN.toNanos()) {
                // A server that is just starting is not gone.
                connection.tryNow();
                triedAt = now;
            }
        }

        boolean isGone() {
            return now - offlineSince > OFFLINE_FOR.toNanos();
        }
    }

    private final Daemon daemon;

    Settling(Daemon daemon) {
        this.daemon = Objects.requireNonNull(daemon);
    }

    /**
     * Looks at the disk anew and waits.
     *
     * @param only one attachment; empty for all
     * @param timeout empty is without limit
     */
    Outcome await(Optional<String> only, Optional<Duration> timeout) throws InterruptedException {
        List<AttachmentRunner> runners = daemon.chosen(only);
        long begin = daemon.clock().monotonicNanos();
        for (AttachmentRunner runner : runners) {
            // What was saved just before is not yet known; from the engine's answer on, it is on its list.
            decided(runner, Event.Order.RESCAN);
        }
        Map<Connection, Patience> patience = new HashMap<>();
        runners.forEach(runner -> patience.computeIfAbsent(runner.connection(), one -> new Patience(one, begin)));
        while (true) {
            long seen = daemon.changed().count();
            long now = daemon.clock().monotonicNanos();
            patience.values().forEach(one -> one.look(now));
            Optional<Outcome> outcome = outcome(runners, runner -> patience.get(runner.connection()).isGone());
            if (outcome.isPresent()) {
                return outcome.get();
            }
            if (timeout.isPresent() && now - begin >= timeout.get().toNanos()) {
                return Outcome.TIMEOUT;
            }
            Duration left =
                    timeout.map(limit -> limit.minusNanos(now - begin))
                            .filter(rest -> rest.compareTo(LOOK_AGAIN) < 0)
                            .orElse(LOOK_AGAIN);
            daemon.changed().await(seen, left);
        }
    }

    /** Waits until the engine has taken an order; one that is about to start looks at everything then. */
    static void decided(AttachmentRunner runner, Event.Order order) throws InterruptedException {
        Future<StatusView> taken = runner.order(order);
        try {
            taken.get();
        } catch (CancellationException | ExecutionException notRunning) {
            System.getLogger("tinysync.client").log(System.Logger.Level.DEBUG, "no session takes it", notRunning);
        }
    }

    /** Empty while there is hope. */
    private static Optional<Outcome> outcome(List<AttachmentRunner> runners, Predicate<AttachmentRunner> isGone) {
        Optional<Outcome> worst = Optional.of(Outcome.SYNCED);
        for (AttachmentRunner runner : runners) {
            State state = runner.view().state();
            boolean gone = isGone.test(runner);
            Optional<Outcome> one =
                    switch (state) {
                        case SYNCED -> Optional.of(Outcome.SYNCED);
                        case SYNCING, SCANNING, STARTING -> gone ? Optional.of(Outcome.OFFLINE) : Optional.empty();
                        case OFFLINE -> gone ? Optional.of(Outcome.OFFLINE) : Optional.empty();
                        case PAUSED -> Optional.of(Outcome.PAUSED);
                        case HELD -> Optional.of(Outcome.HELD);
                        case REVOKED -> Optional.of(Outcome.REVOKED);
                        case ERROR -> Optional.of(Outcome.ERROR);
                    };
            if (one.isEmpty()) {
                return one;
            }
            worst = worst.filter(so -> so.compareTo(one.get()) >= 0).or(() -> one);
        }
        return worst;
    }
}
