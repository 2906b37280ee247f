package tinysync.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** What may be the address of a server: {@code SCHEME://HOST[:PORT][/PATH]}, without a slash at the end. */
public final class ServerUrl {
    /** Of the server itself; its wake socket has others. */
    public static final List<String> HTTP = List.of("http", "https");

    private static final int PORT_MAX = 65_535;

    private ServerUrl() {}

    /** The address with one of these schemes, or empty when the text is anything else. */
    public static Optional<URI> tryParse(String text, List<String> schemes) {
        try {
            return Optional.of(new URI(text)).filter(uri -> isOne(uri, schemes));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** Whether this is such an address; one with a user, a query or a fragment is none, since they may be secrets. */
    public static boolean isOne(URI uri, List<String> schemes) {
        return uri.getScheme() != null
                && schemes.contains(uri.getScheme())
                && uri.getHost() != null
                && uri.getPort() <= PORT_MAX
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && !uri.getRawPath().endsWith("/");
    }
}
