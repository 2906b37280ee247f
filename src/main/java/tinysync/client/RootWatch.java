package tinysync.client;

import tinysync.client.engine.Event;
import tinysync.client.folder.Root;
import tinysync.client.folder.RootState;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks every few seconds whether the root's path still leads to the root, and tells when that changes. */
final class RootWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RootWatch.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Root root;
    private final Consumer<Event> listener;
    private final Runnable whenReplaced;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<String> lost = Optional.empty();

    /**
     * @param whenReplaced the attachment's folder is there, but it is another one: all must be opened anew
     */
    RootWatch(Root root, Consumer<Event> listener, Runnable whenReplaced) {
        this.root = Objects.requireNonNull(root);
        this.listener = Objects.requireNonNull(listener);
        this.whenReplaced = Objects.requireNonNull(whenReplaced);
    }

    void start() {
        Thread.ofVirtual().name("root-watch").start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException interrupted) {
            LOG.log(Level.DEBUG, "the root is not watched any more");
        }
    }

    /** Looks at once. */
    synchronized void look() {
        if (closing.getCount() == 0) {
            return;
        }
        RootState state = root.check();
        switch (state) {
            case RootState.Good() -> {
                if (lost.isPresent()) {
                    lost = Optional.empty();
                    listener.accept(new Event.RootBack());
                }
            }
            case RootState.Replaced() -> {
                lose(state);
                whenReplaced.run();
            }
            case RootState.Missing(), RootState.Foreign(_), RootState.ReadOnly() -> lose(state);
        }
    }

    private void lose(RootState state) {
        Optional<String> reason = Optional.of(word(state));
        if (!lost.equals(reason)) {
            lost = reason;
            listener.accept(new Event.RootLost(word(state)));
        }
    }

    /** A short word for {@code status}. */
    static String word(RootState state) {
        return switch (state) {
            case RootState.Good() -> "good";
            case RootState.Missing() -> "missing";
            case RootState.Foreign(String reason) -> reason;
            case RootState.ReadOnly() -> "read_only";
            case RootState.Replaced() -> "replaced";
        };
    }

    /** Once this returns, nobody here looks at the root any more. */
    @Override
    public synchronized void close() {
        closing.countDown();
    }
}
