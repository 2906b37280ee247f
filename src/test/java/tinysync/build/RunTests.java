package tinysync.build;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Runs the tests: {@code RunTests CLASSES [NAME]}, where NAME is a part of the full class names to run.
 *
 * <p>Exits with 1 when a test failed, when none ran, and, with {@code CI=true} in the environment, when one was skipped
 * that {@code .ci/allowed-skips} does not name with a reason. The last line is {@code N passed, N failed, N skipped}.
 */
public final class RunTests {
    private static final Path ALLOWED_SKIPS = Path.of(".ci/allowed-skips");
    private static final Pattern ALLOWED = Pattern.compile("(\\S+)\\s+#\\s*\\S.*");

    private RunTests() {}

    /**
     * Runs, reports, and ends the process, whatever threads the tests have left behind.
     *
     * @param args the folder of test classes, and optionally a part of the class names to run
     * @throws IOException when the list of allowed skips cannot be read
     */
    public static void main(String[] args) throws IOException {
        String part = args.length > 1 ? args[1] : "";
        TestReport report = new TestReport(System.out);
        LauncherFactory.create().execute(request(Path.of(args[0]), part), report);
        boolean skipsAreFine = !"true".equals(System.getenv("CI")) || onlyAllowed(report.skipped());
        boolean good = report.failed() == 0 && report.passed() > 0 && skipsAreFine;
        if (report.passed() + report.failed() == 0) {
            System.out.println("no test ran");
        }
        System.out.println(report.summary());
        System.out.flush();
        System.exit(good ? 0 : 1);
    }

    private static LauncherDiscoveryRequest request(Path classes, String part) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(classes)))
                .filters(ClassNameFilter.includeClassNamePatterns(".*" + Pattern.quote(part) + ".*"))
                // A method that looks like a test but cannot run as one is a fault, not a remark.
                .configurationParameter("junit.platform.discovery.issue.severity.critical", "warning")
                // Far above what any test takes: a test that hangs ends with a thread dump, not with silence.
                .configurationParameter("junit.jupiter.execution.timeout.default", "30 m")
                .configurationParameter("junit.jupiter.execution.timeout.threaddump.enabled", "true")
                .build();
    }

    private static boolean onlyAllowed(List<String> skipped) throws IOException {
        Set<String> refused = new TreeSet<>(skipped);
        for (String line : Files.readAllLines(ALLOWED_SKIPS)) {
            var allowed = ALLOWED.matcher(line.strip());
            if (allowed.matches()) {
                refused.remove(allowed.group(1));
            }
        }
        refused.forEach(test -> System.out.println("skipped without leave (" + ALLOWED_SKIPS + "): " + test));
        return refused.isEmpty();
    }
}
