package tinysync.tree;

/** Matches one name against a pattern of {@code *}, {@code ?}, {@code [a-z]} and {@code \}, as git does. */
final class Glob {
    private static final int NO_CLASS = -1;

    private final int[] pattern;
    private final int[] name;

    private Glob(String pattern, String name) {
        this.pattern = pattern.codePoints().toArray();
        this.name = name.codePoints().toArray();
    }

    static boolean matches(String pattern, String name) {
        return new Glob(pattern, name).run();
    }

    /** After a mismatch only the last star can help, by being one character longer: no step is taken back further. */
    private boolean run() {
        int p = 0;
        int n = 0;
        int star = -1;
        int starEnd = 0;
        while (n < name.length) {
            int next = p < pattern.length && pattern[p] != '*' ? afterOne(p, name[n]) : -1;
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                starEnd = n;
            } else if (next > 0) {
                p = next;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++starEnd;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }

    /** Where the pattern goes on when its part at {@code at} matches the character, else -1. */
    private int afterOne(int at, int character) {
        return switch (pattern[at]) {
            case '?' -> at + 1;
            case '\\' -> at + 1 < pattern.length && pattern[at + 1] == character ? at + 2 : -1;
            case '[' -> afterClass(at, character);
            default -> pattern[at] == character ? at + 1 : -1;
        };
    }

    private int afterClass(int open, int character) {
        int close = classEnd(open);
        if (close == NO_CLASS) {
            return -1;
        }
        int at = open + 1;
        boolean negated = pattern[at] == '!' || pattern[at] == '^';
        at = negated ? at + 1 : at;
        boolean found = false;
        while (at < close) {
            if (isNamedClass(at)) {
                int end = namedClassEnd(at);
                found |= isIn(new String(pattern, at + 2, end - at - 2), character);
                at = end + 2;
                continue;
            }
            int from = literal(at);
            at = afterLiteral(at);
            int to = from;
            if (at + 1 < close && pattern[at] == '-') {
                to = literal(at + 1);
                at = afterLiteral(at + 1);
            }
            found |= from <= character && character <= to;
        }
        return found != negated ? close + 1 : -1;
    }

    /** The closing bracket; one right after the opening is a member. Without it the pattern matches nothing. */
    private int classEnd(int open) {
        int at = open + 1;
        if (at < pattern.length && (pattern[at] == '!' || pattern[at] == '^')) {
            at++;
        }
        int first = at;
        while (at < pattern.length) {
            if (pattern[at] == ']' && at > first) {
                return at;
            }
            at = isNamedClass(at) ? namedClassEnd(at) + 2 : afterLiteral(at);
        }
        return NO_CLASS;
    }

    private boolean isNamedClass(int at) {
        return at + 1 < pattern.length && pattern[at] == '[' && pattern[at + 1] == ':' && namedClassEnd(at) > 0;
    }

    /** Of the colon in {@code :]}; -1 when there is none. */
    private int namedClassEnd(int at) {
        for (int end = at + 2;
                end + 1 < pattern.length && Character.isLetter(pattern[end]) | pattern[end] == ':';
                end++) {
            if (pattern[end] == ':') {
                return pattern[end + 1] == ']' ? end : -1;
            }
        }
        return -1;
    }

    private int literal(int at) {
        return pattern[at] == '\\' && at + 1 < pattern.length ? pattern[at + 1] : pattern[at];
    }

    private int afterLiteral(int at) {
        return pattern[at] == '\\' && at + 1 < pattern.length ? at + 2 : at + 1;
    }

    private static boolean isIn(String characters, int c) {
        boolean ascii = c < 0x80;
        return switch (characters) {
            case "alpha" -> ascii && Character.isLetter(c);
            case "digit" -> c >= '0' && c <= '9';
            case "alnum" -> ascii && Character.isLetterOrDigit(c);
            case "upper" -> c >= 'A' && c <= 'Z';
            case "lower" -> c >= 'a' && c <= 'z';
            case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
            case "blank" -> c == ' ' || c == '\t';
            case "xdigit" -> ascii && Character.digit(c, 16) >= 0;
            case "punct" -> c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
            case "cntrl" -> c < ' ' || c == 0x7f;
            case "print" -> c >= ' ' && c < 0x7f;
            case "graph" -> c > ' ' && c < 0x7f;
            default -> false;
        };
    }
}
