package tinysync.server.ws;

import tinysync.server.tls.ServerTls;
import tinysync.wire.WakeCodec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLServerSocket;

/** Accepts wake connections on a port of its own, each on virtual threads of its own. Thread-safe. */
public final class WakeListener implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int BACKLOG = 512;
    private static final Duration TICK = Duration.ofMillis(200);

    private final ServerSocket server;
    private final WakeServices services;
    private final WakeTimes times;
    private final Set<WakeConnection> open = ConcurrentHashMap.newKeySet();
    private final Thread watchdog;

    private WakeListener(ServerSocket server, WakeServices services, WakeTimes times) {
        this.server = server;
        this.services = services;
        this.times = times;
        this.watchdog = Thread.ofPlatform().name("wake watch").daemon().unstarted(this::watch);
    }

    /** Binds and accepts; port 0 picks one. */
    public static WakeListener start(
            InetSocketAddress address, Optional<ServerTls> tls, WakeServices services, WakeTimes times)
            throws IOException {
        ServerSocket server = tls.isPresent() ? overTls(tls.get()) : new ServerSocket();
        try {
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        WakeListener listener = new WakeListener(server, services, times);
        Thread.ofPlatform().name("wake accept").daemon().start(listener::accept);
        listener.watchdog.start();
        return listener;
    }

    /** The handshake of a connection is done by its own thread, when it first reads. */
    private static ServerSocket overTls(ServerTls tls) throws IOException {
        SSLServerSocket server = (SSLServerSocket) tls.context().getServerSocketFactory().createServerSocket();
        server.setSSLParameters(tls.parameters());
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** How many connections are open. */
    public int connections() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                take(server.accept());
            } catch (IOException e) {
                System.Logger.Level level = server.isClosed() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
                services.log().log(level, "accepting wake connections: {0}", e.toString());
                pause();
            }
        }
    }

    /** Out of descriptors, accepting fails at once and would spin. */
    private void pause() {
        try {
            services.clock().sleep(server.isClosed() ? Duration.ZERO : Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Socket socket) throws IOException {
        if (open.size() >= CONNECTIONS_MAX) {
            socket.close();
            return;
        }
        WakeConnection connection = new WakeConnection(socket, services, times);
        open.add(connection);
        Thread.ofVirtual()
                .name("wake reader")
                .start(
                        () -> {
                            try {
                                connection.run();
                            } finally {
                                open.remove(connection);
                            }
                        });
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                services.clock().sleep(TICK);
                long now = services.clock().monotonicNanos();
                open.forEach(connection -> connection.check(now));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more, tells all that the server restarts, and waits a little for their goodbyes. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            services.log().log(System.Logger.Level.WARNING, "closing the wake listener: {0}", e.toString());
        }
        List<WakeConnection> last = List.copyOf(open);
        last.forEach(connection -> connection.end(new Outbox.Closing(WakeCodec.CLOSE_RESTART, Optional.empty())));
        last.forEach(WakeConnection::awaitEnd);
        watchdog.interrupt();
    }
}
