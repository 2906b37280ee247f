package tinysync.cli;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one command is used.
 *
 * @param words what calls it: {@code status}, {@code admin vault create}
 * @param operands what follows, as the help shows it
 * @param least how many operands it needs
 * @param most how many it takes
 * @param summary what it does, one sentence
 * @param details further paragraphs; may be empty
 */
record Usage(String words, String operands, int least, int most, String summary, String details, List<Option> options) {
    static final List<Option> GLOBAL =
            List.of(
                    Option.of("--home", "DIR", "where this device keeps its state (TINYSYNC_HOME)"),
                    Option.of("--config", "FILE", "a properties file with further values"),
                    Option.toggle("--json", "answer in JSON"),
                    Option.toggle("--help", "explain the command"),
                    Option.toggle("--version", "print the version"));

    Usage {
        Objects.requireNonNull(words);
        Objects.requireNonNull(operands);
        Objects.requireNonNull(summary);
        Objects.requireNonNull(details);
        options = List.copyOf(options);
    }

    /** The option of that name, among this command's and the global ones. */
    Optional<Option> option(String name) {
        return Stream.concat(options.stream(), GLOBAL.stream())
                .filter(option -> option.name().equals(name))
                .findFirst();
    }

    String synopsis() {
        StringBuilder line = new StringBuilder("tinysync ").append(words);
        options.forEach(option -> line.append(" [").append(option.shown()).append(']'));
        return operands.isEmpty() ? line.toString() : line.append(' ').append(operands).toString();
    }
}
