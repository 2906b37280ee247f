package tinysync.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out what a command line asks for. */
final class CommandLine {
    private CommandLine() {}

    /** What a command line turned out to be. */
    sealed interface Parsed {
        record Run(Arguments arguments) implements Parsed {}

        /** Print this and be done. */
        record Print(String text) implements Parsed {}
    }

    /**
     * Opens nothing: a properties file is read by {@link Arguments#withSettings}.
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
        return new Parsed.Run(new Arguments(command, operands, flags, environment));
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

    static CommandFailure unknown(String what, String word, List<String> candidates) {
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
}
