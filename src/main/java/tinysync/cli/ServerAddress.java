package tinysync.cli;

import tinysync.content.Hash;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a server is and how it is known, as people and the server's {@code address} file write it: {@code
 * https://host:port}, behind which {@code #pin_<64 hex>} names the key of a server that made its certificate itself, as
 * in an invite.
 *
 * @param base without a slash at the end
 */
record ServerAddress(URI base, Optional<Hash> pin) {
    private static final String PIN = "#pin_";

    ServerAddress {
        Objects.requireNonNull(base);
        Objects.requireNonNull(pin);
    }

    /** {@code what} is how the text is called in the refusal. */
    static ServerAddress parse(String what, String text) throws CommandFailure {
        int at = text.indexOf(PIN);
        if (at < 0) {
            return new ServerAddress(Address.ofServer(what, text), Optional.empty());
        }
        Optional<Hash> pin = Hash.tryParse(text.substring(at + PIN.length()));
        URI base = Address.ofServer(what, text.substring(0, at));
        if (pin.isEmpty() || !base.getScheme().equals("https")) {
            throw CommandFailure.usage(what + " may end with " + PIN + " and 64 hex digits, behind an https address");
        }
        return new ServerAddress(base, pin);
    }

    String format() {
        return base + pin.map(hash -> PIN + hash.hex()).orElse("");
    }
}
