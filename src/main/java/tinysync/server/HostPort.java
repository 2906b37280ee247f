package tinysync.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;

/** Where to listen: a host name or address (an IPv6 one without brackets) and a port, 0 for any free one. */
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    public HostPort {
        Objects.requireNonNull(host);
        if (host.isEmpty() || port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("not HOST:PORT");
        }
    }

    /** Reads {@code HOST:PORT}, an IPv6 address in brackets; empty for anything else. */
    public static Optional<HostPort> tryParse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        int port = Integer.parseInt(text.substring(colon + 1));
        return bare.isEmpty() || port > PORT_MAX ? Optional.empty() : Optional.of(new HostPort(bare, port));
    }

    HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    InetSocketAddress resolve() throws StartException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new StartException("cannot listen on " + this + ": no such host", e);
        }
    }

    /** As it stands in a URL. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
