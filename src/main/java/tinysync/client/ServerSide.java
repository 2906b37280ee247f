package tinysync.client;

import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Identity;
import tinysync.client.transfer.Link;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.VaultId;
import tinysync.wire.DeviceToken;
import tinysync.wire.ErrorCode;
import tinysync.wire.Me;
import tinysync.wire.Registration;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The daemon's connection to one server: tells the server which instance of this device runs now, learns what it may
 * reach, and then keeps a {@link Link} for all attachments. Until the server took the instance, attachments hear
 * nothing of being online, since what they would send would be refused. Thread-safe.
 */
final class ServerSide implements Connection, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.client");
    private static final Duration RETRY_MIN = Duration.ofMillis(500);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(60);
    private static final Duration RELEARN = Duration.ofSeconds(60);

    private final Account account;
    private final SystemRandom random;
    private final SystemClock clock;
    private final Listener listener;
    private final Signal changed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Signal hurried = new Signal();
    private final Signal news = new Signal();
    private final Object writing = new Object();
    private final Map<VaultId, List<Consumer<Event>>> listeners = new HashMap<>();
    private final Thread thread;
    private volatile ServerApi api;
    private volatile boolean doubted;

    /** Asked for before, by the connecting thread: one more try is no one more device. */
    private Optional<DeviceToken> becoming = Optional.empty();

    private Optional<Link> link = Optional.empty();
    private Optional<Event> bad = Optional.empty();
    private volatile Optional<Me> me = Optional.empty();
    private volatile Optional<Boolean> first = Optional.empty();

    /** Whom it concerns what the server says of this device. */
    interface Listener {
        /** What the device may reach; each time that it was asked. */
        void learned(Me me);

        /** The device goes on as another one: whatever was opened in its name is to be opened anew. */
        void renamed();
    }

    /**
     * @param changed is raised when the connection's state may have changed
     */
    ServerSide(
            Account account,
            Identity identity,
            SystemRandom random,
            SystemClock clock,
            Listener listener,
            Signal changed) {
        this.account = Objects.requireNonNull(account);
        this.api = new ServerApi(Membership.connection(identity));
        this.random = Objects.requireNonNull(random);
        this.clock = Objects.requireNonNull(clock);
        this.listener = Objects.requireNonNull(listener);
        this.changed = Objects.requireNonNull(changed);
        this.thread = Thread.ofVirtual().name("connect").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                UUID instance = connect();
                long seen = news.count();
                open(instance);
                changed.raise();
                keepInTouch(instance, seen);
            }
        } catch (InterruptedException interrupted) {
            LOG.log(Level.DEBUG, "connecting was given up");
        }
    }

    private synchronized void open(UUID instance) {
        if (closing.getCount() > 0) {
            Link opened = new Link(api, instance, random, clock, news::raise);
            link = Optional.of(opened);
            bad = Optional.empty();
            listeners.forEach((vault, all) -> opened.watch(vault, together(all)));
            opened.start();
        }
    }

    /** Until this device has become another one, or it is closing. */
    private void keepInTouch(UUID instance, long seenBefore) throws InterruptedException {
        long seen = seenBefore;
        while (closing.getCount() > 0) {
            news.await(seen, RELEARN);
            seen = news.count();
            boolean wasDoubted = doubted;
            doubted = false;
            if (closing.getCount() == 0 || isCloned(instance) && becameAnother()) {
                return;
            }
            if (wasDoubted) {
                // Something was opened in the name of the device that this one was before.
                listener.renamed();
            }
            relearn();
        }
    }

    /** Whether the server knows another instance of this device than the one that runs here. */
    private boolean isCloned(UUID instance) {
        try {
            api.session(Optional.of(instance), instance);
            return false;
        } catch (RemoteException failed) {
            return isCloned(failed);
        }
    }

    private static boolean isCloned(RemoteException failed) {
        return failed instanceof RemoteException.Refused refused && refused.is(ErrorCode.DEVICE_CLONED);
    }

    /**
     * Two copies of one device are about, and this is the one that was noticed: it goes on as a device of its own, with
     * the same access. Its folders and what it has not sent yet stay as they are.
     */
    private boolean becameAnother() throws InterruptedException {
        try {
            Identity before = remember(UnaryOperator.identity());
            DeviceToken own = becoming.orElseGet(() -> Membership.newToken(random));
            becoming = Optional.of(own);
            Registration.Request request =
                    new Registration.Request(own.device(), own.secretSha256(), before.deviceName(), Optional.empty());
            Membership.patiently(() -> api.cloneDevice(request));
            Identity after = remember(now -> now.as(own));
            becoming = Optional.empty();
            LOG.log(
                    Level.WARNING,
                    "another copy of this device has been at the server: this one goes on as device " + after.device());
            exchange(new ServerApi(Membership.connection(after)));
            return true;
        } catch (RemoteException | IOException notNow) {
            LOG.log(Level.WARNING, "this copy of a device cannot get an identity of its own: " + notNow.getMessage());
            return false;
        }
    }

    private void exchange(ServerApi other) {
        Optional<Link> old;
        ServerApi before;
        synchronized (this) {
            old = link;
            link = Optional.empty();
            before = api;
            api = other;
            tell(new Event.Offline("going on as a device of its own"));
            if (closing.getCount() == 0) {
                other.close();
            }
        }
        old.ifPresent(Link::close);
        before.close();
        listener.renamed();
    }

    /** Until the server took a new instance and said what the device may reach. */
    private UUID connect() throws InterruptedException {
        Duration wait = RETRY_MIN;
        while (true) {
            long hurriedBefore = hurried.count();
            try {
                UUID instance = openSession();
                learned(api.me());
                return instance;
            } catch (RemoteException failed) {
                if (isCloned(failed) && becameAnother()) {
                    first = Optional.of(true);
                } else if (failed instanceof RemoteException.Refused refused && !refused.isTemporary()) {
                    wait = RETRY_REFUSED;
                    refused(refused);
                } else {
                    unreachable(String.valueOf(failed.getMessage()));
                }
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "the identity cannot be read or written: " + failed.getMessage());
                unreachable("the identity cannot be read or written: " + failed.getMessage());
            } catch (RuntimeException fault) {
                LOG.log(Level.ERROR, "a fault while connecting", fault);
                unreachable("a fault in TinySync: " + fault);
            }
            changed.raise();
            hurried.await(hurriedBefore, wait);
            if (closing.getCount() == 0) {
                throw new InterruptedException("closing");
            }
            wait = wait.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? wait.multipliedBy(2) : RETRY_MAX;
        }
    }

    private void unreachable(String reason) {
        first = Optional.of(false);
        tell(new Event.Offline(reason));
    }

    private void refused(RemoteException.Refused refused) {
        first = Optional.of(true);
        LOG.log(Level.WARNING, "the server refuses this device: " + refused.getMessage());
        boolean lost = refused.isRevoked() || refused.is(ErrorCode.FORBIDDEN);
        tell(lost ? new Event.AccessLost(refused.getMessage()) : new Event.Offline(refused.getMessage()));
    }

    /** In two durable steps: between them, the server may know the new instance or the one before. */
    private UUID openSession() throws RemoteException, IOException, InterruptedException {
        Identity identity = remember(UnaryOperator.identity());
        Optional<UUID> unsure = identity.proposed();
        UUID next = random.uuid();
        if (unsure.isPresent()) {
            try {
                // Settles which of the two it knows, without making a third.
                api.session(identity.instance(), unsure.get());
            } catch (RemoteException.Refused refused) {
                if (!refused.is(ErrorCode.DEVICE_CLONED)) {
                    throw refused;
                }
                LOG.log(Level.INFO, "the server knows the instance that was proposed last");
            }
            remember(now -> now.acknowledged(unsure.get()));
        }
        Optional<UUID> previous = unsure.or(identity::instance);
        remember(now -> now.proposing(next));
        api.session(previous, next);
        remember(now -> now.acknowledged(next));
        return next;
    }

    /**
     * Not once it is closing: the interrupt would break the writing off, and then the home may be another process's.
     */
    private Identity remember(UnaryOperator<Identity> change) throws IOException, InterruptedException {
        synchronized (writing) {
            if (closing.getCount() == 0) {
                throw new InterruptedException("closing");
            }
            if (account.identity().isEmpty()) {
                throw new IOException("it is gone");
            }
            return account.update(change);
        }
    }

    private void relearn() {
        try {
            learned(api.me());
        } catch (RemoteException notNow) {
            LOG.log(Level.DEBUG, "what may be reached is asked again later: " + notNow.getMessage());
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "a fault while learning what may be reached", fault);
        }
    }

    private void learned(Me answer) {
        me = Optional.of(answer);
        first = Optional.of(true);
        listener.learned(answer);
    }

    private synchronized void tell(Event event) {
        bad = Optional.of(event);
        listeners.values().forEach(all -> all.forEach(listener -> listener.accept(event)));
    }

    @Override
    public Optional<Me> me() {
        return me;
    }

    @Override
    public ServerConnection server() {
        return api.connection();
    }

    @Override
    public void doubtIdentity() {
        doubted = true;
        news.raise();
    }

    @Override
    public synchronized Optional<Boolean> reachable() {
        return link.isPresent() ? Optional.of(!link.get().mode().equals("none")) : first;
    }

    @Override
    public synchronized String wake() {
        return link.map(Link::mode).orElse("none");
    }

    /** Several attachments may show one vault; to the link they are one. */
    private static Consumer<Event> together(List<Consumer<Event>> listeners) {
        List<Consumer<Event>> now = List.copyOf(listeners);
        return event -> now.forEach(listener -> listener.accept(event));
    }

    @Override
    public synchronized AutoCloseable listen(VaultId vault, Consumer<Event> listener) {
        List<Consumer<Event>> all = listeners.computeIfAbsent(vault, _ -> new ArrayList<>());
        all.add(listener);
        link.ifPresent(open -> open.watch(vault, together(all)));
        bad.ifPresent(listener);
        return () -> unlisten(vault, listener);
    }

    /** Under the lock to its end, so that what somebody else begins to hear meanwhile is not cut off. */
    private synchronized void unlisten(VaultId vault, Consumer<Event> listener) {
        List<Consumer<Event>> all = listeners.getOrDefault(vault, List.of());
        if (!all.remove(listener)) {
            return;
        }
        if (all.isEmpty()) {
            listeners.remove(vault);
            link.ifPresent(open -> open.unwatch(vault));
        } else {
            link.ifPresent(open -> open.watch(vault, together(all)));
        }
    }

    @Override
    public void tryNow() {
        hurried.raise();
        Optional<Link> open;
        synchronized (this) {
            open = link;
        }
        open.ifPresent(Link::tryNow);
    }

    @Override
    public void close() {
        synchronized (writing) {
            closing.countDown();
        }
        hurried.raise();
        news.raise();
        Optional<Link> open;
        ServerApi last;
        synchronized (this) {
            open = link;
            last = api;
        }
        open.ifPresent(Link::close);
        thread.interrupt();
        last.close();
    }
}
