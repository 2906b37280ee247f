package tinysync.wire;

import tinysync.content.Hash;
import tinysync.tree.ItemId;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The two parts that tokens and invites are made of: an id as 32 hex digits and a secret as 64. */
final class Secret {
    private static final String SECRET = "[0-9a-f]{64}";
    private static final String ID = "[0-9a-f]{32}";

    private Secret() {}

    static String check(String secret) {
        if (!secret.matches(SECRET)) {
            throw new IllegalArgumentException("a secret is 64 lower-case hex digits");
        }
        return secret;
    }

    static boolean looksRight(String secret) {
        return secret.matches(SECRET);
    }

    static Hash sha256(String secret) {
        return Hash.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    static String hex(UUID id) {
        return id.toString().replace("-", "");
    }

    static Optional<UUID> uuid(String hex) {
        if (!hex.matches(ID)) {
            return Optional.empty();
        }
        return ItemId.tryParse(
                        hex.substring(0, 8)
                                + "-"
                                + hex.substring(8, 12)
                                + "-"
                                + hex.substring(12, 16)
                                + "-"
                                + hex.substring(16, 20)
                                + "-"
                                + hex.substring(20))
                .map(ItemId::value);
    }
}
