package tinysync.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scripts that complete what is typed: the frames {@code completion.SHELL}, with what two of them share, filled in from
 * the table of commands. They start no Java: names of attachments are read from the identity with {@code grep}, those
 * with quotes in them left out.
 */
final class Completion {
    private final Shell shell;

    /** Whose script it is; the name in lower case is what calls it. */
    enum Shell {
        BASH("COMPREPLY+=($(compgen -d -- \"$cur\"))", "COMPREPLY+=($(compgen -f -- \"$cur\"))"),
        ZSH("_files -/", "_files"),
        FISH("__fish_complete_directories $cur", "__fish_complete_path $cur");

        private final String folders;
        private final String files;

        Shell(String folders, String files) {
            this.folders = folders;
            this.files = files;
        }

        static Shell parse(String name) throws CommandFailure {
            return switch (name) {
                case "bash" -> BASH;
                case "zsh" -> ZSH;
                case "fish" -> FISH;
                default -> throw CommandFailure.usage("completion is for bash, zsh or fish, not '" + name + "'");
            };
        }

        /** The patterns of one branch, each quoted but for a star at its end. */
        private String patterns(List<String> patterns) {
            String between = this == FISH ? " " : "|";
            return patterns.stream().map(this::quoted).collect(Collectors.joining(between));
        }

        private String quoted(String pattern) {
            boolean open = pattern.endsWith("*") && this != FISH;
            return open ? "'" + pattern.substring(0, pattern.length() - 1) + "'*" : "'" + pattern + "'";
        }

        private String branch(String indent, String pattern, String action) {
            return this == FISH
                    ? indent + "case " + quoted(pattern) + "\n" + indent + "    " + action + "\n"
                    : indent + patterns(List.of(pattern)) + ") " + action + " ;;\n";
        }
    }

    Completion(Shell shell) {
        this.shell = Objects.requireNonNull(shell);
    }

    String script() throws IOException {
        return text(shell.name().toLowerCase(Locale.ROOT))
                .replace("@SHARED@\n", text("shared"))
                .replace("@VALUED@", shell.patterns(valued().stream().map(Option::name).toList()))
                .replace("@KNOWN@", shell.patterns(known()))
                .replace("@VALUES@\n", values())
                .replace("@OPTIONS@\n", options())
                .replace("@OPERANDS@\n", operands());
    }

    private static String text(String part) throws IOException {
        String name = "completion." + part;
        try (InputStream in = Completion.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Option> valued() {
        Map<String, Option> byName = new LinkedHashMap<>();
        Commands.ALL.stream()
                .flatMap(Command::allOptions)
                .filter(option -> option.value().isPresent())
                .forEach(option -> byName.putIfAbsent(option.name(), option));
        return List.copyOf(byName.values());
    }

    /** The first words of commands that have several; none at all comes first. */
    private static List<String> groups() {
        List<String> groups = new ArrayList<>(List.of(""));
        for (Command command : Commands.ALL) {
            String[] words = command.words().split(" ");
            for (int count = 1; count < words.length; count++) {
                groups.add(String.join(" ", Arrays.copyOf(words, count)));
            }
        }
        return groups.stream().distinct().toList();
    }

    /** What names a command, or begins to; behind an operand nothing does. */
    private static List<String> known() {
        return Stream.concat(Commands.ALL.stream().map(Command::words), groups().stream())
                .filter(words -> !words.isEmpty())
                .distinct()
                .map(words -> "0:" + words)
                .toList();
    }

    private static List<String> nextWords(String group) {
        String start = group.isEmpty() ? "" : group + " ";
        return Commands.ALL.stream()
                .map(Command::words)
                .filter(words -> words.startsWith(start))
                .map(words -> words.substring(start.length()).split(" ")[0])
                .distinct()
                .toList();
    }

    private String values() {
        StringBuilder text = new StringBuilder();
        for (Option option : valued()) {
            // A name that is given is not one that is there.
            String placeholder = option.value().orElseThrow().replace("NAME", "TEXT");
            text.append(shell.branch("        ", option.name(), candidates(placeholder) + "; return"));
        }
        return text.toString();
    }

    private String options() {
        StringBuilder text = new StringBuilder();
        for (Command command : Commands.ALL) {
            String names = command.allOptions().map(Option::name).collect(Collectors.joining(" "));
            text.append(shell.branch("            ", command.words(), words(names)));
        }
        String everywhere = Command.GLOBAL.stream().map(Option::name).collect(Collectors.joining(" "));
        return text.append(shell.branch("            ", "*", words(everywhere))).toString();
    }

    private String operands() {
        StringBuilder text = new StringBuilder();
        for (Command command : Commands.ALL) {
            List<String> shown =
                    Arrays.stream(command.operands().split(" ")).filter(operand -> !operand.isEmpty()).toList();
            for (int i = 0; i < shown.size(); i++) {
                boolean repeated = shown.get(i).endsWith("...");
                String action = candidates(command.words().startsWith("admin ") ? "TEXT" : shown.get(i));
                boolean group = i == 0 && groups().contains(command.words());
                String also = group ? words(String.join(" ", nextWords(command.words()))) + "; " : "";
                text.append(shell.branch("        ", command.words() + ":" + (repeated ? "*" : i), also + action));
            }
        }
        for (String group : groups()) {
            String next = words(String.join(" ", nextWords(group)));
            text.append(shell.branch("        ", group + ":0", next));
        }
        return text.toString();
    }

    private static String words(String words) {
        return "_tinysync_words " + words;
    }

    /** What stands for an operand or a value: words to choose from, or of what kind it is. */
    private String candidates(String shown) {
        String plain = shown.replaceAll("[\\[\\].]|\\|-", "");
        return switch (plain) {
            case "DIR" -> shell.folders;
            case "FILE", "PLACE", "SOURCE", "TARGET", "COPY" -> shell.files;
            case "ROLE" -> words("read write manage");
            case "NAME" -> "_tinysync_attachments";
            default -> plain.matches("[a-z]+(\\|[a-z]+)*") ? words(plain.replace('|', ' ')) : "true";
        };
    }
}
