package tinysync.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The address of a server, as people type it. */
final class Address {
    private static final int PORT_MAX = 65_535;

    private Address() {}

    /** Without a slash at the end; {@code what} is how it is called in the refusal. */
    static URI ofServer(String what, String text) throws CommandFailure {
        return parse(what, text, List.of("http", "https"));
    }

    static URI parse(String what, String text, List<String> schemes) throws CommandFailure {
        String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = new URI(plain);
            boolean good =
                    uri.getScheme() != null
                            && schemes.contains(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getPort() <= PORT_MAX
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (good) {
                return uri;
            }
            throw wrong(what, schemes);
        } catch (URISyntaxException malformed) {
            throw wrong(what, schemes);
        }
    }

    /** Does not repeat it: it may hold a secret that does not belong there. */
    private static CommandFailure wrong(String what, List<String> schemes) {
        return CommandFailure.usage(
                what + " takes an address such as " + schemes.getLast() + "://sync.example.org, without user or '?'");
    }
}
