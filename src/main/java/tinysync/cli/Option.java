package tinysync.cli;

import java.util.Objects;
import java.util.Optional;

/**
 * One option of a command.
 *
 * @param name as it is typed, {@code --home}; also the name in the environment and in a settings file
 * @param value what the help calls its value; empty for a switch
 * @param text what it does, a phrase
 * @param needed the command cannot do without it
 */
record Option(String name, Optional<String> value, String text, boolean needed) {
    Option {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
        Objects.requireNonNull(text);
    }

    static Option of(String name, String value, String text) {
        return new Option(name, Optional.of(value), text, false);
    }

    static Option toggle(String name, String text) {
        return new Option(name, Optional.empty(), text, false);
    }

    Option asNeeded() {
        return new Option(name, value, text, true);
    }

    /** As the help shows it. */
    String shown() {
        return value.map(placeholder -> name + " " + placeholder).orElse(name);
    }

    String inSynopsis() {
        return needed ? shown() : "[" + shown() + "]";
    }

    /** What it is called in a settings file. */
    String setting() {
        return name.replaceFirst("^-+", "");
    }
}
