package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

class PinnedKeyTest {
    private static final String PASSWORD = "changeit";
    private static final String INFO =
            "{\"product\":\"tinysync\",\"version\":\"1\",\"protocol\":1,"
                    + "\"server_id\":\"0d1e2f3a-0000-4000-8000-000000000001\"}";

    @Test
    void onlyTheHolderOfThePinnedKeyIsTrusted(@TempDir Path dir) throws Exception {
        KeyStore keys = selfMade(dir);
        Hash pin = Hash.of(keys.getCertificate("server").getPublicKey().getEncoded());
        HttpsServer server = serve(keys);
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

    private static HttpsServer serve(KeyStore keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/", exchange -> FakeServer.answer(exchange, 200, Call.JSON, INFO.getBytes(StandardCharsets.UTF_8)));
        server.start();
        return server;
    }

    /** The JDK makes certificates by its tool only. */
    private static KeyStore selfMade(Path dir) throws Exception {
        Path store = dir.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=elsewhere",
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }
}
