package tinysync.client.ipc;

import tinysync.platform.PeerUid;
import tinysync.platform.PrivateFiles;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a socket of this user and gives each request to a handler. Thread-safe; starts with {@link #open}, ends
 * with {@link #close}, which ends all connections and removes the socket.
 */
public final class IpcServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IpcServer.class.getName());
    private static final int CONNECTIONS_MAX = 256;
    private static final Duration REST = Duration.ofMillis(100);

    /** Who may connect. */
    @FunctionalInterface
    public interface Doorman {
        /** Only processes of the user that this one runs as. */
        Doorman SAME_USER = peer -> PeerUid.of(peer) == PeerUid.own();

        boolean admits(SocketChannel peer) throws IOException;
    }

    private final Path socket;
    private final ServerSocketChannel listener;
    private final IpcHandler handler;
    private final Doorman doorman;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<IpcConnection> connections = ConcurrentHashMap.newKeySet();

    private IpcServer(Path socket, ServerSocketChannel listener, IpcHandler handler, Doorman doorman) {
        this.socket = socket;
        this.listener = listener;
        this.handler = Objects.requireNonNull(handler);
        this.doorman = Objects.requireNonNull(doorman);
    }

    /**
     * Starts to listen. A socket that is there already is replaced: whoever calls this holds the home's lock, so that
     * its owner is gone.
     *
     * @param socket in a folder that only this user can enter; three bytes shorter than the path of a socket may be
     */
    public static IpcServer open(Path socket, Doorman doorman, IpcHandler handler) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean open = false;
        try {
            bind(listener, socket);
            IpcServer server = new IpcServer(socket, listener, handler, doorman);
            Thread.ofPlatform().name("ipc").daemon().start(server::accept);
            open = true;
            return server;
        } finally {
            if (!open) {
                listener.close();
            }
        }
    }

    /** The system makes a socket as the umask allows: so in a folder of its own, until others may no more use it. */
    private static void bind(ServerSocketChannel listener, Path socket) throws IOException {
        Path folder = socket.resolveSibling(socket.getFileName() + "~");
        Path fresh = folder.resolve("s");
        PrivateFiles.createFolder(folder);
        try {
            Files.deleteIfExists(fresh);
            listener.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
            Files.delete(folder);
        }
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                serve(listener.accept());
            } catch (ClosedChannelException closed) {
                LOG.log(Level.DEBUG, "the socket is closed");
                return;
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "a connection to the socket failed: " + failed.getMessage());
                rest();
            } catch (RuntimeException fault) {
                LOG.log(Level.ERROR, "a fault while a connection was taken", fault);
                rest();
            }
        }
    }

    /** While no descriptor is left for a peer, taking it fails again at once; a little later it may not. */
    private void rest() {
        try {
            if (closing.await(REST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.DEBUG, "no connection is taken any more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel peer) throws IOException {
        boolean kept = false;
        try {
            if (connections.size() < CONNECTIONS_MAX && doorman.admits(peer)) {
                IpcConnection connection = new IpcConnection(peer, handler, connections::remove);
                connections.add(connection);
                Thread.ofVirtual().name("ipc-connection").start(connection::run);
                kept = true;
                if (closing.getCount() == 0) {
                    connection.close();
                }
            }
        } finally {
            if (!kept) {
                peer.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        connections.forEach(IpcConnection::close);
        Files.deleteIfExists(socket);
    }
}
