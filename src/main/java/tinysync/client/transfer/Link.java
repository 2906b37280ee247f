package tinysync.client.transfer;

import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.WakeDown;
import tinysync.client.remote.WakeListener;
import tinysync.client.remote.WakeSocket;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;
import tinysync.wire.Me;
import tinysync.wire.WaitCodec;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Keeps touch with one server for all attachments, and tells each whether its vault can be reached and where its head
 * is: {@link Event.Online}, {@link Event.HeadMoved}, {@link Event.Offline}, {@link Event.AccessLost}.
 *
 * <p>Two threads: one holds the WebSocket; the other asks by HTTP. The second begins at once with a long poll, gives it
 * up when the socket has authenticated, and takes over when that is gone. A socket that breaks does not mean offline:
 * the server gets a moment to answer by HTTP first. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private static final Duration CONFIRM_EVERY = Duration.ofSeconds(25);
    private static final Duration CONFIRMED_FOR = Duration.ofSeconds(60);

    /** How long the server may take to answer after its socket broke, before it counts as gone. */
    private static final Duration DOUBT = Duration.ofMillis(1_500);

    /** The same when it left a ping without an answer: it may only be slow. */
    private static final Duration DOUBT_SILENT = Duration.ofSeconds(5);

    /** The HTTP status of a server that wants to be asked less often; above it, it cannot answer. */
    private static final int TOO_MANY = 429;

    private enum Task {
        /** Who may we reach, and where are the heads? */
        ASK,
        /** Wait at the server for a head to move. */
        POLL,
        /** The socket stands: only make sure now and then. */
        CONFIRM,
        STOP
    }

    private final ServerApi api;
    private final UUID instance;
    private final SystemClock clock;
    private final Backoff pollBackoff;
    private final Backoff socketBackoff;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<VaultId, Watch> watches = new HashMap<>();
    private Optional<Thread> asking = Optional.empty();
    private Optional<Thread> listening = Optional.empty();
    private Optional<WakeSocket> socket = Optional.empty();
    private boolean socketReady;
    private boolean reachable;
    private boolean askAnew = true;
    private boolean inCall;
    private boolean stopped;
    private long answers;

    /**
     * @param instance of this run of the client, as the server knows it
     */
    public Link(ServerApi api, UUID instance, SystemRandom random, SystemClock clock) {
        this.api = Objects.requireNonNull(api);
        this.instance = Objects.requireNonNull(instance);
        this.clock = Objects.requireNonNull(clock);
        this.pollBackoff = new Backoff(random::nextLong);
        this.socketBackoff = new Backoff(random::nextLong);
    }

    /** Call once. */
    public void start() {
        locked(
                () -> {
                    asking = Optional.of(Thread.ofVirtual().name("link-poll").start(this::keepAsking));
                    listening = Optional.of(Thread.ofVirtual().name("link-socket").start(this::keepListening));
                });
    }

    /** Tells {@code listener} of a vault from now on, on a thread of its own, one event after the other. */
    public void watch(VaultId vault, Consumer<Event> listener) {
        unwatch(vault);
        locked(
                () -> {
                    watches.put(vault, new Watch(listener));
                    ask();
                });
    }

    /** Tells no more; returns when a running call of the listener has ended. */
    public void unwatch(VaultId vault) {
        Optional<Watch> removed = Optional.empty();
        lock.lock();
        try {
            removed = Optional.ofNullable(watches.remove(vault));
        } finally {
            lock.unlock();
        }
        removed.ifPresent(Watch::close);
    }

    /** How news come in: {@code socket}, {@code poll}, or {@code none} while there is no connection. */
    public String mode() {
        lock.lock();
        try {
            return reachable ? (socketReady ? "socket" : "poll") : "none";
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server said where the head of a vault is within the last minute. */
    public boolean isConfirmed(VaultId vault) {
        lock.lock();
        try {
            Watch watch = watches.get(vault);
            return watch != null && watch.isConfirmed(clock.monotonicNanos(), CONFIRMED_FOR.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Ends both threads and tells nobody anything any more. */
    @Override
    public void close() {
        List<Watch> closing;
        lock.lock();
        try {
            stopped = true;
            socket.ifPresent(WakeSocket::close);
            asking.ifPresent(Thread::interrupt);
            listening.ifPresent(Thread::interrupt);
            changed.signalAll();
            closing = List.copyOf(watches.values());
            watches.clear();
        } finally {
            lock.unlock();
        }
        closing.forEach(Watch::close);
        asking.ifPresent(Link::join);
        listening.ifPresent(Link::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    // Asking by HTTP.

    private void keepAsking() {
        for (Task task = nextTask(); task != Task.STOP; task = nextTask()) {
            try {
                perform(task);
            } catch (RemoteException failed) {
                if (!endCall()) {
                    failed(failed);
                    pause(pollBackoff);
                }
            }
        }
    }

    /** Waits until there is something to ask. */
    private Task nextTask() {
        lock.lock();
        try {
            long left = CONFIRM_EVERY.toNanos();
            while (!stopped && !askAnew && reachable && (socketReady || cursors().isEmpty()) && left > 0) {
                left = changed.awaitNanos(left);
            }
            inCall = !stopped;
            if (stopped) {
                return Task.STOP;
            }
            if (askAnew || !reachable || cursors().isEmpty()) {
                askAnew = false;
                return Task.ASK;
            }
            return socketReady ? Task.CONFIRM : Task.POLL;
        } catch (InterruptedException stopping) {
            return stopped ? Task.STOP : Task.ASK;
        } finally {
            lock.unlock();
        }
    }

    private void perform(Task task) throws RemoteException {
        switch (task) {
            case ASK -> learn();
            case POLL -> waitForHeads(WaitCodec.TIMEOUT_MAX);
            case CONFIRM -> waitForHeads(Duration.ZERO);
            case STOP -> throw new IllegalStateException("nothing is to be done any more");
        }
        endCall();
    }

    /** Which vaults are in reach, and where their heads are. */
    private void learn() throws RemoteException {
        Set<VaultId> inReach = new HashSet<>();
        api.me().vaults().stream().map(Me.Reach::id).forEach(inReach::add);
        answered();
        for (VaultId vault : watched()) {
            if (inReach.contains(vault)) {
                Cursor head = api.vault(vault).head();
                locked(() -> heard(vault, head));
            } else {
                locked(() -> find(vault).ifPresent(w -> w.lost("this device has no access to the vault")));
            }
        }
    }

    private void waitForHeads(Duration timeout) throws RemoteException {
        Map<VaultId, Cursor> known;
        lock.lock();
        try {
            known = cursors();
        } finally {
            lock.unlock();
        }
        Map<VaultId, Cursor> moved = api.await(known, timeout);
        answered();
        locked(
                () -> {
                    known.keySet().forEach(vault -> find(vault).ifPresent(w -> w.confirmed(clock.monotonicNanos())));
                    moved.forEach(this::heard);
                    pollBackoff.reset();
                });
    }

    /** The server answered, by whatever way. */
    private void answered() {
        locked(
                () -> {
                    answers++;
                    if (!reachable) {
                        reachable = true;
                        pollBackoff.reset();
                        // Whoever waited because of a lost connection need not wait longer.
                        changed.signalAll();
                    }
                });
    }

    private void failed(RemoteException failed) {
        switch (failed) {
            case RemoteException.Refused refused when Access.isRevoked(refused) ->
                    locked(
                            () -> {
                                reachable = true;
                                askAnew = true;
                                watches.values().forEach(watch -> watch.lost(refused.getMessage()));
                            });
            // An answer that depends on a vault: a fork, or one that is no longer ours. Asking anew tells.
            case RemoteException.Refused refused when refused.status() <= TOO_MANY -> locked(() -> askAnew = true);
            case RemoteException.Refused refused -> offline(refused.getMessage());
            case RemoteException.Unreachable gone -> offline(String.valueOf(gone.getMessage()));
            case RemoteException.Garbled foreign -> offline(String.valueOf(foreign.getMessage()));
        }
    }

    private void offline(String reason) {
        locked(
                () -> {
                    reachable = false;
                    // It may be half-open; a new one tells.
                    socket.ifPresent(WakeSocket::close);
                    watches.values().forEach(watch -> watch.offline(reason));
                });
    }

    /** Whether the call that just ended was broken off because something better came. */
    private boolean endCall() {
        lock.lock();
        try {
            inCall = false;
            return Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Breaks off a long poll, since there is something else to do. */
    private void ask() {
        askAnew = true;
        breakOff();
    }

    private void breakOff() {
        if (inCall) {
            asking.ifPresent(Thread::interrupt);
        }
        changed.signalAll();
    }

    // Listening on the socket.

    private void keepListening() {
        while (!isStopped()) {
            try {
                Optional<URI> address = wakeAddress();
                if (address.isPresent()) {
                    listen(api.wake(address.get(), instance));
                }
            } catch (RemoteException notNow) {
                locked(() -> socketReady = false);
            }
            pause(socketBackoff);
        }
    }

    /** Where the socket is. Never one in clear when the server itself is reached under TLS: the token goes over it. */
    private Optional<URI> wakeAddress() throws RemoteException {
        boolean tls = api.connection().base().getScheme().equals("https");
        return api.info()
                .wake()
                .map(Link::uri)
                .filter(uri -> "wss".equals(uri.getScheme()) || (!tls && "ws".equals(uri.getScheme())));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            return URI.create("");
        }
    }

    private void listen(WakeSocket opened) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            socket = Optional.of(opened);
        } finally {
            lock.unlock();
        }
        opened.run(new Ears());
    }

    private final class Ears implements WakeListener {
        @Override
        public void onReady() {
            answered();
            locked(
                    () -> {
                        socketReady = true;
                        socketBackoff.reset();
                        // Heads follow for what is in reach; what is not, only asking tells.
                        askAnew |= !watches.values().stream().allMatch(Watch::isOnline);
                        breakOff();
                    });
        }

        @Override
        public void onHead(VaultId vault, Cursor head) {
            locked(
                    () -> {
                        answers++;
                        heard(vault, head);
                    });
        }

        @Override
        public void onGrants() {
            locked(Link.this::ask);
        }

        @Override
        public void onDown(WakeDown why) {
            locked(
                    () -> {
                        boolean wasReady = socketReady;
                        socketReady = false;
                        socket = Optional.empty();
                        if (wasReady && !stopped) {
                            ask();
                            doubt("the connection was lost: " + why.detail(), DOUBT);
                        }
                    });
        }

        @Override
        public void onSilence() {
            locked(
                    () -> {
                        if (reachable && !stopped) {
                            ask();
                            doubt("the server does not answer", DOUBT_SILENT);
                        }
                    });
        }
    }

    /**
     * Offline, unless the server says something soon: a refused connection tells at once, a silent network does not.
     */
    private void doubt(String reason, Duration patience) {
        long before = answers;
        Thread.ofVirtual()
                .start(
                        () -> {
                            lock.lock();
                            try {
                                long left = patience.toNanos();
                                while (left > 0 && !stopped && answers == before) {
                                    left = changed.awaitNanos(left);
                                }
                                if (!stopped && answers == before) {
                                    offline(reason);
                                }
                            } catch (InterruptedException nobodyDoes) {
                                Thread.currentThread().interrupt();
                            } finally {
                                lock.unlock();
                            }
                        });
    }

    // What both share.

    private void heard(VaultId vault, Cursor head) {
        find(vault).ifPresent(watch -> watch.heard(head, clock.monotonicNanos()));
    }

    private Optional<Watch> find(VaultId vault) {
        return Optional.ofNullable(watches.get(vault));
    }

    private Map<VaultId, Cursor> cursors() {
        Map<VaultId, Cursor> cursors = new HashMap<>();
        watches.forEach(
                (vault, watch) ->
                        watch.head().filter(head -> watch.isOnline()).ifPresent(head -> cursors.put(vault, head)));
        return cursors;
    }

    private Set<VaultId> watched() {
        lock.lock();
        try {
            return Set.copyOf(watches.keySet());
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Ends early when the link stops, or when the server is in reach again. */
    private void pause(Backoff backoff) {
        lock.lock();
        try {
            boolean before = reachable;
            long left = backoff.next().toNanos();
            while (left > 0 && !stopped && (before || !reachable)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException brokenOff) {
            // Only to stop, or to look at what has changed: the caller does either.
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
