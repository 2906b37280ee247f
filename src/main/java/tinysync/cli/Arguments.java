package tinysync.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
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

/** What was asked for: the command, its operands, and values from flags, the environment and a properties file. */
final class Arguments {
    private static final String PREFIX = "TINYSYNC_";

    private final Usage usage;
    private final List<String> operands;
    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final Properties config;

    /** What a command line turned out to be. */
    sealed interface Parsed {
        record Run(Arguments arguments) implements Parsed {}

        /** Print this and be done. */
        record Print(String text) implements Parsed {}
    }

    private Arguments(
            Usage usage,
            List<String> operands,
            Map<String, String> flags,
            Map<String, String> environment,
            Properties config) {
        this.usage = Objects.requireNonNull(usage);
        this.operands = List.copyOf(operands);
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
        this.config = config;
    }

    /**
     * @throws CommandFailure with wrong usage
     */
    static Parsed parse(List<String> line, Map<String, String> environment, String version) throws CommandFailure {
        List<String> words = words(line);
        if (words.isEmpty()) {
            return withoutCommand(line, version);
        }
        Optional<Usage> found = Usages.find(words);
        if (found.isEmpty()) {
            return group(line, words);
        }
        Usage usage = found.get();
        Map<String, String> flags = new HashMap<>();
        List<String> operands = new ArrayList<>();
        split(usage, line, flags, operands);
        if (flags.containsKey("--help")) {
            return new Parsed.Print(Help.of(usage));
        }
        if (flags.containsKey("--version")) {
            return new Parsed.Print("tinysync " + version + "\n");
        }
        operands.subList(0, usage.words().split(" ").length).clear();
        checkCount(usage, operands);
        Properties config =
                config(
                        Optional.ofNullable(flags.get("--config"))
                                .or(() -> Optional.ofNullable(environment.get(PREFIX + "CONFIG"))));
        return new Parsed.Run(new Arguments(usage, operands, flags, environment, config));
    }

