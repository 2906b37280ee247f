package tinysync.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Offers the server's one key, as it is now, to every connection that can use keys of its kind. Thread-safe.
 *
 * <p>An alias names one state of the key, so that a handshake that began with it ends with it, also when the key is
 * renewed in between.
 */
final class KeyOffer extends X509ExtendedKeyManager {
    /** More renewals than this will not fall into one handshake. */
    private static final int REMEMBERED = 8;

    private final Supplier<KeyPair> current;
    private final Map<String, KeyPair> offered =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, KeyPair> eldest) {
                    return size() > REMEMBERED;
                }
            };

    KeyOffer(Supplier<KeyPair> current) {
        this.current = Objects.requireNonNull(current);
    }

    private Optional<String> choose(String keyType) {
        KeyPair pair = current.get();
        if (!pair.key().getAlgorithm().equals(algorithm(keyType))) {
            return Optional.empty();
        }
        String alias = pair.fingerprint().hex();
        synchronized (offered) {
            offered.put(alias, pair);
        }
        return Optional.of(alias);
    }

    /** TLS names a key of RFC 8410 by its curve, Java by its family. */
    private static String algorithm(String keyType) {
        return keyType.equals("Ed25519") || keyType.equals("Ed448") ? "EdDSA" : keyType;
    }

    private Optional<KeyPair> named(String alias) {
        synchronized (offered) {
            return Optional.ofNullable(offered.get(alias));
        }
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return choose(keyType).orElse(null);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(keyType).orElse(null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return choose(keyType).map(alias -> new String[] {alias}).orElse(null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).map(pair -> pair.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).map(KeyPair::key).orElse(null);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }
}
