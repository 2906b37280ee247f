package tinysync.wire;

import java.util.Optional;

/** What a caller shows to be let in, in {@code Authorization: Bearer …}. {@code toString} never tells the secret. */
public sealed interface Bearer permits DeviceToken, AdminToken {
    /** The token as it travels; a secret. */
    String format();

    /** The token that the value of an {@code Authorization} header holds; empty when it is none of ours. */
    static Optional<Bearer> fromHeader(String value) {
        if (!value.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
            return Optional.empty();
        }
        String token = value.substring("Bearer ".length()).strip();
        Optional<Bearer> device = DeviceToken.tryParse(token).map(t -> t);
        return device.isPresent() ? device : AdminToken.tryParse(token).map(t -> t);
    }
}
