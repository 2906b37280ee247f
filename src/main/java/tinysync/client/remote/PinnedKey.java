package tinysync.client.remote;

import tinysync.content.Hash;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts one key, by the SHA-256 of its SubjectPublicKeyInfo (RFC 7469, section 2.4), and nothing else: neither
 * issuers, nor names, nor dates. TLS itself proves that the other side holds the key.
 */
final class PinnedKey extends X509ExtendedTrustManager {
    private final Hash pin;

    private PinnedKey(Hash pin) {
        this.pin = pin;
    }

    /** A context whose connections succeed only to the holder of that key. */
    static SSLContext context(Hash pin) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Being an *extended* trust manager, it also takes the place of the host name check.
            context.init(null, new TrustManager[] {new PinnedKey(pin)}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no TLS", impossible);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || !Hash.of(chain[0].getPublicKey().getEncoded()).equals(pin)) {
            throw new CertificateException("the server has another key than the one in the invite");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static CertificateException noClients() {
        return new CertificateException("only servers are pinned");
    }
}
