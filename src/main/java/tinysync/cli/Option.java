package tinysync.cli;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One option of a command.
 *
 * @param name as it is typed, {@code --home}; also the name in the environment and in a settings file
 * @param value what the help calls its value; empty for a switch
 * @param text what it does, a phrase
 * @param fallback the value where none is given
 * @param needed the command cannot do without it
 */
record Option(String name, Optional<String> value, String text, Optional<String> fallback, boolean needed) {
    Option {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
        Objects.requireNonNull(text);
        Objects.requireNonNull(fallback);
    }

    static Option of(String name, String value, String text) {
        return new Option(name, Optional.of(value), text, Optional.empty(), false);
    }

    static Option toggle(String name, String text) {
        return new Option(name, Optional.empty(), text, Optional.empty(), false);
    }

    Option asNeeded() {
        return new Option(name, value, text, fallback, true);
    }

    /** With the value that it has where none is given. */
    Option defaulting(String usual) {
        return new Option(name, value, text, Optional.of(usual), needed);
    }

    /** What it does, as the help says it. */
    String explained() {
        return text + fallback.map(usual -> " (default " + usual + ")").orElse("");
    }

    /** As the help shows it. */
    String shown() {
        return value.map(placeholder -> name + " " + placeholder).orElse(name);
    }

    String inSynopsis() {
        return needed ? shown() : "[" + shown() + "]";
    }

    /** What it is called in the environment. */
    String variable() {
        return "TINYSYNC_" + setting().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What it is called in a settings file. */
    String setting() {
        return name.replaceFirst("^-+", "");
    }
}
