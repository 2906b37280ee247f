package tinysync.wire;

import tinysync.content.Hash;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code tsinv_<32 hex id>_<64 hex secret>}: the part of an invite that goes to the server.
 *
 * @param secret 64 lower-case hex digits
 */
public record InviteCode(UUID id, String secret) {
    private static final String PREFIX = "tsinv_";

    public InviteCode {
        Objects.requireNonNull(id);
        Secret.check(secret);
    }

    /** The code, or empty when the text is anything else. */
    public static Optional<InviteCode> tryParse(String text) {
        String[] parts = text.split("_", -1);
        if (parts.length != 3 || !text.startsWith(PREFIX) || !Secret.looksRight(parts[2])) {
            return Optional.empty();
        }
        return Secret.uuid(parts[1]).map(id -> new InviteCode(id, parts[2]));
    }

    /** The code as it travels; a secret. */
    public String format() {
        return PREFIX + Secret.hex(id) + "_" + secret;
    }

    /** SHA-256 over the ASCII of the 64 hex digits of the secret. */
    public Hash secretSha256() {
        return Secret.sha256(secret);
    }

    @Override
    public String toString() {
        return PREFIX + Secret.hex(id) + "_…";
    }
}
