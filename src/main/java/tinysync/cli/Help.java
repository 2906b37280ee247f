package tinysync.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The texts of {@code --help}, and a guess at what a mistyped word should have been. */
final class Help {
    private static final int WIDTH = 80;

    private Help() {}

    static String overview() {
        StringBuilder text =
                new StringBuilder(
                        """
                        TinySync keeps folders the same on all your devices, through a server of your own.

                        usage: tinysync COMMAND [OPTIONS]

                        """);
        List<Command> plain = Commands.ALL.stream().filter(command -> !command.words().startsWith("admin ")).toList();
        Map<String, String> shown = summaries(plain);
        shown.put("admin", "Operates a server: vaults, groups, devices, invites, its token.");
        list(text, shown);
        text.append("\nEverywhere:\n");
        options(text, Command.GLOBAL);
        text.append(
                "\n'tinysync COMMAND --help' explains one. Exit codes: 0 done, 1 failed or timed out, 2 wrong usage,\n"
                        + "3 not reachable, 4 held for confirmation, 5 access refused.\n");
        return text.toString();
    }

    /** Of commands that share their first words. */
    static String group(String words) {
        StringBuilder text = new StringBuilder("usage: tinysync " + words + " COMMAND\n\n");
        list(text, summaries(Commands.below(words)));
        return text.toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder();
        wrap(text, "usage: " + command.synopsis(), "    ");
        text.append('\n');
        wrap(text, command.summary(), "");
        if (!command.details().isEmpty()) {
            wrap(text, command.details(), "");
        }
        text.append('\n');
        options(text, command.options());
        options(text, Command.GLOBAL);
        List<String> examples = Examples.of(command);
        if (!examples.isEmpty()) {
            text.append("\nFor example:\n");
            examples.forEach(example -> text.append("  ").append(example).append('\n'));
        }
        return text.toString();
    }

    private static Map<String, String> summaries(List<Command> commands) {
        Map<String, String> summaries = new LinkedHashMap<>();
        commands.forEach(command -> summaries.put(command.words(), command.summary()));
        return summaries;
    }

    private static void list(StringBuilder text, Map<String, String> summaries) {
        int width = summaries.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        summaries.forEach((words, summary) -> text.append(String.format("  %-" + width + "s%s%n", words, summary)));
    }

    private static void options(StringBuilder text, List<Option> options) {
        options.forEach(option -> text.append(String.format("  %-26s%s%n", option.shown(), option.explained())));
    }

    private static void wrap(StringBuilder text, String paragraph, String indent) {
        int column = 0;
        for (String word : paragraph.split(" ")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            } else if (column > 0) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        text.append('\n');
    }

    /** The candidate that is most like {@code word}, if any is close. */
    static Optional<String> nearest(String word, List<String> candidates) {
        List<String> close = new ArrayList<>(candidates);
        close.removeIf(
                candidate -> distance(word, candidate) > (word.length() > 3 ? Math.max(2, word.length() / 3) : 1));
        return close.stream().min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** How many letters have to be put in, taken out or replaced (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
