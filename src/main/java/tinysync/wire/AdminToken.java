package tinysync.wire;

import tinysync.content.Hash;

import java.util.Optional;

/**
 * {@code tsadm_<64 hex>}, the operator's token.
 *
 * @param secret 64 lower-case hex digits
 */
public record AdminToken(String secret) implements Bearer {
    private static final String PREFIX = "tsadm_";

    public AdminToken {
        Secret.check(secret);
    }

    /** The token, or empty when the text is anything else. */
    public static Optional<AdminToken> tryParse(String text) {
        return text.startsWith(PREFIX) && Secret.looksRight(text.substring(PREFIX.length()))
                ? Optional.of(new AdminToken(text.substring(PREFIX.length())))
                : Optional.empty();
    }

    @Override
    public String format() {
        return PREFIX + secret;
    }

    /** SHA-256 over the ASCII of the 64 hex digits of the secret. */
    public Hash secretSha256() {
        return Secret.sha256(secret);
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
