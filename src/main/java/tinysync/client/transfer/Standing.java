package tinysync.client.transfer;

import tinysync.client.remote.WakeSocket;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How a {@link Link} stands with its server: what its two threads have found out, what each attachment was told of it,
 * and what is to be asked next. Thread-safe; nothing here calls a server, and attachments are told on other threads.
 */
final class Standing {
    private static final Duration CONFIRM_EVERY = Duration.ofSeconds(25);
    private static final Duration CONFIRMED_FOR = Duration.ofSeconds(60);

    /** How long the server may take to answer after its socket broke, before it counts as gone. */
    private static final Duration DOUBT = Duration.ofMillis(1_500);

    /** The same when it left a ping without an answer: it may only be slow. */
    private static final Duration DOUBT_SILENT = Duration.ofSeconds(5);

    enum Task {
        /** Who may we reach, and where are the heads? */
        ASK,
        /** Wait at the server for a head to move. */
        POLL,
        /** The socket stands: only make sure now and then. */
        CONFIRM,
        STOP
    }

    /** What the asking thread is at. */
    private record Ongoing(Task task, Thread thread) {}

    private final LongSupplier nanos;
    private final Backoff askingPace;
    private final Backoff socketPace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<VaultId, Watch> watches = new HashMap<>();
    private Optional<Ongoing> ongoing = Optional.empty();
    private Optional<WakeSocket> socket = Optional.empty();
    private boolean socketReady;
    private boolean reachable;
    private boolean askAnew = true;
    private boolean stopped;

    /** How often the server was heard, in whatever way. */
    private long answers;

    /** How often somebody could not wait for the next try. */
    private long hurries;

    /**
     * @param nanos a clock that never goes back, in nanoseconds
     * @param chance any 64 bits
     */
    Standing(LongSupplier nanos, LongSupplier chance) {
        this.nanos = Objects.requireNonNull(nanos);
        this.askingPace = new Backoff(chance);
        this.socketPace = new Backoff(chance);
    }

    // For the attachments.

    void watch(VaultId vault, Watch watch) {
        locked(
                () -> {
                    watches.put(vault, watch);
                    ask();
                });
    }

    /** The watch there was; its owner closes it. */
    Optional<Watch> unwatch(VaultId vault) {
        return locked(() -> Optional.ofNullable(watches.remove(vault)));
    }

    String mode() {
        return locked(() -> reachable ? (socketReady ? "socket" : "poll") : "none");
    }

    boolean isConfirmed(VaultId vault) {
        return locked(
                () ->
                        find(vault)
                                .filter(watch -> watch.isConfirmed(nanos.getAsLong(), CONFIRMED_FOR.toNanos()))
                                .isPresent());
    }

    /** From now on there is nothing to do and nobody to be told; the watches are the caller's to close. */
    List<Watch> stop() {
        return locked(
                () -> {
                    stopped = true;
                    socket.ifPresent(WakeSocket::close);
                    changed.signalAll();
                    List<Watch> left = List.copyOf(watches.values());
                    watches.clear();
                    return left;
                });
    }

    boolean isStopped() {
        return locked(() -> stopped);
    }

    // For the thread that asks.

    /** Waits until there is something to ask. Until {@link #endCall}, the calling thread may be interrupted. */
    Task nextTask() {
        lock.lock();
        try {
            long left = CONFIRM_EVERY.toNanos();
            while (!stopped && !askAnew && reachable && (socketReady || heads().isEmpty()) && left > 0) {
                left = changed.awaitNanos(left);
            }
            Task task = dueTask();
            ongoing = Optional.of(new Ongoing(task, Thread.currentThread()));
            return task;
        } catch (InterruptedException stopping) {
            return stopped ? Task.STOP : Task.ASK;
        } finally {
            lock.unlock();
        }
    }

    private Task dueTask() {
        if (stopped) {
            return Task.STOP;
        }
        if (askAnew || !reachable || heads().isEmpty()) {
            askAnew = false;
            return Task.ASK;
        }
        return socketReady ? Task.CONFIRM : Task.POLL;
    }

    /** Says, on the thread that asks, whether the call that just ended was broken off because something better came. */
    boolean endCall() {
        return locked(
                () -> {
                    ongoing = Optional.empty();
                    return Thread.interrupted();
                });
    }

    Set<VaultId> watched() {
        return locked(() -> Set.copyOf(watches.keySet()));
    }

    /** The heads of those vaults that are in reach, as last heard of. */
    Map<VaultId, Cursor> heads() {
        return locked(
                () -> {
                    Map<VaultId, Cursor> heads = new HashMap<>();
                    watches.forEach(
                            (vault, watch) ->
                                    watch.head()
                                            .filter(head -> watch.isOnline())
                                            .ifPresent(head -> heads.put(vault, head)));
                    return heads;
                });
    }

