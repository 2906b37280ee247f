package tinysync.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What was asked for: the command, its operands, and values from flags, the environment and a properties file. An empty
 * value in the last two counts as none.
 */
final class Arguments {
    private static final String PREFIX = "TINYSYNC_";
    private static final String CONFIG = "--config";

    private final Command command;
    private final List<String> operands;
    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final Properties settings;

    /** What a command line turned out to be. */
    sealed interface Parsed {
        record Run(Arguments arguments) implements Parsed {}

        /** Print this and be done. */
        record Print(String text) implements Parsed {}
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

    /**
     * Opens nothing: {@link #withSettings} reads the properties file.
     *
     * @throws CommandFailure with wrong usage
     */
    static Parsed parse(List<String> line, Map<String, String> environment, String version) throws CommandFailure {
        List<String> words = words(line);
        if (words.isEmpty()) {
            return withoutCommand(line, version);
        }
        Optional<Command> found = Commands.find(words);
        if (found.isEmpty()) {
            return group(line, words);
        }
        Command command = found.get();
        Map<String, String> flags = new HashMap<>();
        List<String> operands = new ArrayList<>();
        split(command, line, flags, operands);
        if (flags.containsKey("--help")) {
            return new Parsed.Print(Help.of(command));
        }
        if (flags.containsKey("--version")) {
            return version(version);
        }
        operands.subList(0, command.words().split(" ").length).clear();
        checkCount(command, operands);
        return new Parsed.Run(new Arguments(command, operands, flags, environment, new Properties()));
    }

    /** All but options and their values: what names the command, and its operands. */
    private static List<String> words(List<String> line) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String token = line.get(i);
            if (token.equals("--")) {
                words.addAll(line.subList(i + 1, line.size()));
                break;
            }
            if (!isOption(token)) {
                words.add(token);
            } else if (Commands.anyOption(token).flatMap(Option::value).isPresent()) {
                i++;
            }
        }
        return words;
    }

    private static boolean isOption(String token) {
        return token.startsWith("-") && !token.equals("-");
    }

    private static Parsed withoutCommand(List<String> line, String version) throws CommandFailure {
        if (line.contains("--version")) {
            return version(version);
        }
        if (asksForHelp(line)) {
            return new Parsed.Print(Help.overview());
        }
        throw CommandFailure.usage("no command given: 'tinysync --help' lists them");
    }

    private static Parsed version(String version) {
        return new Parsed.Print("tinysync " + version + "\n");
    }

    private static boolean asksForHelp(List<String> line) {
        return line.contains("--help") || line.contains("-h");
    }

    /** What is no command: {@code help}, the first words of several commands, or a slip. */
    private static Parsed group(List<String> line, List<String> words) throws CommandFailure {
        String first = words.getFirst();
        if (first.equals("help")) {
            return help(words.subList(1, words.size()));
        }
        String pair = String.join(" ", words.subList(0, Math.min(2, words.size())));
        String known = !Commands.below(pair).isEmpty() ? pair : first;
        List<Command> below = Commands.below(known);
        if (below.isEmpty()) {
            // What follows an option that is none may only look like a command.
            Optional<String> slip =
                    line.stream()
                            .takeWhile(token -> !token.equals(first))
                            .filter(token -> isOption(token) && Commands.anyOption(name(token)).isEmpty())
                            .findFirst();
            if (slip.isPresent()) {
                throw unknown("option", name(slip.get()), Command.GLOBAL.stream().map(Option::name).toList());
            }
            List<String> names =
                    Stream.concat(Commands.ALL.stream().map(Command::words), Stream.of("admin", "help")).toList();
            throw unknown("command", first, names);
        }
        int next = known.split(" ").length;
        if (words.size() == next) {
            if (asksForHelp(line)) {
                return new Parsed.Print(Help.group(known));
            }
            throw CommandFailure.usage(
                    "'" + known + "' needs a further word: 'tinysync " + known + " --help' lists them");
        }
        List<String> names = below.stream().map(command -> command.words().split(" ")[next]).distinct().toList();
        throw unknown(known + " command", words.get(next), names);
    }

    private static Parsed help(List<String> about) throws CommandFailure {
        if (about.isEmpty()) {
            return new Parsed.Print(Help.overview());
        }
        Optional<Command> command = Commands.find(about);
        if (command.isPresent()) {
            return new Parsed.Print(Help.of(command.get()));
        }
        List<String> line = new ArrayList<>(about);
        line.add("--help");
        return group(line, about);
    }

    private static CommandFailure unknown(String what, String word, List<String> candidates) {
        String hint =
                Help.nearest(word, candidates)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("'tinysync --help' lists what there is");
        return CommandFailure.usage("unknown " + what + " '" + word + "': " + hint);
    }

    private static void split(Command command, List<String> line, Map<String, String> flags, List<String> operands)
            throws CommandFailure {
        for (int i = 0; i < line.size(); i++) {
            String token = line.get(i);
            if (token.equals("--")) {
                operands.addAll(line.subList(i + 1, line.size()));
                return;
            }
            if (!isOption(token)) {
                operands.add(token);
                continue;
            }
            String name = name(token);
            boolean valued = name.length() < token.length();
            Option option = option(command, name);
            if (option.value().isEmpty()) {
                if (valued) {
                    throw CommandFailure.usage("option " + name + " takes no value");
                }
                flags.put(option.name(), "true");
            } else if (valued) {
                flags.put(option.name(), token.substring(name.length() + 1));
            } else if (i + 1 < line.size()) {
                flags.put(option.name(), line.get(++i));
            } else {
                throw CommandFailure.usage("option " + name + " needs a value: " + option.shown());
            }
        }
    }

    /** What stands before the {@code =} of a long option. */
    private static String name(String token) {
        int equals = token.startsWith("--") ? token.indexOf('=') : -1;
        return equals < 0 ? token : token.substring(0, equals);
    }

    private static Option option(Command command, String name) throws CommandFailure {
        String full = name.equals("-h") ? "--help" : name.equals("--recursive") ? "-r" : name;
        Optional<Option> option = command.option(full);
        if (option.isEmpty()) {
            throw unknown("option", name, command.allOptions().map(Option::name).toList());
        }
        return option.get();
    }

    private static void checkCount(Command command, List<String> operands) throws CommandFailure {
        if (operands.size() < command.least()) {
            throw CommandFailure.usage("something is missing: " + command.synopsis());
        }
        if (operands.size() > command.most()) {
            throw CommandFailure.usage("'" + operands.get(command.most()) + "' is too much: " + command.synopsis());
        }
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
                throw unknown("setting in " + file.get(), name, known);
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
        String setting =
                command.option(option)
                        .orElseThrow(() -> new IllegalArgumentException(command.words() + " has no " + option))
                        .setting();
        String variable = PREFIX + setting.toUpperCase(Locale.ROOT).replace('-', '_');
        return Optional.ofNullable(flags.get(option))
                .or(() -> Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty()))
                .or(() -> Optional.ofNullable(settings.getProperty(setting)).filter(value -> !value.isEmpty()));
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
