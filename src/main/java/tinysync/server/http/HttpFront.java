package tinysync.server.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import tinysync.platform.SystemClock;
import tinysync.server.tls.ServerTls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The HTTP listener: the JDK's server, set up for this work. Bound first, so that its address can be told; then
 * started.
 */
public final class HttpFront implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final Duration TICK = Duration.ofMillis(20);

    /** A proxy or client keeps idle connections for up to a minute; who closes first must not be the server. */
    private static final String IDLE_SECONDS = "75";

    private static final String IDLE_CONNECTIONS_MAX = "2000";
    private static final String CONNECTIONS_MAX = "20000";
    private static final String HEAD_BYTES_MAX = "32768";
    private static final String HEADERS_MAX = "100";

    private final HttpServer server;
    private final SystemClock clock;
    private final HttpTimes times;
    private final Pacer pacer;
    private Optional<Gate> gate = Optional.empty();
    private Optional<LongPolls> polls = Optional.empty();

    private HttpFront(HttpServer server, SystemClock clock, HttpTimes times) {
        this.server = server;
        this.clock = clock;
        this.times = times;
        this.pacer = new Pacer(clock, times);
    }

    /** Binds without answering yet; port 0 picks one. */
    public static HttpFront bind(InetSocketAddress address, Optional<ServerTls> tls, SystemClock clock, HttpTimes times)
            throws IOException {
        configure();
        HttpServer server = tls.isPresent() ? overTls(address, tls.get()) : HttpServer.create(address, BACKLOG);
        return new HttpFront(server, clock, times);
    }

    private static HttpServer overTls(InetSocketAddress address, ServerTls tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls.context()) {
                    @Override
                    public void configure(HttpsParameters connection) {
                        connection.setSSLParameters(tls.parameters());
                    }
                });
        return server;
    }

    /**
     * The JDK reads these once, when its server is first used in this process. What an operator set stays. Its own time
     * limits stay off: {@link Pacer} has better ones. A body that was not read is not drained: {@link Call} has done
     * so.
     */
    private static void configure() {
        set("sun.net.httpserver.nodelay", "true");
        set("sun.net.httpserver.idleInterval", IDLE_SECONDS);
        set("sun.net.httpserver.maxIdleConnections", IDLE_CONNECTIONS_MAX);
        set("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        set("sun.net.httpserver.maxReqHeaders", HEADERS_MAX);
        set("sun.net.httpserver.maxReqHeaderSize", HEAD_BYTES_MAX);
        set("sun.net.httpserver.drainAmount", "0");
    }

    private static void set(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Answers from now on. */
    public void start(HttpServices services, ServerFacts facts) {
        LongPolls waits = new LongPolls(services);
        MemoryBudget memory = MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory());
        DiskBudget disk = new DiskBudget(DiskBudget.USUAL);
        services.metrics()
                .gauge("tinysync_http_memory_free_bytes", "Memory that requests may still take.", "", memory::free);
        services.metrics()
                .gauge("tinysync_http_disk_free_bytes", "Room in files that requests may still take.", "", disk::free);
        Gate entry =
                new Gate(
                        Routes.all(services, facts, waits),
                        services.access(),
                        services.attempts(),
                        services.origins(),
                        services.metrics(),
                        services.random(),
                        new BodyRoom(memory, disk, services.spill()));
        polls = Optional.of(waits);
        gate = Optional.of(entry);
        server.setExecutor(pacer);
        server.createContext("/", entry);
        server.start();
    }

    /** Refuses new requests, ends long polls, gives running requests some time to finish, then cuts them. */
    @Override
    public void close() {
        gate.ifPresent(Gate::stop);
        polls.ifPresent(LongPolls::stop);
        long deadline = clock.monotonicNanos() + times.stop().toNanos();
        try {
            while (gate.isPresent() && gate.get().running() > 0 && clock.monotonicNanos() < deadline) {
                clock.sleep(TICK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The JDK counts exchanges that broke off as running for ever, so its own waiting is of no use.
        server.stop(0);
        pacer.close();
    }
}
