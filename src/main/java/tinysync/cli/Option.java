package tinysync.cli;

import java.util.Objects;
import java.util.Optional;

/**
 * One option of a command.
 *
 * @param name as it is typed, {@code --home}
 * @param value what the help calls its value; empty for a switch
 * @param text what it does, a phrase
 */
record Option(String name, Optional<String> value, String text) {
    Option {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
        Objects.requireNonNull(text);
    }

    static Option of(String name, String value, String text) {
        return new Option(name, Optional.of(value), text);
    }

    static Option toggle(String name, String text) {
        return new Option(name, Optional.empty(), text);
    }

    /** As the help shows it. */
    String shown() {
        return value.map(placeholder -> name + " " + placeholder).orElse(name);
    }
}
