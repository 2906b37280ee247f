package tinysync.platform;

import java.security.SecureRandom;
import java.util.UUID;

/** Chance that nobody can foresee, good enough for secrets; the only class that may draw it. Thread-safe. */
public final class SystemRandom {
    private final SecureRandom source = new SecureRandom();

    /** A random (version 4) UUID. */
    public UUID uuid() {
        return UUID.randomUUID();
    }

    /** {@code count} fresh random bytes. */
    public byte[] bytes(int count) {
        byte[] drawn = new byte[count];
        source.nextBytes(drawn);
        return drawn;
    }

    public long nextLong() {
        return source.nextLong();
    }
}
