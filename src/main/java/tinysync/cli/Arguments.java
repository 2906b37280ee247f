package tinysync.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * What was asked for: the command, its operands, and values from flags, the environment and a properties file. An empty
 * value in the last two counts as none.
 */
final class Arguments {
    private static final String CONFIG = "--config";

    private final Command command;
    private final List<String> operands;
    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final Properties settings;

    /** With what was typed; {@link #withSettings} adds the properties file. */
    Arguments(Command command, List<String> operands, Map<String, String> flags, Map<String, String> environment) {
        this(command, operands, flags, environment, new Properties());
    }

    private Arguments(
            Command command,
            List<String> operands,
            Map<String, String> flags,
            Map<String, String> environment,
            Properties settings) {
        this.command = Objects.requireNonNull(command);
        this.operands = List.copyOf(operands);
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
        this.settings = settings;
    }

    /** These, and what is in the properties file that they name; a setting that no command has is wrong usage. */
    Arguments withSettings() throws CommandFailure {
        Optional<String> file = value(CONFIG);
        if (file.isEmpty()) {
            return this;
        }
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(path(file.get()), StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (IOException unreadable) {
            throw CommandFailure.usage("cannot read the settings: " + CommandFailure.inWords(unreadable));
        } catch (IllegalArgumentException malformed) {
            throw CommandFailure.usage("cannot read the settings in " + file.get() + ": " + malformed.getMessage());
        }
        List<String> known =
                Commands.ALL.stream().flatMap(Command::allOptions).map(Option::setting).distinct().toList();
        for (String name : read.stringPropertyNames()) {
            if (!known.contains(name)) {
                throw CommandLine.unknown("setting in " + file.get(), name, known);
            }
        }
        return new Arguments(command, operands, flags, environment, read);
    }

    Command command() {
        return command;
    }

    List<String> operands() {
        return operands;
    }

    /** The operand at that place, if it was given. */
    Optional<String> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
    }

    /**
     * The value of an option: from its flag, else {@code TINYSYNC_…}, else the properties file.
     *
     * @throws IllegalArgumentException when the command has no such option
     */
    Optional<String> value(String option) {
        Option known =
                command.option(option)
                        .orElseThrow(() -> new IllegalArgumentException(command.words() + " has no " + option));
        return given(known).map(Given::value);
    }

    /**
     * A value that somebody gave, and where.
     *
     * @param origin the flag, the variable, or the settings file
     */
    record Given(String value, String origin) {}

    /** As {@link #value}, also for options of other commands. */
    Optional<Given> given(Option option) {
        return Optional.ofNullable(flags.get(option.name()))
                .map(value -> new Given(value, "flag " + option.name()))
                .or(
                        () ->
                                Optional.ofNullable(environment.get(option.variable()))
                                        .filter(value -> !value.isEmpty())
                                        .map(value -> new Given(value, "variable " + option.variable())))
                .or(
                        () ->
                                Optional.ofNullable(settings.getProperty(option.setting()))
                                        .filter(value -> !value.isEmpty())
                                        .map(value -> new Given(value, "file " + value(CONFIG).orElse(""))));
    }

    /** As {@link #value}, for one that the command cannot do without. */
    String need(String option) throws CommandFailure {
        return value(option)
                .orElseThrow(() -> CommandFailure.usage("option " + option + " is missing: " + command.synopsis()));
    }

    /** Whether a switch is on. */
    boolean on(String option) throws CommandFailure {
        String value = value(option).orElse("false");
        return switch (value) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw CommandFailure.usage("option " + option + " is on or off, not '" + value + "'");
        };
    }

    boolean json() throws CommandFailure {
        return on("--json");
    }

    /** A positive whole number. */
    Optional<Integer> count(String option) throws CommandFailure {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.get().matches("[1-9][0-9]{0,8}")) {
            throw CommandFailure.usage("option " + option + " takes a number from 1 on, not '" + text.get() + "'");
        }
        return Optional.of(Integer.parseInt(text.get()));
    }

    /** A time span, such as {@code 90s}, {@code 30m}, {@code 12h}, {@code 7d}; a bare number is seconds. */
    Optional<Duration> span(String option) throws CommandFailure {
        Optional<String> text = value(option);
        return text.isEmpty() ? Optional.empty() : Optional.of(Quantities.span(option, text.get()));
    }

    /** A path, as {@link #path(String)} reads it. */
    Optional<Path> pathOf(String option) throws CommandFailure {
        Optional<String> text = value(option);
        return text.isEmpty() ? Optional.empty() : Optional.of(path(text.get()));
    }

    /** A path, with a leading {@code ~/} read as shells read it, made absolute. */
    static Path path(String text) throws CommandFailure {
        if (text.isEmpty()) {
            throw CommandFailure.usage("a path is empty");
        }
        String plain =
                text.equals("~") || text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
        try {
            return Path.of(plain).toAbsolutePath().normalize();
        } catch (InvalidPathException impossible) {
            throw CommandFailure.usage("'" + text + "' cannot be a path here: " + impossible.getReason());
        }
    }
}
