package tinysync.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one {@code .tinysyncignore}, with the meaning that git gives them (gitignore(5)): {@code *} and {@code
 * ?} match within a name, {@code **} any number of folders, {@code [a-z]} one character, {@code !} takes back, a slash
 * at the beginning or in the middle ties the rule to the folder of the file, a slash at the end means folders only,
 * {@code #} begins a comment, {@code \} takes a character as it is. The last rule that matches decides.
 *
 * <p>As in git, nothing below an ignored folder can be taken back: whoever walks the tree does not descend there. Rules
 * of a deeper file come before those of the files above it; so ask the deepest first, and go on upwards while the
 * answer is {@link Verdict.None}.
 *
 * <p>Matching takes at most (length of rule) × (length of path) steps; no rule can make it explode. Immutable.
 */
public final class IgnoreRules {
    /** No rules. */
    public static final IgnoreRules NONE = new IgnoreRules(List.of());

    private static final String ANY_FOLDERS = "**";

    private final List<Rule> rules;

    /** What the rules say about a path. */
    public sealed interface Verdict {
        /** Nothing. */
        record None() implements Verdict {}

        /**
         * @param rule the line, as it is written, that keeps it out
         */
        record Ignored(String rule) implements Verdict {}

        /**
         * @param rule the line, as it is written, that takes it back in
         */
        record Kept(String rule) implements Verdict {}
    }

    /**
     * @param tied it matches paths from this folder on; else names at any depth
     * @param segments glob per name, {@value #ANY_FOLDERS} for any number of them
     */
    private record Rule(String line, boolean takesBack, boolean foldersOnly, boolean tied, List<String> segments) {}

    private IgnoreRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Reads the lines of a file. A line that is no possible rule matches nothing. */
    public static IgnoreRules parse(String text) {
        List<Rule> rules = new ArrayList<>();
        text.lines().forEach(line -> rule(line).ifPresent(rules::add));
        return rules.isEmpty() ? NONE : new IgnoreRules(rules);
    }

    private static Optional<Rule> rule(String line) {
        String rest = withoutTrailingSpaces(line);
        if (rest.isEmpty() || rest.startsWith("#")) {
            return Optional.empty();
        }
        boolean takesBack = rest.startsWith("!");
        rest = takesBack ? rest.substring(1) : rest;
        boolean foldersOnly = rest.endsWith("/");
        rest = foldersOnly ? rest.substring(0, rest.length() - 1) : rest;
        boolean tied = rest.indexOf('/') >= 0;
        rest = rest.startsWith("/") ? rest.substring(1) : rest;
        if (rest.isEmpty() || rest.endsWith("/")) {
            return Optional.empty();
        }
        List<String> segments = List.of(rest.split("/", -1));
        return Optional.of(new Rule(line, takesBack, foldersOnly, tied, segments));
    }

    private static String withoutTrailingSpaces(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ' && !isEscaped(line, end - 1)) {
            end--;
        }
        return line.substring(0, end);
    }

    private static boolean isEscaped(String line, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && line.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /**
     * What these rules say.
     *
     * @param path below the folder that the rules belong to, names joined by {@code /}; not empty
     * @param folder whether a folder is at that path
     */
    public Verdict match(String path, boolean folder) {
        if (rules.isEmpty()) {
            return new Verdict.None();
        }
        List<String> names = List.of(path.split("/", -1));
        for (Rule rule : rules.reversed()) {
            boolean applies = folder || !rule.foldersOnly();
            if (applies && matches(rule, names)) {
                return rule.takesBack() ? new Verdict.Kept(rule.line()) : new Verdict.Ignored(rule.line());
            }
        }
        return new Verdict.None();
    }

    private static boolean matches(Rule rule, List<String> names) {
        return rule.tied()
                ? matchesPath(rule.segments(), names)
                : Glob.matches(rule.segments().getFirst(), names.getLast());
    }

    /**
     * The usual walk for patterns with gaps: after a mismatch only the last gap can help, by being one name longer. A
     * gap at the end needs at least one name, for {@code a/**} means what is in {@code a} and not {@code a}.
     */
    private static boolean matchesPath(List<String> segments, List<String> names) {
        int segment = 0;
        int name = 0;
        int gap = -1;
        int gapEnd = 0;
        while (name < names.size()) {
            if (segment < segments.size() && segments.get(segment).equals(ANY_FOLDERS)) {
                if (segment == segments.size() - 1) {
                    return true;
                }
                gap = segment++;
                gapEnd = name;
            } else if (segment < segments.size() && Glob.matches(segments.get(segment), names.get(name))) {
                segment++;
                name++;
            } else if (gap >= 0) {
                segment = gap + 1;
                name = ++gapEnd;
            } else {
                return false;
            }
        }
        return segment == segments.size();
    }
}
