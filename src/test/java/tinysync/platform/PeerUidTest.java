package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

class PeerUidTest {
    @TempDir Path folder;

    @Test
    void bothEndsOfOurOwnSocketAreOurs() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (SocketChannel client = SocketChannel.open(address);
                    SocketChannel accepted = server.accept()) {
                assertEquals(PeerUid.own(), PeerUid.of(client));
                assertEquals(PeerUid.own(), PeerUid.of(accepted));
            }
        }
        assertEquals(PeerUid.own(), (int) Files.getAttribute(folder.resolve("s"), "unix:uid"));
    }

    @Test
    void aNetworkSocketDoesNotTell() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                assertEquals(Errno.EOPNOTSUPP, assertThrows(FsException.class, () -> PeerUid.of(client)).errno());
            }
        }
    }
}
