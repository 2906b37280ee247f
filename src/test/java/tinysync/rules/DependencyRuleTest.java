package tinysync.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** Holds the compiled classes to {@link DependencyRules}, and the rules to samples that break them. */
class DependencyRuleTest {
    private static final Path CLASSES = Path.of("build/classes/tinysync");

    @TempDir Path temp;

    @Test
    void everyArrowPointsDownwardAndPurePackagesArePure() throws IOException {
        assertEquals(List.of(), breachesBelow(CLASSES));
    }

    @Test
    void anArrowUpwardIsFound() throws IOException {
        source("tinysync.server.http", "public class Front {}");
        source("tinysync.tree", "public class Leaf { tinysync.server.http.Front front; }");
        assertFinds("tinysync.tree.Leaf may not use tinysync.server.http.Front");
    }

    @Test
    void anArrowAcrossIsFoundAlsoInAGenericSignature() throws IOException {
        source("tinysync.client.engine", "public class Engine {}");
        source("tinysync.server", "public class Node { java.util.List<tinysync.client.engine.Engine> all; }");
        assertFinds("tinysync.server.Node may not use tinysync.client.engine.Engine");
    }

    @Test
    void platformIsNotForPurePackages() throws IOException {
        source("tinysync.platform", "public class Kernel { public static void call() {} }");
        source("tinysync.client.engine", "class Engine { void f() { tinysync.platform.Kernel.call(); } }");
        assertFinds("tinysync.client.engine.Engine may not use tinysync.platform.Kernel");
    }

    @Test
    void anUnplannedPackageIsFound() throws IOException {
        source("tinysync.misc", "class Stray {}");
        assertFinds("tinysync.misc.Stray is in a package that the table of rooms does not know");
    }

    @Test
    void inputAndOutputThreadsClocksAndSqlAreFoundInPurePackages() throws IOException {
        source("tinysync.merge", "class A { void f() throws java.io.IOException {} }");
        source("tinysync.tree", "class B { void f(java.nio.file.Path path) {} }");
        source("tinysync.server.core", "class C { Runnable f = () -> new Thread(); }");
        source("tinysync.client.engine", "class D { java.time.Clock clock; java.sql.Connection sql; }");
        source("tinysync.content", "class E { java.io.InputStream fine; java.io.File notFine; }");
        assertFinds("tinysync.merge.A is pure and may not use java.io.IOException");
        assertFinds("tinysync.tree.B is pure and may not use java.nio.file.Path");
        assertFinds("tinysync.server.core.C is pure and may not use java.lang.Thread");
        assertFinds("tinysync.client.engine.D is pure and may not use java.time.Clock");
        assertFinds("tinysync.client.engine.D is pure and may not use java.sql.Connection");
        assertFinds("tinysync.content.E is pure and may not use java.io.File");
        assertFalse(breaches().toString().contains("InputStream"));
    }

    @Test
    void timeAndChanceAreTakenInOneClassEach() throws IOException {
        String body =
                "{ java.util.function.Supplier<java.util.UUID> f = java.util.UUID::randomUUID;"
                        + " long g() { return System.nanoTime(); } }";
        source("tinysync.server", "class Here " + body);
        source("tinysync.platform", "class SystemClock { long g() { return System.nanoTime(); } }");
        assertFinds(
                "tinysync.server.Here may not call java.lang.System.nanoTime(): only"
                        + " tinysync.platform.SystemClock does");
        assertFinds(
                "tinysync.server.Here may not call java.util.UUID.randomUUID(): only"
                        + " tinysync.platform.SystemRandom does");
        assertFalse(breaches().toString().contains("SystemClock may"));
    }

    /** Writes a class into the sample; its name is the first word after {@code class}. */
    private void source(String packageName, String text) throws IOException {
        String name = text.replaceFirst(".*?class (\\w+).*", "$1");
        Path file = temp.resolve("src").resolve(packageName.replace('.', '/')).resolve(name + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "package " + packageName + "; " + text);
    }

    private void assertFinds(String breach) throws IOException {
        List<String> found = breaches();
        assertTrue(found.contains(breach), () -> breach + " is not among " + found);
    }

    private List<String> breaches() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", temp.resolve("out").toString()));
        try (Stream<Path> files = Files.walk(temp.resolve("src"))) {
            files.filter(Files::isRegularFile).forEach(file -> arguments.add(file.toString()));
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status, "the sample compiles");
        return breachesBelow(temp.resolve("out"));
    }

    private static List<String> breachesBelow(Path classes) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                found.addAll(DependencyRules.breaches(ClassReferences.of(Files.readAllBytes(file))));
            }
        }
        return found;
    }
}
