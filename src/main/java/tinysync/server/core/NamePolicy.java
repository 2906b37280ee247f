package tinysync.server.core;

import java.util.Locale;
import java.util.Optional;

/** When two names in one folder are the same name. */
public enum NamePolicy {
    /** Live siblings differ by fold key, so that every platform can show them. */
    PORTABLE,
    /** Live siblings differ by their exact characters. */
    EXACT;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<NamePolicy> parse(String wire) {
        return switch (wire) {
            case "portable" -> Optional.of(PORTABLE);
            case "exact" -> Optional.of(EXACT);
            default -> Optional.empty();
        };
    }
}
