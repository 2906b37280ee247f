package tinysync.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds every file of the project to {@link TextRules} and {@link SourceRules}, and the rules to samples that break
 * them.
 */
class TidyTest {
    private static final Path TOP = Path.of(".");

    /** Beside the sources: what was fetched, built or run, and what editors keep. */
    private static final Set<Path> NOT_OURS =
            Stream.of(".git", "build", "run", "target", "bin", ".idea", ".vscode")
                    .map(TOP::resolve)
                    .collect(Collectors.toUnmodifiableSet());

    private static final Pattern TEXT =
            Pattern.compile(
                    ".*\\.(java|md|sql|sh|py|js|c|h|swift|xml|properties|json|txt)|(.*/)?(Makefile|LICENSE)|\\.ci/.*");
    private static final Pattern TEST_NAME = Pattern.compile("`(?:tinysync[.a-z]*\\.)?(\\w+Test)\\b");
    private static final Path MAIN = Path.of("src/main/java");

    @Test
    void everyTextIsTidy() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(TOP)) {
            if (TEXT.matcher(file.toString()).matches()) {
                found.addAll(TextRules.breaches(file.toString(), Files.readString(file)));
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void everySourceIsTidy() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(Path.of("src"))) {
            if (file.toString().endsWith(".java")) {
                found.addAll(SourceRules.breaches(file.toString(), Files.readString(file)));
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        assertEquals(Set.of(), packagesWithoutInfo(files(MAIN)));
    }

    @Test
    void testsThatDocumentsNameExist() throws IOException {
        String sources = files(Path.of("src")).stream().map(Path::toString).collect(Collectors.joining("\n"));
        Set<String> missing = new TreeSet<>();
        for (Path file : files(Path.of("docs"))) {
            TEST_NAME
                    .matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !sources.contains("/" + name + ".java"))
                    .forEach(name -> missing.add(file + ": " + name));
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void untidyTextIsFound() {
        assertFinds(TextRules.breaches("a.md", "// TO" + "DO later\n"), "a.md:1: unfinished work");
        assertFinds(TextRules.breaches("a.md", "see\n/ro" + "ot/x\n"), "a.md:2: a path of somebody's machine");
        assertFinds(TextRules.breaches("a.md", "see \n"), "a.md:1: white space");
        assertFinds(TextRules.breaches("a.md", "\tsee\n"), "a.md:1: a tab");
        assertFinds(TextRules.breaches("a.md", "see"), "a.md: the last line is not ended");
        assertFinds(TextRules.breaches("A.java", "\n".repeat(601)), "A.java: 601 lines");
        assertEquals(List.of(), TextRules.breaches("Makefile", "all:\n\tjavac docs/ro" + "ot/x\n"));
    }

    @Test
    void untidySourceIsFound() throws IOException {
        assertFinds(SourceRules.breaches("A.java", "class FileHelper {}"), "A.java:1: FileHelper is a name");
        assertFinds(SourceRules.breaches("A.java", "/* no doc */\npublic class A {}"), "A.java:2: A is public");
        assertFinds(SourceRules.breaches("A.java", "class A { @Disabled void f() {} }"), "A.java:1: a test that");
        String swallowed = "class A { void f() { try { g(); } catch (E e) { /* so what */ } } }";
        assertFinds(SourceRules.breaches("A.java", swallowed), "A.java:1: something caught");
        String tidy =
                "/** Says it. */\npublic class A { class Inner {} int f() { try { g(); } catch (E e) { return 1; } } }";
        assertEquals(List.of(), SourceRules.breaches("A.java", tidy));
    }

    @Test
    void aPackageThatSaysNothingIsFound() {
        List<Path> files = List.of(Path.of("a/package-info.java"), Path.of("a/A.java"), Path.of("b/B.java"));
        assertEquals(Set.of(Path.of("b")), packagesWithoutInfo(files));
    }

    private static void assertFinds(List<String> found, String start) {
        assertTrue(found.stream().anyMatch(breach -> breach.startsWith(start)), () -> start + " is not in " + found);
    }

    private static Set<Path> packagesWithoutInfo(List<Path> files) {
        Set<Path> packages = new TreeSet<>();
        files.stream()
                .filter(file -> file.toString().endsWith(".java"))
                .forEach(file -> packages.add(file.getParent()));
        packages.removeIf(folder -> files.contains(folder.resolve("package-info.java")));
        return packages;
    }

    /** The project's own files below a folder, named from the top of the project. */
    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                        boolean skip = NOT_OURS.contains(dir) || dir.endsWith("__pycache__");
                        return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        files.add(file.normalize());
                        return FileVisitResult.CONTINUE;
                    }
                });
        files.sort(null);
        return files;
    }
}
