package tinysync.server.tls;

import tinysync.content.Hash;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * A private key and the certificates that vouch for it.
 *
 * @param chain the key's own certificate first; never empty
 */
record KeyPair(PrivateKey key, List<X509Certificate> chain) {
    KeyPair {
        Objects.requireNonNull(key);
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** SHA-256 of the certificate. */
    Hash fingerprint() {
        try {
            return Hash.of(certificate().getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read cannot be written", impossible);
        }
    }

    /** SHA-256 of the SubjectPublicKeyInfo. */
    Hash pin() {
        return Hash.of(certificate().getPublicKey().getEncoded());
    }
}
