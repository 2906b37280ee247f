package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.ipc.IpcServer;
import tinysync.client.ipc.SocketPlace;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Account;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.PrivateFiles;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.ItemId;
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
import java.util.Set;
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
    private final HoldLimit holdDeletes;
    private final Membership membership;
    private final Signal changed = new Signal();

    /** Held while what is attached where is changed: one such change at a time. */
    private final Object arranging = new Object();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<UUID, ServerLine> lines = new LinkedHashMap<>();
    private final Map<UUID, AttachmentRunner> runners = new LinkedHashMap<>();
    private Optional<IpcServer> ipc = Optional.empty();

    private Daemon(Home home, HoldLimit holdDeletes, String version, PrivateFiles.Lock lock) {
        this.home = home;
        this.holdDeletes = holdDeletes;
        this.version = version;
        this.lock = lock;
        this.since = clock.now();
        this.membership = new Membership(home, random);
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
            if (home.identities().isEmpty()) {
                throw new Membership.NotPossibleException(
                        "this device has not joined a server (home " + home.path() + "): 'tinysync join INVITE'");
            }
            Daemon daemon = new Daemon(home, holdDeletes, version, lock);
            made = Optional.of(daemon);
            daemon.reload();
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

    private List<Identity> identities() {
        try {
            return home.identities();
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

    /** Starts what was joined and attached, and ends what was left and detached since. */
    void reload() throws IOException {
        synchronized (arranging) {
            // Not under the lock itself, since ending takes its time and others ask for the status meanwhile.
            Ending ending = exchanged();
            closeAll(ending.runners());
            ending.lines().forEach(ServerLine::close);
        }
        changed.raise();
    }

    /** What goes: first the attachments, then the lines that they use. */
    private record Ending(List<AttachmentRunner> runners, List<ServerLine> lines) {}

    private synchronized Ending exchanged() {
        List<AttachmentRunner> gone = new ArrayList<>();
        List<ServerLine> left = new ArrayList<>();
        if (closing.getCount() == 0) {
            return new Ending(gone, left);
        }
        List<Identity> wanted = identities();
        List<UUID> servers = wanted.stream().map(Identity::serverId).toList();
        List<UUID> attached = wanted.stream().flatMap(one -> one.attachments().stream()).map(Attachment::id).toList();
        for (UUID id : List.copyOf(runners.keySet())) {
            if (!attached.contains(id)) {
                gone.add(runners.remove(id));
            }
        }
        for (UUID id : List.copyOf(lines.keySet())) {
            if (!servers.contains(id)) {
                left.add(lines.remove(id));
            }
        }
        wanted.forEach(this::run);
        return new Ending(gone, left);
    }

    private void run(Identity identity) {
        UUID serverId = identity.serverId();
        if (!lines.containsKey(serverId)) {
            ServerLine line =
                    new ServerLine(
                            home.account(serverId), identity, holdDeletes, clock, random, new Told(serverId), changed);
            lines.put(serverId, line);
            line.start();
        }
        for (Attachment attachment : identity.attachments()) {
            if (!runners.containsKey(attachment.id())) {
                AttachmentRunner runner = new AttachmentRunner(attachment, lines.get(serverId).surroundings(), changed);
                runners.put(attachment.id(), runner);
                runner.start();
            }
        }
    }

    /** The line to that server, or to the only one. */
    private synchronized ServerLine line(Optional<UUID> serverId) throws Membership.NotPossibleException {
        if (serverId.isEmpty() && lines.size() == 1) {
            return lines.values().iterator().next();
        }
        return serverId.map(lines::get)
                .orElseThrow(() -> new Membership.NotPossibleException("say at which server this device has joined"));
    }

    /** As {@link Membership#register}, and goes on with the new server at once. */
    Identity register(Membership.Registering registering)
            throws IOException, RemoteException, Membership.NotPossibleException {
        synchronized (arranging) {
            Identity identity = membership.register(registering);
            reload();
            return identity;
        }
    }

    /**
     * @param serverId may be left out where this device has joined one server
     */
    Attachment attach(Optional<UUID> serverId, Optional<String> vault, Path folder, Optional<String> as)
            throws IOException, RemoteException, Membership.NotPossibleException {
        ServerLine line = line(serverId);
        synchronized (arranging) {
            return attach(line, vault, folder, as);
        }
    }

    private Attachment attach(ServerLine line, Optional<String> vault, Path folder, Optional<String> as)
            throws IOException, RemoteException, Membership.NotPossibleException {
        try (ServerApi api = new ServerApi(line.server())) {
            Attachment attachment = membership.attach(line.account(), api.me(), vault, folder, as);
            reload();
            return attachment;
        }
    }

    void detach(AttachmentRunner runner) throws IOException {
        synchronized (arranging) {
            Attachment attachment = runner.attachment();
            Account account = home.account(runner.serverId());
            account.update(now -> now.without(attachment.id()));
            reload();
            // Whoever found it in the list first ends it; here it has ended.
            runner.close();
            membership.detach(account, attachment);
        }
    }

    /** Gives an attachment another place; it rests meanwhile, and goes on whatever came of it. */
    Attachment relocate(AttachmentRunner runner, Path folder) throws IOException, Membership.NotPossibleException {
        return atRest(runner, account -> new Relocation(home).move(account, runner.attachment(), folder));
    }

    /** As {@link Membership#keepLocal}; the attachment rests meanwhile, and knows of it when this returns. */
    void keepLocal(AttachmentRunner runner, String path) throws IOException, Membership.NotPossibleException {
        atRest(
                runner,
                account -> {
                    membership.keepLocal(account, runner.attachment().id(), path);
                    return runner.attachment();
                });
    }

    /** As {@link Membership#select}; the attachment rests meanwhile, and goes on with it. */
    void select(AttachmentRunner runner, Set<ItemId> hidden) throws IOException, Membership.NotPossibleException {
        atRest(
                runner,
                account -> {
                    membership.select(account, runner.attachment().id(), hidden);
                    return runner.attachment();
                });
    }

    /** What is done to an attachment that does not run. */
    @FunctionalInterface
    private interface Rearranging {
        Attachment run(Account account) throws IOException, Membership.NotPossibleException;
    }

    private Attachment atRest(AttachmentRunner runner, Rearranging rearranging)
            throws IOException, Membership.NotPossibleException {
        synchronized (arranging) {
            Account account = home.account(runner.serverId());
            UUID id = runner.attachment().id();
            synchronized (this) {
                runners.remove(id);
            }
            try {
                runner.close();
                return rearranging.run(account);
            } finally {
                reload();
            }
        }
    }

    /** As {@link Membership#leave}; what belongs to the account ends. */
    void leave(UUID serverId, boolean unheard) throws IOException, RemoteException {
        synchronized (arranging) {
            membership.leave(home.account(serverId), unheard, this::rest);
            reload();
        }
    }

    /** Ends what is attached at a server, until the next {@link #reload}. */
    private void rest(UUID serverId) {
        List<AttachmentRunner> resting;
        synchronized (this) {
            resting = runners.values().stream().filter(one -> one.serverId().equals(serverId)).toList();
            runners.values().removeAll(resting);
        }
        closeAll(resting);
    }

    void remember(AttachmentRunner runner, boolean paused) throws IOException {
        String name = runner.attachment().name();
        home.account(runner.serverId())
                .update(now -> now.attachment(name).map(known -> now.with(known.withPaused(paused))).orElse(now));
    }

    /** What one server says is about its own vaults, whatever ids it names. */
    private final class Told implements ServerSide.Listener {
        private final UUID serverId;

        Told(UUID serverId) {
            this.serverId = serverId;
        }

        @Override
        public void learned(Me me) {
            mine().forEach(runner -> runner.regranted(me));
        }

        @Override
        public void renamed() {
            mine().forEach(AttachmentRunner::renamed);
        }

        private List<AttachmentRunner> mine() {
            return chosen(Optional.empty()).stream().filter(runner -> runner.serverId().equals(serverId)).toList();
        }
    }

    /** The object of {@code status}. */
    JsonObject status(Optional<String> only) {
        List<AttachmentRunner> shown = chosen(only);
        JsonArray attachments = new JsonArray();
        shown.forEach(runner -> attachments.add(runner.status()));
        JsonObject running =
                new JsonObject()
                        .add("running", true)
                        .add("pid", ProcessHandle.current().pid())
                        .add("since", Times.format(since));
        return StatusJson.whole(
                StatusJson.worst(shown.stream().map(AttachmentRunner::view).toList()),
                version,
                running,
                servers(),
                attachments);
    }

    private synchronized List<StatusJson.Server> servers() {
        return identities().stream()
                .filter(identity -> lines.containsKey(identity.serverId()))
                .map(identity -> lines.get(identity.serverId()).status(identity))
                .toList();
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
        Ending ending;
        synchronized (this) {
            if (closing.getCount() == 0) {
                return;
            }
            noteStatus();
            closing.countDown();
            ending = new Ending(List.copyOf(runners.values()), List.copyOf(lines.values()));
            runners.clear();
            lines.clear();
        }
        try {
            if (ipc.isPresent()) {
                ipc.get().close();
            }
        } finally {
            closeAll(ending.runners());
            ending.lines().forEach(ServerLine::close);
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
