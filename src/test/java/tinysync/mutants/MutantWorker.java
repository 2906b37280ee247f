package tinysync.mutants;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A process that runs tests against mutants: reads {@code className place} lines, answers each with {@code failed} or
 * {@code passed} and the names of those tests, each on a line, ended by {@code done}. It may hang or die of what it
 * runs.
 */
public final class MutantWorker {
    private MutantWorker() {}

    /**
     * Serves until its input ends.
     *
     * @param args the test classes
     * @throws IOException when its input breaks
     */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // What the tests print is not wanted, and must not mix with the answers.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        System.setErr(System.out);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            run(List.of(args), new Mutant(words[0], Integer.parseInt(words[1]), 0, ""), answers);
            answers.println("done");
            answers.flush();
        }
        answers.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void run(List<String> tests, Mutant mutant, PrintStream answers) {
        Set<String> passed = new TreeSet<>();
        Set<String> failed = new TreeSet<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        var loader = new MutantLoader(before, mutant);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            LauncherFactory.create().execute(request(tests, loader), new Outcomes(passed, failed));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        passed.removeAll(failed);
        passed.forEach(name -> answers.println("passed " + name));
        failed.forEach(name -> answers.println("failed " + name));
    }

    private static org.junit.platform.launcher.LauncherDiscoveryRequest request(
            List<String> tests, ClassLoader loader) {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : tests) {
            try {
                classes.add(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                throw new IllegalArgumentException("no such test class: " + name, e);
            }
        }
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(DiscoverySelectors::selectClass).collect(Collectors.toList()))
                .configurationParameter("junit.jupiter.execution.timeout.default", "20 s")
                .build();
    }

    /** Tests by class and method; a method with many rows fails when one row does, a class when its set-up does. */
    private record Outcomes(Set<String> passed, Set<String> failed) implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !good) {
                (good ? passed : failed).add(name(test));
            }
        }

        private static String name(TestIdentifier test) {
            return test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(MethodSource.class::cast)
                    .map(source -> source.getClassName() + "." + source.getMethodName())
                    .orElse(test.getLegacyReportingName());
        }
    }
}
