package tinysync.server;

import tinysync.wire.WakeCodec;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Which addresses may be listened on, and what they are called in URLs. */
final class Addresses {
    private Addresses() {}

    /**
     * @throws StartException when this would offer plain HTTP to a network that nobody said is safe
     */
    static InetSocketAddress allowed(HostPort listen, ServerOptions.Transport transport) throws StartException {
        InetSocketAddress address = listen.resolve();
        if (transport instanceof ServerOptions.Transport.LoopbackOnly && !address.getAddress().isLoopbackAddress()) {
            throw new StartException(
                    "refusing to listen on "
                            + listen
                            + " without encryption: say --tls self, put a TLS proxy"
                            + " in front and say --behind-proxy, or say --insecure-http if this network is safe");
        }
        return address;
    }

    /** The address of the server as clients see it. */
    static URI base(ServerOptions options, int port) {
        if (options.publicUrl().isPresent()) {
            String text = options.publicUrl().get().toString();
            return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        }
        return URI.create(
                (options.transport().encrypts() ? "https://" : "http://") + shown(options.listen()).withPort(port));
    }

    /** The address of the wake socket as clients see it. */
    static URI wake(ServerOptions options, int port) {
        if (options.wakeUrl().isPresent()) {
            return options.wakeUrl().get();
        }
        if (options.publicUrl().isPresent()) {
            // http becomes ws, and https becomes wss.
            return URI.create("ws" + base(options, port).toString().substring("http".length()) + WakeCodec.PATH);
        }
        HostPort listen = options.wakeListen().orElse(options.listen());
        return URI.create(
                (options.transport().encrypts() ? "wss://" : "ws://") + shown(listen).withPort(port) + WakeCodec.PATH);
    }

    /** Nobody can connect to "any address". */
    private static HostPort shown(HostPort listen) {
        try {
            boolean any = InetAddress.getByName(listen.host()).isAnyLocalAddress();
            return any ? new HostPort(InetAddress.getLocalHost().getHostAddress(), listen.port()) : listen;
        } catch (UnknownHostException unnamed) {
            return new HostPort("localhost", listen.port());
        }
    }
}
