package tinysync.wire;

import tinysync.content.Hash;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * An invite on one line: {@code BASE/join#tsinv_<id>_<secret>[.pin_<64 hex>]}.
 *
 * @param base where the server is: scheme, host, port and path prefix, without a slash at the end
 * @param pin SHA-256 of the SubjectPublicKeyInfo of the server's key, where its certificate is self-made
 */
public record InviteText(URI base, InviteCode code, Optional<Hash> pin) {
    private static final String JOIN = "/join";
    private static final String PIN = ".pin_";
    private static final int LENGTH_MAX = 2_048;

    public InviteText {
        Objects.requireNonNull(base);
        Objects.requireNonNull(code);
        Objects.requireNonNull(pin);
        if (!ServerUrl.isOne(base, ServerUrl.HTTP)) {
            throw new IllegalArgumentException("the address of a server is http(s)://HOST[:PORT][/PATH]");
        }
    }

    /** The invite, or empty when the text (spaces around it aside) is anything else. */
    public static Optional<InviteText> tryParse(String line) {
        String text = line.strip();
        int hash = text.indexOf('#');
        if (text.length() > LENGTH_MAX || hash < JOIN.length() || !text.startsWith(JOIN, hash - JOIN.length())) {
            return Optional.empty();
        }
        String secret = text.substring(hash + 1);
        int dot = secret.indexOf(PIN);
        Optional<Hash> pin = dot < 0 ? Optional.empty() : Hash.tryParse(secret.substring(dot + PIN.length()));
        if (dot >= 0 && pin.isEmpty()) {
            return Optional.empty();
        }
        Optional<URI> base = ServerUrl.tryParse(text.substring(0, hash - JOIN.length()), ServerUrl.HTTP);
        Optional<InviteCode> code = InviteCode.tryParse(dot < 0 ? secret : secret.substring(0, dot));
        return base.isEmpty() || code.isEmpty()
                ? Optional.empty()
                : Optional.of(new InviteText(base.get(), code.get(), pin));
    }

    /** As {@link #tryParse}; anything else is refused with {@code invite_invalid}, without repeating it. */
    public static InviteText parse(String line) {
        return tryParse(line)
                .orElseThrow(
                        () ->
                                new Refusal(
                                        ErrorCode.INVITE_INVALID,
                                        "not an invite: it looks like https://HOST/join#tsinv_…"));
    }

    /** The whole line; a secret. */
    public String format() {
        return base + JOIN + "#" + code.format() + pin.map(hash -> PIN + hash.hex()).orElse("");
    }

    @Override
    public String toString() {
        return base + JOIN + "#" + code;
    }
}
