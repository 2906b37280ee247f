package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.server.tls.ServerTls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import javax.net.ssl.SSLContext;

class PinnedKeyTest {
    private static final String INFO =
            "{\"product\":\"tinysync\",\"version\":\"1\",\"protocol\":1,"
                    + "\"server_id\":\"0d1e2f3a-0000-4000-8000-000000000001\"}";

    @Test
    void onlyTheHolderOfThePinnedKeyIsTrusted(@TempDir Path dir) throws Exception {
        ServerTls tls = ServerTls.selfMade(dir);
        Hash pin = tls.pin().orElseThrow();
        HttpsServer server = serve(tls.context());
        try {
            // The certificate is for another name, and that must not matter.
            URI base = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            assertEquals("1", ServerApi.info(base, Optional.of(pin)).version());
            assertThrows(RemoteException.Garbled.class, () -> ServerApi.info(base, Optional.of(Hash.of(new byte[0]))));
            assertThrows(RemoteException.Garbled.class, () -> ServerApi.info(base, Optional.empty()));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aPinWithoutTlsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new ServerConnection(
                                URI.create("http://127.0.0.1"), FakeServer.TOKEN, Optional.of(Hash.of(new byte[0]))));
    }

    private static HttpsServer serve(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/", exchange -> FakeServer.answer(exchange, 200, Call.JSON, INFO.getBytes(StandardCharsets.UTF_8)));
        server.start();
        return server;
    }
}
