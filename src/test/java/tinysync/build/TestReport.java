package tinysync.build;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what the tests did and prints what a person needs: failures with their stack, slow classes, skips.
 *
 * <p>Safe for listeners called from several threads.
 */
final class TestReport implements TestExecutionListener {
    private static final double SLOW_SECONDS = 2.0;

    private final PrintStream out;
    private final Map<String, Long> startNanos = new HashMap<>();
    private final List<String> skipped = new ArrayList<>();
    private Optional<TestPlan> plan = Optional.empty();
    private int passed;
    private int failed;

    TestReport(PrintStream out) {
        this.out = out;
    }

    synchronized int passed() {
        return passed;
    }

    synchronized int failed() {
        return failed;
    }

    /** Each skipped test, as {@code ClassName.method}. */
    synchronized List<String> skipped() {
        return List.copyOf(skipped);
    }

    synchronized String summary() {
        return passed + " passed, " + failed + " failed, " + skipped.size() + " skipped";
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan started) {
        plan = Optional.of(started);
    }

    @Override
    public synchronized void executionStarted(TestIdentifier test) {
        startNanos.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        // A skipped class is never entered, so its tests are counted here.
        plan.orElseThrow().getDescendants(test).stream()
                .filter(TestIdentifier::isTest)
                .forEach(below -> skip(below, reason));
        if (test.isTest()) {
            skip(test, reason);
        }
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
            case FAILED -> fail(test, result);
        }
        reportSlow(test);
    }

    private void skip(TestIdentifier test, String reason) {
        skipped.add(name(test));
        out.println("SKIPPED " + name(test) + ": " + reason);
    }

    /** Also a container fails: what its set-up broke must not pass for "no test here". */
    private void fail(TestIdentifier test, TestExecutionResult result) {
        failed++;
        out.println("FAILED " + name(test) + " " + test.getDisplayName());
        result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(out));
        out.println();
    }

    private void reportSlow(TestIdentifier test) {
        double seconds = (System.nanoTime() - startNanos.get(test.getUniqueId())) / 1e9;
        boolean isClass = test.getSource().filter(ClassSource.class::isInstance).isPresent();
        if (isClass && seconds >= SLOW_SECONDS) {
            out.printf("%7.1f s  %s%n", seconds, name(test));
        }
    }

    private static String name(TestIdentifier test) {
        Optional<TestSource> source = test.getSource();
        if (source.isPresent() && source.get() instanceof MethodSource method) {
            return simple(method.getClassName()) + "." + method.getMethodName();
        }
        if (source.isPresent() && source.get() instanceof ClassSource type) {
            return simple(type.getClassName());
        }
        return test.getDisplayName();
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
