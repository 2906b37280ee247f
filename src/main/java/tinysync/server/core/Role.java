package tinysync.server.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a group may do in a vault; each role includes the ones before it. */
public enum Role {
    READ,
    WRITE,
    MANAGE;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> parse(String wire) {
        return Arrays.stream(values()).filter(r -> r.wire().equals(wire)).findFirst();
    }
}
