package tinysync.server;

import tinysync.content.Hash;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.blob.BlobStore;
import tinysync.server.blob.FileBlobStore;
import tinysync.server.core.AccessRules;
import tinysync.server.core.Secrets;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.server.http.HttpFront;
import tinysync.server.http.HttpServices;
import tinysync.server.http.ServerFacts;
import tinysync.server.live.Access;
import tinysync.server.live.AccessWatch;
import tinysync.server.live.Attempts;
import tinysync.server.live.HeadHub;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origins;
import tinysync.server.live.Vaults;
import tinysync.server.store.SqliteStore;
import tinysync.server.tls.ServerTls;
import tinysync.server.ws.WakeListener;
import tinysync.server.ws.WakeServices;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A running server. {@link #close} may be called from any thread, and more than once. */
public final class TinySyncServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.server");
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(3);

    private final ServerFacts facts;
    private final Optional<String> firstInvite;
    private final Deque<Runnable> closing;

    private TinySyncServer(ServerFacts facts, Optional<String> firstInvite, Deque<Runnable> closing) {
        this.facts = facts;
        this.firstInvite = firstInvite;
        this.closing = closing;
    }

    /**
     * Starts a server; when this returns, both its listeners accept.
     *
     * @throws StartException with a message for the operator; whatever was opened is closed again
     */
    public static TinySyncServer start(ServerOptions options) throws StartException {
        Deque<Runnable> closing = new ArrayDeque<>();
        boolean started = false;
        try {
            TinySyncServer server = new Start(options, closing).run();
            started = true;
            return server;
        } catch (StoreException e) {
            throw new StartException("cannot open the databases in " + options.data() + ": " + e.getMessage(), e);
        } finally {
            if (!started) {
                closeAll(closing);
            }
        }
    }

    /** The address under which clients reach it, without a slash at the end. */
    public URI url() {
        return facts.base();
    }

    /** The address of its wake socket. */
    public URI wakeUrl() {
        return facts.wake();
    }

    /** SHA-256 of the key that clients know it by, where it made its certificate itself. */
    public Optional<Hash> pin() {
        return facts.pin();
    }

    /** The invite for the first devices, on the very first start; a secret. */
    public Optional<String> firstInvite() {
        return firstInvite;
    }

    /**
     * Stops within 10 s: takes nothing new, lets running requests and commits finish for a while, tells sockets to come
     * back later, and closes the stores. Everything that was answered is durable anyway.
     */
    @Override
    public synchronized void close() {
        closeAll(closing);
    }

    /** In reverse of how they were opened; one that fails does not keep the rest open. */
    private static void closeAll(Deque<Runnable> closing) {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "while stopping", e);
            }
        }
    }

    /** The steps of a start. What has been opened is pushed onto {@code closing}, to be closed in reverse. */
    private static final class Start {
        private final ServerOptions options;
        private final Deque<Runnable> closing;
        private final SystemClock clock = new SystemClock();
        private final SystemRandom random = new SystemRandom();
        private final Metrics metrics = new Metrics();
        private final HeadHub hub = new HeadHub();
        private final AccessWatch watch = new AccessWatch();

        Start(ServerOptions options, Deque<Runnable> closing) {
            this.options = options;
            this.closing = closing;
        }

        TinySyncServer run() throws StartException {
            InetSocketAddress address = Addresses.allowed(options.listen(), options.transport());
            DataFolder folder = DataFolder.open(options.data(), random);
            closing.push(folder::close);
            Optional<ServerTls> tls = tls(folder);
            Store store = SqliteStore.open(folder.path());
            closing.push(store::close);
            BlobStore blobs = blobs(folder);
            Access access = new Access(store, clock, watch);
            Attempts attempts = new Attempts(options.limits().attempts(), clock::monotonicNanos, metrics);
            Origins origins = options.transport().origins();
            Vaults vaults = new Vaults(store, access, clock, random, hub, metrics);
            closing.push(() -> vaults.close(COMMIT_PATIENCE));

            HttpFront http = bind(address, tls);
            closing.push(http::close);
            WakeListener wake =
                    wake(new WakeServices(access, attempts, origins, watch, hub, vaults, clock), http.address(), tls);
            closing.push(wake::close);

            // Only now: a start that fails over a taken port must not have been the first one.
            FirstStart first = new FirstStart(folder, store, clock, random);
            boolean isFirst = first.run();
            store.registry(
                    tx -> {
                        AccessRules.setOpenRegistration(tx, options.openRegistration());
                        return true;
                    });
            ServerFacts facts =
                    new ServerFacts(
                            store.registryRead(AccessRules::serverId).orElseThrow(),
                            options.version(),
                            Addresses.base(options, http.address().getPort()),
                            Addresses.wake(options, wake.address().getPort()),
                            tls.flatMap(ServerTls::pin));
            gauges(wake);
            http.start(
                    new HttpServices(
                            store,
                            blobs,
                            access,
                            attempts,
                            origins,
                            watch,
                            hub,
                            vaults,
                            metrics,
                            clock,
                            random,
                            folder.spill(),
                            () -> rotate(folder, store)),
                    facts);
            Optional<String> invite = isFirst ? Optional.of(first.invite(facts.base(), facts.pin())) : Optional.empty();
            return new TinySyncServer(facts, invite, closing);
        }

        private BlobStore blobs(DataFolder folder) throws StartException {
            try {
                return FileBlobStore.open(options.blobs().orElse(folder.blobs()));
            } catch (IOException e) {
                throw new StartException("cannot open the folder for chunks: " + e.getMessage(), e);
            }
        }

        private Optional<ServerTls> tls(DataFolder folder) throws StartException {
            try {
                return switch (options.transport()) {
                    case ServerOptions.Transport.SelfMadeTls self -> Optional.of(ServerTls.selfMade(folder.tls()));
                    case ServerOptions.Transport.TlsFiles(Path certificate, Path key) ->
                            Optional.of(ServerTls.fromFiles(certificate, key, clock::monotonicNanos));
                    case ServerOptions.Transport.LoopbackOnly plain -> Optional.empty();
                    case ServerOptions.Transport.BehindProxy plain -> Optional.empty();
                    case ServerOptions.Transport.InsecureHttp plain -> Optional.empty();
                };
            } catch (IOException e) {
                throw new StartException("cannot speak TLS: " + e.getMessage(), e);
            }
        }

        private HttpFront bind(InetSocketAddress address, Optional<ServerTls> tls) throws StartException {
            try {
                return HttpFront.bind(address, tls, clock, options.limits().http());
            } catch (IOException e) {
                throw new StartException("cannot listen on " + options.listen() + ": " + e.getMessage(), e);
            }
        }

        /** Where nothing else is said, the port behind that of HTTP, which people can guess; any other will do. */
        private WakeListener wake(WakeServices services, InetSocketAddress http, Optional<ServerTls> tls)
                throws StartException {
            try {
                if (options.wakeListen().isPresent()) {
                    InetSocketAddress wanted = Addresses.allowed(options.wakeListen().get(), options.transport());
                    return WakeListener.start(wanted, tls, services, options.limits().wake());
                }
                try {
                    int next = http.getPort() < 65_535 ? http.getPort() + 1 : 0;
                    InetSocketAddress wanted = new InetSocketAddress(http.getAddress(), next);
                    return WakeListener.start(wanted, tls, services, options.limits().wake());
                } catch (BindException taken) {
                    InetSocketAddress any = new InetSocketAddress(http.getAddress(), 0);
                    return WakeListener.start(any, tls, services, options.limits().wake());
                }
            } catch (StartException e) {
                throw e;
            } catch (IOException e) {
                throw new StartException("cannot listen for the wake socket: " + e.getMessage(), e);
            }
        }

        private void gauges(WakeListener wake) {
            long begun = clock.monotonicNanos();
            metrics.gauge(
                    "tinysync_uptime_seconds",
                    "Since the server started.",
                    "",
                    () -> (clock.monotonicNanos() - begun) / 1_000_000_000L);
            metrics.gauge("tinysync_wake_sockets", "Open wake connections.", "", wake::connections);
            metrics.gauge("tinysync_head_listeners", "Who listens for new heads.", "", hub::listening);
            Runtime jvm = Runtime.getRuntime();
            metrics.gauge(
                    "tinysync_jvm_memory_bytes",
                    "Memory of the Java heap.",
                    "{area=\"used\"}",
                    () -> jvm.totalMemory() - jvm.freeMemory());
            metrics.gauge(
                    "tinysync_jvm_memory_bytes", "Memory of the Java heap.", "{area=\"committed\"}", jvm::totalMemory);
            metrics.gauge("tinysync_jvm_memory_bytes", "Memory of the Java heap.", "{area=\"max\"}", jvm::maxMemory);
        }

        /**
         * The file first: a crash between the two is healed at the next start, where the file counts. One after the
         * other: else the last one in the file might not be the last one in the registry.
         */
        private synchronized String rotate(DataFolder folder, Store store) {
            String secret = folder.newAdminSecret();
            store.registry(
                    tx -> {
                        AccessRules.setAdminSecret(tx, secret);
                        return true;
                    });
            return Secrets.adminToken(secret);
        }
    }
}
