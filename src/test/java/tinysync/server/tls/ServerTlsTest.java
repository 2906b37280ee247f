package tinysync.server.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.content.Hash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Keys that the server made and keys that it was given, as a client sees them in a handshake. */
class ServerTlsTest {
    private static final long SIX_SECONDS = 6_000_000_000L;

    @TempDir Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private Path certificate;
    private Path key;

    @BeforeEach
    void names() {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
    }

    private KeyPair give(String algorithm) throws IOException, InterruptedException {
        KeyPair pair = MadeKeys.make(algorithm, 1);
        MadeKeys.writeCertificate(pair, certificate);
        MadeKeys.writeKey(pair, key);
        return pair;
    }

    private ServerTls fromFiles() throws IOException {
        return ServerTls.fromFiles(certificate, key, nanos::get);
    }

    private String refusal() {
        return assertThrows(IOException.class, this::fromFiles).getMessage();
    }

    @Test
    void aKeyIsMadeOnceAndIsWhatTheInvitePins() throws IOException {
        Path own = folder.resolve("tls");
        ServerTls first = ServerTls.selfMade(own);
        ServerTls second = ServerTls.selfMade(own);
        assertEquals(first.pin(), second.pin());
        byte[] shown = Handshakes.shownBy(second).getPublicKey().getEncoded();
        assertEquals(Optional.of(Hash.of(shown)), first.pin());
        assertNotEquals(first.pin(), ServerTls.selfMade(folder.resolve("other")).pin());
    }

    @Test
    void aMadeKeyCanBeReadByItsOwnerAlone() throws IOException {
        Path own = folder.resolve("tls");
        ServerTls.selfMade(own);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
        try (var files = Files.list(own)) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void aDamagedKeyIsNotReplacedInSilence() throws IOException {
        Path own = folder.resolve("tls");
        ServerTls.selfMade(own);
        byte[] damaged = {1, 2, 3};
        Files.write(own.resolve("key.p12"), damaged);
        String message = assertThrows(IOException.class, () -> ServerTls.selfMade(own)).getMessage();
        assertTrue(message.contains("put it back from a backup"), message);
        assertArrayEquals(damaged, Files.readAllBytes(own.resolve("key.p12")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aGivenCertificateIsShownAndNothingIsPinned(String algorithm) throws IOException, InterruptedException {
        KeyPair pair = give(algorithm);
        ServerTls tls = fromFiles();
        assertEquals(pair.certificate(), Handshakes.shownBy(tls));
        assertEquals(Optional.empty(), tls.pin());
    }

    @Test
    void onlyTodaysVersionsOfTlsAreSpoken() throws IOException {
        String[] spoken = ServerTls.selfMade(folder.resolve("tls")).parameters().getProtocols();
        assertArrayEquals(new String[] {"TLSv1.3", "TLSv1.2"}, spoken);
    }

    @Test
    void renewedFilesHoldForNewConnections() throws IOException, InterruptedException {
        KeyPair old = give("EC");
        ServerTls tls = fromFiles();
        assertEquals(old.certificate(), Handshakes.shownBy(tls));
        KeyPair renewed = give("RSA");
        assertEquals(old.certificate(), Handshakes.shownBy(tls), "not looked at for each connection");
        nanos.addAndGet(SIX_SECONDS);
        assertEquals(renewed.certificate(), Handshakes.shownBy(tls));
    }

    @Test
    void theOldKeyStaysUntilBothNewFilesAreThere() throws IOException, InterruptedException {
        KeyPair old = give("EC");
        ServerTls tls = fromFiles();
        KeyPair renewed = MadeKeys.make("EC", 2);
        MadeKeys.writeCertificate(renewed, certificate);
        nanos.addAndGet(SIX_SECONDS);
        assertEquals(old.certificate(), Handshakes.shownBy(tls), "the key is not renewed yet");
        Files.delete(key);
        nanos.addAndGet(SIX_SECONDS);
        assertEquals(old.certificate(), Handshakes.shownBy(tls), "the key is gone");
        MadeKeys.writeKey(renewed, key);
        nanos.addAndGet(SIX_SECONDS);
        assertEquals(renewed.certificate(), Handshakes.shownBy(tls));
    }

    @Test
    void filesThatDoNotBelongTogetherAreRefused() throws IOException, InterruptedException {
        give("EC");
        MadeKeys.writeKey(MadeKeys.make("EC", 2), key);
        assertTrue(refusal().contains("is not that of the first certificate"), refusal());
        MadeKeys.writeKey(MadeKeys.make("RSA", 1), key);
        assertTrue(refusal().contains("is not that of the first certificate"), refusal());
    }

    @Test
    void whatIsNoUsableKeyIsNamedWithTheCure() throws IOException, InterruptedException, GeneralSecurityException {
        KeyPair pair = give("EC");
        Files.writeString(key, MadeKeys.pem("EC PRIVATE KEY", pair.key().getEncoded()));
        assertTrue(refusal().contains("in the form EC PRIVATE KEY: it wants PKCS #8"), refusal());
        Files.writeString(key, "nothing\n");
        assertTrue(refusal().contains("has no private key"), refusal());
        Files.writeString(key, MadeKeys.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertTrue(refusal().contains("neither RSA, EC nor Ed25519"), refusal());
        byte[] agreement = KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate().getEncoded();
        Files.writeString(key, MadeKeys.pem("PRIVATE KEY", agreement));
        assertTrue(refusal().contains("neither RSA, EC nor Ed25519"), refusal());
        Files.delete(key);
        assertTrue(refusal().endsWith("key.pem does not exist"), refusal());
    }

    @Test
    void whatIsNoCertificateIsNamed() throws IOException, InterruptedException {
        give("EC");
        Files.writeString(certificate, "");
        assertTrue(refusal().contains("has no certificate"), refusal());
        Files.writeString(certificate, MadeKeys.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        assertTrue(refusal().contains("is not a chain of certificates"), refusal());
        Files.write(certificate, new byte[(1 << 20) + 1]);
        assertTrue(refusal().contains("too large"), refusal());
    }
}
