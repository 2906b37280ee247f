package tinysync.cli;

import tinysync.client.Membership;
import tinysync.client.remote.RemoteException;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One command: what calls it, what it takes, what the help says of it, and what it does.
 *
 * @param words what calls it: {@code status}, {@code admin vault create}
 * @param operands what follows, as the help shows it; how many there may be is read from this: {@code [NAME]} may be
 *     left out, {@code PLACE...} may be repeated
 * @param summary what it does, one sentence
 * @param details further sentences; may be empty
 */
record Command(String words, String operands, String summary, String details, List<Option> options, Action action) {
    /** These every command has. */
    static final List<Option> GLOBAL =
            List.of(
                    Option.of("--home", "DIR", "where this device keeps its state (TINYSYNC_HOME)"),
                    Option.of("--config", "FILE", "a properties file with further values"),
                    Option.toggle("--json", "answer in JSON"),
                    Option.toggle("--help", "explain the command"),
                    Option.toggle("--version", "print the version"));

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        Exit run(Context context)
                throws CommandFailure,
                        RemoteException,
                        IOException,
                        InterruptedException,
                        Membership.NotPossibleException;
    }

    Command {
        Objects.requireNonNull(words);
        Objects.requireNonNull(operands);
        Objects.requireNonNull(summary);
        Objects.requireNonNull(details);
        options = List.copyOf(options);
        Objects.requireNonNull(action);
    }

    /** One without operands, details and options of its own. */
    static Command of(String words, String summary, Action action) {
        return new Command(words, "", summary, "", List.of(), action);
    }

    Command takes(String shown) {
        return new Command(words, shown, summary, details, options, action);
    }

    Command explained(String further) {
        return new Command(words, operands, summary, further, options, action);
    }

    Command with(Option... own) {
        return new Command(words, operands, summary, details, Arrays.asList(own), action);
    }

    /** How many operands it needs. */
    int least() {
        return (int) shownOperands().filter(operand -> !operand.startsWith("[")).count();
    }

    /** How many operands it takes. */
    int most() {
        return operands.endsWith("...") ? Integer.MAX_VALUE : (int) shownOperands().count();
    }

    private Stream<String> shownOperands() {
        return Arrays.stream(operands.split(" ")).filter(operand -> !operand.isEmpty());
    }

    /** All options that may be given, its own first. */
    Stream<Option> allOptions() {
        return Stream.concat(options.stream(), GLOBAL.stream());
    }

    /** The option of that name, among its own and the global ones. */
    Optional<Option> option(String name) {
        return allOptions().filter(option -> option.name().equals(name)).findFirst();
    }

    String synopsis() {
        StringBuilder line = new StringBuilder("tinysync ").append(words);
        options.forEach(option -> line.append(' ').append(option.inSynopsis()));
        return operands.isEmpty() ? line.toString() : line.append(' ').append(operands).toString();
    }
}
