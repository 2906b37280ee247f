package tinysync.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over bytes that come piece by piece; after {@link #finish} it starts anew. For one thread. */
public final class Hasher {

    private final MessageDigest digest = sha256();

    /** Adds {@code length} bytes of {@code buffer} from {@code offset}. */
    public void update(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
    }

    /** Adds all of {@code bytes}. */
    public void update(byte[] bytes) {
        digest.update(bytes);
    }

    /** The hash of what was added since the start or the last call of this method. */
    public Hash finish() {
        return Hash.fromBytes(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
