package tinysync.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a device may do in a vault, by its word on the wire; each includes the ones before it. */
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
        return Arrays.stream(values()).filter(role -> role.wire().equals(wire)).findFirst();
    }
}
