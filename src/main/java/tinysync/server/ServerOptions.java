package tinysync.server;

import tinysync.server.live.Origins;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server is to run.
 *
 * @param version what {@code /v1/info} says
 * @param data the folder with everything it remembers; made where it is missing
 * @param blobs the folder for chunks; {@code blobs} inside {@code data} where it is empty
 * @param listen where HTTP listens; port 0 picks one
 * @param wakeListen where the wake socket listens; else on the same host, on the port behind HTTP's or any free one
 * @param wakeUrl the address of the wake socket as clients see it, where a proxy changes it
 * @param publicUrl the address of the server as clients see it, where a proxy changes it
 * @param transport what protects the connection
 * @param openRegistration whether devices may register without an invite
 */
public record ServerOptions(
        String version,
        Path data,
        Optional<Path> blobs,
        HostPort listen,
        Optional<HostPort> wakeListen,
        Optional<URI> wakeUrl,
        Optional<URI> publicUrl,
        Transport transport,
        boolean openRegistration,
        ServerLimits limits) {

    /** {@code --listen} where nothing is said. */
    public static final HostPort LISTEN = new HostPort("127.0.0.1", 8460);

    /** What stands between a listener and the network. */
    public sealed interface Transport {
        /** Whether the listeners themselves speak TLS. */
        default boolean encrypts() {
            return this instanceof SelfMadeTls || this instanceof TlsFiles;
        }

        /** Whom requests come from: only who said that a proxy is in front believes one. */
        default Origins origins() {
            return this instanceof BehindProxy ? Origins.BEHIND_PROXY : Origins.DIRECT;
        }

        /** Nothing: only a loopback address may be listened on. */
        record LoopbackOnly() implements Transport {}

        /** A proxy in front does TLS ({@code --behind-proxy}). */
        record BehindProxy() implements Transport {}

        /** The operator said that plain HTTP is what he wants ({@code --insecure-http}). */
        record InsecureHttp() implements Transport {}

        /** TLS with a key that the server makes itself and that invites pin ({@code --tls self}). */
        record SelfMadeTls() implements Transport {}

        /**
         * TLS with the operator's files ({@code --tls-cert}, {@code --tls-key}).
         *
         * @param certificate the chain in PEM, the server's own certificate first
         * @param key the private key in PEM
         */
        record TlsFiles(Path certificate, Path key) implements Transport {
            public TlsFiles {
                Objects.requireNonNull(certificate);
                Objects.requireNonNull(key);
            }
        }
    }

    public ServerOptions {
        Objects.requireNonNull(version);
        Objects.requireNonNull(data);
        Objects.requireNonNull(blobs);
        Objects.requireNonNull(listen);
        Objects.requireNonNull(wakeListen);
        Objects.requireNonNull(wakeUrl);
        Objects.requireNonNull(publicUrl);
        Objects.requireNonNull(transport);
        Objects.requireNonNull(limits);
    }

    /** A server on loopback with everything as usual. */
    public static ServerOptions on(Path data, HostPort listen, String version) {
        return new ServerOptions(
                version,
                data,
                Optional.empty(),
                listen,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Transport.LoopbackOnly(),
                false,
                ServerLimits.DEFAULT);
    }

    public ServerOptions withLimits(ServerLimits other) {
        return with(publicUrl, transport, other);
    }

    public ServerOptions withTransport(Transport other) {
        return with(publicUrl, other, limits);
    }

    public ServerOptions withPublicUrl(URI url) {
        return with(Optional.of(url), transport, limits);
    }

    private ServerOptions with(Optional<URI> otherUrl, Transport otherTransport, ServerLimits otherLimits) {
        return new ServerOptions(
                version,
                data,
                blobs,
                listen,
                wakeListen,
                wakeUrl,
                otherUrl,
                otherTransport,
                openRegistration,
                otherLimits);
    }
}