    /** All but options and their values: what names the command, and its operands. */
    private static List<String> words(List<String> line) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String token = line.get(i);
            if (!token.startsWith("-") || token.equals("-")) {
                words.add(token);
            } else if (takesValue(token)) {
                i++;
            }
        }
        return words;
    }

    /** The same option takes a value in every command that has it, so this is known before the command is. */
    private static boolean takesValue(String token) {
        return Stream.concat(Usage.GLOBAL.stream(), Usages.ALL.stream().flatMap(usage -> usage.options().stream()))
                .anyMatch(option -> option.name().equals(token) && option.value().isPresent());
    }

    private static Parsed withoutCommand(List<String> line, String version) throws CommandFailure {
        if (line.contains("--version")) {
            return new Parsed.Print("tinysync " + version + "\n");
        }
        if (line.contains("--help") || line.contains("-h")) {
            return new Parsed.Print(Help.overview());
        }
        throw CommandFailure.usage("no command given: 'tinysync --help' lists them");
    }

    private static Parsed group(List<String> line, List<String> words) throws CommandFailure {
        String first = words.getFirst();
        if (first.equals("help")) {
            return new Parsed.Print(
                    Usages.find(words.subList(1, words.size())).map(Help::of).orElseGet(Help::overview));
        }
        String pair = String.join(" ", words.subList(0, Math.min(2, words.size())));
        String known = !Usages.below(pair).isEmpty() ? pair : first;
        List<Usage> below = Usages.below(known);
        if (below.isEmpty()) {
            List<String> names =
                    Stream.concat(Usages.ALL.stream().map(Usage::words), Stream.of("admin", "help")).toList();
            throw unknown("command", first, names);
        }
        int next = known.split(" ").length;
        if (words.size() == next) {
            if (line.contains("--help")) {
                return new Parsed.Print(Help.group(known));
            }
            throw CommandFailure.usage(
                    "'" + known + "' needs a further word: 'tinysync " + known + " --help' lists them");
        }
        List<String> names = below.stream().map(usage -> usage.words().split(" ")[next]).distinct().toList();
        throw unknown(known + " command", words.get(next), names);
    }

    private static CommandFailure unknown(String what, String word, List<String> candidates) {
        String hint =
                Help.nearest(word, candidates)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("'tinysync --help' lists what there is");
        return CommandFailure.usage("unknown " + what + " '" + word + "': " + hint);
    }

    private static void split(Usage usage, List<String> line, Map<String, String> flags, List<String> operands)
            throws CommandFailure {
        for (int i = 0; i < line.size(); i++) {
            String token = line.get(i);
            if (token.equals("--")) {
                operands.addAll(line.subList(i + 1, line.size()));
                return;
            }
            if (!token.startsWith("-") || token.equals("-")) {
                operands.add(token);
                continue;
            }
            int equals = token.startsWith("--") ? token.indexOf('=') : -1;
            String name = equals < 0 ? token : token.substring(0, equals);
            Option option = option(usage, name);
            if (option.value().isEmpty()) {
                if (equals >= 0) {
                    throw CommandFailure.usage("option " + name + " takes no value");
                }
                flags.put(option.name(), "true");
            } else if (equals >= 0) {
                flags.put(option.name(), token.substring(equals + 1));
            } else if (i + 1 < line.size()) {
                flags.put(option.name(), line.get(++i));
            } else {
                throw CommandFailure.usage("option " + name + " needs a value: " + option.shown());
            }
        }
    }

    private static Option option(Usage usage, String name) throws CommandFailure {
        String full = name.equals("-h") ? "--help" : name.equals("--recursive") ? "-r" : name;
        Optional<Option> option = usage.option(full);
        if (option.isEmpty()) {
            List<String> names =
                    Stream.concat(usage.options().stream(), Usage.GLOBAL.stream()).map(Option::name).toList();
            throw unknown("option", name, names);
        }
        return option.get();
    }

    private static void checkCount(Usage usage, List<String> operands) throws CommandFailure {
        if (operands.size() < usage.least()) {
            throw CommandFailure.usage("something is missing: " + usage.synopsis());
        }
        if (operands.size() > usage.most()) {
            throw CommandFailure.usage("'" + operands.get(usage.most()) + "' is too much: " + usage.synopsis());
        }
    }

    private static Properties config(Optional<String> file) throws CommandFailure {
        Properties config = new Properties();
        if (file.isPresent()) {
            try (Reader reader = Files.newBufferedReader(Path.of(file.get()))) {
                config.load(reader);
            } catch (IOException | IllegalArgumentException unreadable) {
                throw CommandFailure.usage(
                        "cannot read the settings in " + file.get() + ": " + unreadable.getMessage());
            }
        }
        return config;
    }

    Usage usage() {
        return usage;
    }

    /** What calls the command. */
    String words() {
        return usage.words();
    }

    List<String> operands() {
        return operands;
    }

    /** The operand at that place, if it was given. */
    Optional<String> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The value of an option: from its flag, else {@code TINYSYNC_…}, else the properties file. */
    Optional<String> value(String option) {
        String name = option.replaceFirst("^-+", "");
        return Optional.ofNullable(flags.get(option))
                .or(
                        () ->
                                Optional.ofNullable(
                                        environment.get(PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'))))
                .or(() -> Optional.ofNullable(config.getProperty(name)));
    }

    /** As {@link #value}, for one that the command cannot do without. */
    String need(String option) throws CommandFailure {
        return value(option)
                .orElseThrow(() -> CommandFailure.usage("option " + option + " is missing: " + usage.synopsis()));
    }

    /** Whether a switch is on. */
    boolean on(String option) throws CommandFailure {
        String value = value(option).orElse("false");
        return switch (value) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off", "" -> false;
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

    /** A number of bytes, such as {@code 500K}, {@code 2M}, {@code 10G}. */
    Optional<Long> bytes(String option) throws CommandFailure {
        Optional<String> text = value(option);
        return text.isEmpty() ? Optional.empty() : Optional.of(Quantities.bytes(option, text.get()));
    }

    /** A path, with a leading {@code ~/} read as shells read it, made absolute. */
    static Path path(String text) {
        String plain =
                text.equals("~") || text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
        return Path.of(plain).toAbsolutePath().normalize();
    }
}
