package tinysync.client.engine;

import java.util.Objects;

/** Why a vault is not followed although its server answers, in the words of {@code status}. */
record Trouble(String code, String message) {
    /** The server says what cannot be. */
    static final String INCONSISTENT = "server_inconsistent";

    Trouble {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
    }
}
