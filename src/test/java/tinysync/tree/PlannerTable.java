package tinysync.tree;

import org.junit.jupiter.api.DynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cases of the planner as text: a sentence on a line of its own, and below it, set in, one line for each case, {@code
 * base | vault | disk => operations}. The trees are written as {@link Scene} reads them, {@code -} is an empty one;
 * operations stand in any order, with {@code ;} between them (a line that begins with it goes on), and none means that
 * nothing is to be done.
 */
final class PlannerTable {
    private PlannerTable() {}

    /** A test for each sentence, named by it. */
    static Stream<DynamicTest> tests(String table) {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> lines = table.replaceAll("\\R\\s+;", ";").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String sentence = lines.get(i);
            List<String> cases = lines.subList(i + 1, lines.size()).stream().takeWhile(l -> l.startsWith(" ")).toList();
            i += cases.size();
            if (cases.isEmpty()) {
                throw new IllegalArgumentException("a sentence without a case: " + sentence);
            }
            tests.add(DynamicTest.dynamicTest(sentence, () -> cases.forEach(PlannerTable::check)));
        }
        return tests.stream();
    }

    private static void check(String line) {
        String[] sides = line.strip().split("\\s*=>\\s*", 2);
        String[] trees = sides[0].split("\\s+\\|\\s+");
        String[] plan = sides[1].isEmpty() ? new String[0] : sides[1].split(";\\s*");
        Scene.check(tree(trees[0]), tree(trees[1]), tree(trees[2]), plan);
    }

    private static String tree(String text) {
        return text.equals("-") ? "" : text;
    }
}
