package tinysync.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Habits that any text file keeps, whatever it holds. */
final class TextRules {
    private static final int LINES_MAX = 600;

    // Written so that this file does not contain what it looks for.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\\b");
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.:/}\\)-])/(wor[k]|roo[t])/");
    private static final Pattern TRAILING_SPACE = Pattern.compile("[ \\t\\r]+$");

    private TextRules() {}

    /** Each breach in one file, as {@code name:line: what}. */
    static List<String> breaches(String name, String text) {
        List<String> found = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String at = name + ":" + (i + 1) + ": ";
            String line = lines.get(i);
            if (UNFINISHED.matcher(line).find()) {
                found.add(at + "unfinished work is not marked, it is finished or written into the known gaps");
            }
            if (MACHINE_PATH.matcher(line).find()) {
                found.add(at + "a path of somebody's machine");
            }
            if (TRAILING_SPACE.matcher(line).find()) {
                found.add(at + "white space at the end of the line");
            }
            if (line.contains("\t") && !name.endsWith("Makefile")) {
                found.add(at + "a tab");
            }
        }
        if (lines.size() > LINES_MAX && name.endsWith(".java")) {
            found.add(name + ": " + lines.size() + " lines, more than " + LINES_MAX);
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            found.add(name + ": the last line is not ended");
        }
        return found;
    }
}
