package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.ipc.IpcServer;
import tinysync.client.ipc.SocketPlace;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.PrivateFiles;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.wire.Me;
import tinysync.wire.Times;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * All attachments of a home, kept in sync from {@link #start} to {@link #close}. Holds the home's lock; a second one on
 * the same home does not start. Thread-safe.
 */
public final class Daemon implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.client");
    private static final Duration NOTE_STATUS_EVERY = Duration.ofSeconds(30);

    private final Home home;
    private final String version;
    private final SystemClock clock = new SystemClock();
    private final SystemRandom random = new SystemRandom();
    private final Instant since;
    private final PrivateFiles.Lock lock;
    private final ServerConnection server;
    private final ServerSide connection;
    private final Membership membership;
    private final Surroundings surroundings;
    private final Signal changed = new Signal();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<UUID, AttachmentRunner> runners = new LinkedHashMap<>();
    private Optional<IpcServer> ipc = Optional.empty();

    private Daemon(Home home, Identity identity, HoldLimit holdDeletes, String version, PrivateFiles.Lock lock) {
        this.home = home;
        this.version = version;
        this.lock = lock;
        this.since = clock.now();
        this.server = Membership.connection(identity);
        this.connection = new ServerSide(home, new ServerApi(server), random, clock, this::learned, changed);
        this.membership = new Membership(home, random);
        this.surroundings = new Surroundings(home, this::identity, server, connection, holdDeletes, clock, random);
    }

    /**
     * Takes the home and starts everything; returns before anything is synced.
     *
     * @throws tinysync.client.state.HomeInUseException when another daemon has it
     * @throws Membership.NotPossibleException when this device has not joined
     */
    public static Daemon start(Home home, HoldLimit holdDeletes, String version)
            throws IOException, Membership.NotPossibleException {
        Objects.requireNonNull(version);
        PrivateFiles.Lock lock = home.lock();
        Optional<Daemon> made = Optional.empty();
        boolean started = false;
        try {
            Identity identity = home.identity().orElseThrow(() -> notJoined(home));
            Daemon daemon = new Daemon(home, identity, holdDeletes, version, lock);
            made = Optional.of(daemon);
            daemon.reload();
            daemon.connection.start();
            Thread.ofVirtual().name("note-status").start(daemon::noteStatusNowAndThen);
            started = true;
            return daemon;
        } finally {
            if (!started && made.isPresent()) {
                made.get().close();
            } else if (!started) {
                lock.close();
            }
        }
    }

    private static Membership.NotPossibleException notJoined(Home home) {
        return new Membership.NotPossibleException(
                "this device has not joined a server (home " + home.path() + "): 'tinysync join INVITE'");
    }

    /** From now on other programs of this user can ask. */
    public synchronized void openSocket(Map<String, String> environment) throws IOException {
        if (closing.getCount() == 0) {
            return;
        }
        SocketPlace place = new SocketPlace(home.path());
        Path socket = place.prepare(environment);
        ipc = Optional.of(IpcServer.open(socket, IpcServer.Doorman.SAME_USER, new DaemonCalls(this)));
        place.announce(socket, ProcessHandle.current().pid());
    }

    String version() {
        return version;
    }

    Home home() {
        return home;
    }

    Signal changed() {
        return changed;
    }

    SystemClock clock() {
        return clock;
    }

    Connection connection() {
        return connection;
    }

    private Identity identity() {
        try {
            return home.identity().orElseThrow(() -> new IllegalStateException("the identity is gone"));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /** The attachment of that name, or all of them. */
    synchronized List<AttachmentRunner> chosen(Optional<String> name) {
        return runners.values().stream()
                .filter(runner -> name.map(runner.attachment().name()::equals).orElse(true))
                .toList();
    }

    /** Starts what was attached and ends what was detached since. */
    void reload() throws IOException {
        // Not under the lock, since ending takes its time and others ask for the status meanwhile.
        exchanged().forEach(AttachmentRunner::close);
        changed.raise();
    }

    /** Those that are to be ended. */
    private synchronized List<AttachmentRunner> exchanged() {
        List<AttachmentRunner> ending = new ArrayList<>();
        if (closing.getCount() == 0) {
            return ending;
        }
        List<Attachment> wanted = identity().attachments();
        List<UUID> ids = wanted.stream().map(Attachment::id).toList();
        for (UUID gone : List.copyOf(runners.keySet())) {
            if (!ids.contains(gone)) {
                ending.add(runners.remove(gone));
            }
        }
        for (Attachment attachment : wanted) {
            if (!runners.containsKey(attachment.id())) {
                AttachmentRunner runner = new AttachmentRunner(attachment, surroundings, changed);
                runners.put(attachment.id(), runner);
                runner.start();
            }
        }
        return ending;
    }

    Attachment attach(Optional<String> vault, Path folder, Optional<String> as)
            throws IOException, RemoteException, Membership.NotPossibleException {
        try (ServerApi api = new ServerApi(server)) {
            Attachment attachment = membership.attach(api.me(), vault, folder, as);
            reload();
            return attachment;
        }
    }

    void detach(AttachmentRunner runner) throws IOException {
        Attachment attachment = runner.attachment();
        home.update(now -> now.without(attachment.id()));
        reload();
        // Whoever found it in the list first ends it; here it has ended.
        runner.close();
        membership.detach(attachment);
    }

    void remember(Attachment attachment, boolean paused) throws IOException {
        home.update(
                now -> now.attachment(attachment.name()).map(known -> now.with(known.withPaused(paused))).orElse(now));
    }

    private void learned(Me me) {
        chosen(Optional.empty()).forEach(runner -> runner.regranted(me));
    }

    /** The object of {@code status}. */
    JsonObject status(Optional<String> only) {
        Identity identity = identity();
        List<AttachmentRunner> shown = chosen(only);
        JsonArray attachments = new JsonArray();
        shown.forEach(runner -> attachments.add(runner.status()));
        return new JsonObject()
                .add("state", StatusJson.worst(shown.stream().map(AttachmentRunner::view).toList()))
                .add("version", version)
                .add(
                        "daemon",
                        new JsonObject()
                                .add("running", true)
                                .add("pid", ProcessHandle.current().pid())
                                .add("since", Times.format(since)))
                .add(
                        "device",
                        new JsonObject().add("id", identity.device().toString()).add("name", identity.deviceName()))
                .add(
                        "server",
                        new JsonObject()
                                .add("url", identity.server().toString())
                                .add("reachable", connection.reachable().orElse(false))
                                .add("wake", connection.wake()))
                .add("attachments", attachments);
    }

    private void noteStatusNowAndThen() {
        try {
            while (!closing.await(NOTE_STATUS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                noteStatus();
            }
        } catch (InterruptedException interrupted) {
            LOG.log(Level.DEBUG, "the status is not written any more");
        }
    }

    private void noteStatus() {
        try {
            LastStatus.write(home, status(Optional.empty()));
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.WARNING, "the status could not be written: " + failed.getMessage());
        }
    }

    /** Ends everything within ten seconds: a change of a folder that has begun is finished first. */
    @Override
    public void close() throws IOException {
        List<AttachmentRunner> ending;
        synchronized (this) {
            if (closing.getCount() == 0) {
                return;
            }
            noteStatus();
            closing.countDown();
            ending = new ArrayList<>(runners.values());
            runners.clear();
        }
        try {
            if (ipc.isPresent()) {
                ipc.get().close();
            }
        } finally {
            closeAll(ending);
            connection.close();
            lock.close();
        }
    }

    private static void closeAll(List<AttachmentRunner> ending) {
        List<Thread> threads = ending.stream().map(runner -> Thread.ofVirtual().start(runner::close)).toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