    /** The server answered, in whatever way. */
    void answered() {
        locked(
                () -> {
                    answers++;
                    if (!reachable) {
                        reachable = true;
                        askingPace.reset();
                        // Whoever waited because of a lost connection need not wait longer.
                        changed.signalAll();
                    }
                });
    }

    /** The server was asked about {@code asked}, of which {@code moved} are elsewhere by now. */
    void confirmed(Collection<VaultId> asked, Map<VaultId, Cursor> moved) {
        locked(
                () -> {
                    answered();
                    askingPace.reset();
                    asked.forEach(vault -> find(vault).ifPresent(watch -> watch.confirmed(nanos.getAsLong())));
                    moved.forEach(this::heard);
                });
    }

    void lost(VaultId vault, String message) {
        locked(() -> find(vault).ifPresent(watch -> watch.lost(message)));
    }

    /** The server does not know this device any more. */
    void revoked(String message) {
        locked(
                () -> {
                    answered();
                    askAnew = true;
                    watches.values().forEach(watch -> watch.lost(message));
                });
    }

    void offline(String reason) {
        locked(
                () -> {
                    reachable = false;
                    // It may be half-open; a new one tells.
                    socket.ifPresent(WakeSocket::close);
                    watches.values().forEach(watch -> watch.offline(reason));
                });
    }

    void pauseAsking() {
        pause(askingPace);
    }

    // For the thread that listens.

    /** False when it is too late for a socket; else it is closed when it is not wanted any more. */
    boolean opened(WakeSocket opened) {
        return locked(
                () -> {
                    socket = Optional.of(opened).filter(fresh -> !stopped);
                    return !stopped;
                });
    }

    void socketReady() {
        locked(
                () -> {
                    answered();
                    socketReady = true;
                    socketPace.reset();
                    // Heads follow for what is in reach; what is not, only asking tells.
                    askAnew |= !watches.values().stream().allMatch(Watch::isOnline);
                    // What was asked anew must be answered: it is about more than heads.
                    if (ongoing.filter(call -> call.task() != Task.ASK).isPresent()) {
                        breakOff();
                    }
                    changed.signalAll();
                });
    }

    void socketDown(String why) {
        locked(
                () -> {
                    boolean wasReady = socketReady;
                    socketReady = false;
                    socket = Optional.empty();
                    if (wasReady && !stopped) {
                        ask();
                        doubt("the connection was lost: " + why, DOUBT);
                    }
                });
    }

    /** A ping was left without an answer: the server may be frozen, or the network gone without a word. */
    void socketSilent() {
        locked(
                () -> {
                    if (reachable && !stopped) {
                        ask();
                        doubt("the server does not answer", DOUBT_SILENT);
                    }
                });
    }

    private void doubt(String why, Duration patience) {
        long before = answers;
        Thread.ofVirtual().name("link-doubt").start(() -> doubt(before, why, patience));
    }

    /**
     * Offline, unless the server says something soon: a refused connection tells at once, a silent network does not.
     */
    private void doubt(long before, String why, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (left > 0 && !stopped && answers == before) {
                left = changed.awaitNanos(left);
            }
            if (!stopped && answers == before) {
                offline(why);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    void pauseListening() {
        pause(socketPace);
    }

    // For both.

    void heard(VaultId vault, Cursor head) {
        locked(
                () -> {
                    answers++;
                    find(vault).ifPresent(watch -> watch.heard(head, nanos.getAsLong()));
                });
    }

    /** Something is to be asked that no head tells; a call that is under way is broken off for it. */
    void ask() {
        locked(
                () -> {
                    askAnew = true;
                    breakOff();
                    changed.signalAll();
                });
    }

    private void breakOff() {
        ongoing.map(Ongoing::thread).ifPresent(Thread::interrupt);
    }

    private Optional<Watch> find(VaultId vault) {
        return Optional.ofNullable(watches.get(vault));
    }

    /** What pauses after a failure tries again now. */
    void hurry() {
        locked(
                () -> {
                    hurries++;
                    askingPace.reset();
                    socketPace.reset();
                    changed.signalAll();
                });
    }

    /** Ends early when the link stops, when the server is in reach again, or when somebody is in a hurry. */
    private void pause(Backoff pace) {
        lock.lock();
        try {
            boolean before = reachable;
            long hurriesBefore = hurries;
            long left = pace.next().toNanos();
            while (left > 0 && !stopped && hurries == hurriesBefore && (before || !reachable)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException brokenOff) {
            // Only to stop: the caller looks for that.
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        locked(
                () -> {
                    change.run();
                    return true;
                });
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
