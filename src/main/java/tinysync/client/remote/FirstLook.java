package tinysync.client.remote;

import tinysync.content.Hash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a server shows of itself to anybody, for who looks whether all is well; sends no token.
 *
 * @param time its clock, to the second
 * @param validUntil the end of its certificate; empty without TLS
 */
public record FirstLook(Optional<Instant> time, Optional<Instant> validUntil) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public FirstLook {
        Objects.requireNonNull(time);
        Objects.requireNonNull(validUntil);
    }

    /**
     * @throws RemoteException when it does not answer, or is not the one that the pin or the system's issuers know
     */
    public static FirstLook at(URI base, Optional<Hash> pin) throws RemoteException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).connectTimeout(PATIENCE);
        pin.ifPresent(hash -> builder.sslContext(PinnedKey.context(hash)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v1/info")).timeout(PATIENCE).build();
        try (HttpClient client = builder.build()) {
            HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
            return new FirstLook(
                    answer.headers().firstValue("Date").flatMap(FirstLook::time),
                    answer.sslSession().flatMap(FirstLook::validUntil));
        } catch (IOException broken) {
            throw HttpLink.sorted(base, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RemoteException.Unreachable("interrupted", interrupted);
        }
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> validUntil(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate.getNotAfter().toInstant())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException unknown) {
            return Optional.empty();
        }
    }
}
