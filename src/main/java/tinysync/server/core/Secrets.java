package tinysync.server.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The three kinds of secrets and what a server keeps of them. A secret is 32 random bytes as 64 hex digits; the
 * client's {@code secret_sha256} is the SHA-256 of those 64 ASCII characters; the server keeps a further SHA-256 of
 * that, with the kind of secret in front, so that no stored value works as another kind's or can be sent back to it.
 */
public final class Secrets {
    private static final Pattern DEVICE = Pattern.compile("tsdev_([0-9a-f]{32})_([0-9a-f]{64})");
    private static final Pattern ADMIN = Pattern.compile("tsadm_([0-9a-f]{64})");
    private static final Pattern INVITE =
            Pattern.compile("tsinv_([0-9a-f]{32})_([0-9a-f]{64})(?:\\.pin_[0-9a-f]{64})?");

    private Secrets() {}

    /** A token that a request carried, not yet compared with anything. */
    sealed interface Token {
        record OfDevice(DeviceId device, Hash verifier) implements Token {}

        record OfAdmin(Hash verifier) implements Token {}
    }

    /** What an invite string says, not yet compared with anything. */
    record InviteSecret(InviteId id, Hash verifier) {}

    /** What a client calls {@code secret_sha256}: the hash of the secret's 64 characters. */
    public static Hash secretSha256(String secretHex) {
        return Hash.of(secretHex.getBytes(US_ASCII));
    }

    public static Hash deviceVerifier(Hash secretSha256) {
        return verifier("tinysync-device-1\n", secretSha256);
    }

    public static Hash adminVerifier(Hash secretSha256) {
        return verifier("tinysync-admin-1\n", secretSha256);
    }

    public static Hash inviteVerifier(Hash secretSha256) {
        return verifier("tinysync-invite-1\n", secretSha256);
    }

    /** {@code tsdev_…}, as it stands behind {@code Bearer}. */
    public static String deviceToken(DeviceId device, String secretHex) {
        return "tsdev_" + hex32(device.value()) + "_" + secretHex;
    }

    /** {@code tsadm_…}. */
    public static String adminToken(String secretHex) {
        return "tsadm_" + secretHex;
    }

    /** {@code tsinv_…}, the part of an invite behind {@code #}. */
    public static String inviteToken(InviteId invite, String secretHex) {
        return "tsinv_" + hex32(invite.value()) + "_" + secretHex;
    }

    static Optional<Token> parseToken(String text) {
        Matcher device = DEVICE.matcher(text);
        if (device.matches()) {
            DeviceId id = new DeviceId(uuid(device.group(1)));
            return Optional.of(new Token.OfDevice(id, deviceVerifier(secretSha256(device.group(2)))));
        }
        Matcher admin = ADMIN.matcher(text);
        if (admin.matches()) {
            return Optional.of(new Token.OfAdmin(adminVerifier(secretSha256(admin.group(1)))));
        }
        return Optional.empty();
    }

    static Optional<InviteSecret> parseInvite(String text) {
        Matcher invite = INVITE.matcher(text);
        if (!invite.matches()) {
            return Optional.empty();
        }
        InviteId id = new InviteId(uuid(invite.group(1)));
        return Optional.of(new InviteSecret(id, inviteVerifier(secretSha256(invite.group(2)))));
    }

    /** Equality that takes the same time wherever the two differ. */
    static boolean same(Hash a, Hash b) {
        return MessageDigest.isEqual(a.bytes(), b.bytes());
    }

    private static Hash verifier(String domain, Hash secretSha256) {
        return Hash.of((domain + secretSha256.hex()).getBytes(US_ASCII));
    }

    private static String hex32(UUID uuid) {
        return uuid.toString().replace("-", "");
    }

    private static UUID uuid(String hex32) {
        long high = HexFormat.fromHexDigitsToLong(hex32, 0, 16);
        long low = HexFormat.fromHexDigitsToLong(hex32, 16, 32);
        return new UUID(high, low);
    }
}
