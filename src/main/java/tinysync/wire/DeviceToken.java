package tinysync.wire;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;

import java.util.Objects;
import java.util.Optional;

/**
 * {@code tsdev_<32 hex device id>_<64 hex secret>}, made by the device itself; the server is told only {@link
 * #secretSha256}.
 *
 * @param secret 64 lower-case hex digits
 */
public record DeviceToken(DeviceId device, String secret) implements Bearer {
    private static final String PREFIX = "tsdev_";

    public DeviceToken {
        Objects.requireNonNull(device);
        Secret.check(secret);
    }

    /** The token, or empty when the text is anything else. */
    public static Optional<DeviceToken> tryParse(String text) {
        String[] parts = text.split("_", -1);
        if (parts.length != 3 || !text.startsWith(PREFIX) || !Secret.looksRight(parts[2])) {
            return Optional.empty();
        }
        return Secret.uuid(parts[1]).map(id -> new DeviceToken(new DeviceId(id), parts[2]));
    }

    /** The token; anything else is an IllegalArgumentException that does not repeat it. */
    public static DeviceToken parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a device token"));
    }

    @Override
    public String format() {
        return PREFIX + Secret.hex(device.value()) + "_" + secret;
    }

    /** SHA-256 over the ASCII of the 64 hex digits of the secret, as {@code POST /v1/devices} takes it. */
    public Hash secretSha256() {
        return Secret.sha256(secret);
    }

    @Override
    public String toString() {
        return PREFIX + Secret.hex(device.value()) + "_…";
    }
}
