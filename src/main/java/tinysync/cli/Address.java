package tinysync.cli;

import tinysync.wire.ServerUrl;

import java.net.URI;
import java.util.List;

/** The address of a server, as people type it. */
final class Address {
    private Address() {}

    /** Without a slash at the end; {@code what} is how it is called in the refusal. */
    static URI ofServer(String what, String text) throws CommandFailure {
        return parse(what, text, ServerUrl.HTTP);
    }

    static URI parse(String what, String text, List<String> schemes) throws CommandFailure {
        String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return ServerUrl.tryParse(plain, schemes).orElseThrow(() -> wrong(what, schemes));
    }

    /** Does not repeat it: it may hold a secret that does not belong there. */
    private static CommandFailure wrong(String what, List<String> schemes) {
        return CommandFailure.usage(
                what + " takes an address such as " + schemes.getLast() + "://sync.example.org, without user or '?'");
    }
}
