package tinysync.server.tls;

import tinysync.content.Hash;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What both listeners need to speak TLS. Thread-safe.
 *
 * @param context of all connections
 * @param pin SHA-256 of the key's SubjectPublicKeyInfo, where clients are to know the server by its key alone (RFC
 *     7469, section 2.4); empty where its certificate comes from an authority
 */
public record ServerTls(SSLContext context, Optional<Hash> pin) {
    /** RFC 8996 forbids what is older. */
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    public ServerTls {
        Objects.requireNonNull(context);
        Objects.requireNonNull(pin);
    }

    /**
     * With a key and certificate made by the server itself at its first start, for clients that know the pin from their
     * invite.
     *
     * @param folder kept by the server alone, with mode 0700; made where it is missing
     * @throws IOException when the key cannot be made or read; the message says what to do
     */
    public static ServerTls selfMade(Path folder) throws IOException {
        KeyPair pair = SelfMadeKey.open(folder);
        return new ServerTls(context(() -> pair), Optional.of(pair.pin()));
    }

    /**
     * With the operator's certificate and key. Both files are looked at again while the server runs: new ones hold for
     * new connections, within seconds; broken ones are reported, and the old ones stay.
     *
     * @param certificate the chain, the server's own certificate first
     * @param key the private key, PKCS #8, not encrypted
     * @param nanos a clock that never goes back
     * @throws IOException when they cannot be read or do not belong together; the message says which and why
     */
    public static ServerTls fromFiles(Path certificate, Path key, LongSupplier nanos) throws IOException {
        return new ServerTls(context(new RenewedFiles(certificate, key, nanos)), Optional.empty());
    }

    /** What each connection is held to. */
    public SSLParameters parameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }

    private static SSLContext context(Supplier<KeyPair> keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new KeyOffer(keys)}, null, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no TLS", impossible);
        }
    }
}
