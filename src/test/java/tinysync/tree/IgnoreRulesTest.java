package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

class IgnoreRulesTest {
    /** A path that ends with a slash is a folder's. */
    private static String verdict(String rules, String path) {
        boolean folder = path.endsWith("/");
        String plain = folder ? path.substring(0, path.length() - 1) : path;
        return switch (IgnoreRules.parse(rules).match(plain, folder)) {
            case IgnoreRules.Verdict.None() -> "none";
            case IgnoreRules.Verdict.Ignored(_) -> "ignored";
            case IgnoreRules.Verdict.Kept(_) -> "kept";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "*.o            | a.o           | ignored",
                "*.o            | x/y/a.o       | ignored",
                "*.o            | a.oo          | none",
                "/*.o           | a.o           | ignored",
                "/*.o           | x/a.o         | none",
                "build/         | build/        | ignored",
                "build/         | build         | none",
                "build/         | x/build/      | ignored",
                "x/build        | x/build       | ignored",
                "x/build        | y/x/build     | none",
                "**/foo         | foo           | ignored",
                "**/foo         | a/b/foo       | ignored",
                "foo/**         | foo/          | none",
                "foo/**         | foo/a/b       | ignored",
                "a/**/b         | a/b           | ignored",
                "a/**/b         | a/x/y/b       | ignored",
                "a/**/b         | a/x/y/c       | none",
                "a/**/b/**/c    | a/b/x/b/c     | ignored",
                "a/*/b          | a/x/y/b       | none",
                "a*b?c          | axxbyc        | ignored",
                "a?             | a             | none",
                "?              | 😀            | ignored",
                "[a-c]x         | bx            | ignored",
                "[!a-c]x        | bx            | none",
                "[^a-c]x        | dx            | ignored",
                "[]x]           | ]             | ignored",
                "[[:digit:]]    | 7             | ignored",
                "[[:digit:]]    | x             | none",
                "[a-            | a             | none",
                "[a\\]b]        | ]             | ignored",
                "# comment      | # comment     | none",
                "\\#a           | #a            | ignored",
                "\\!a           | !a            | ignored",
                "!a             | a             | kept",
                "a\\*b          | a*b           | ignored",
                "a\\*b          | axb           | none",
                "a\\            | a\\           | none",
                "/              | a             | none",
                "**             | a/b           | ignored",
                "a**b           | axxb          | ignored"
            })
    void aRuleActsAsInGit(String rule, String path, String expected) {
        assertEquals(expected, verdict(rule, path));
    }

    @Test
    void spacesAtTheEndCountOnlyWhenEscaped() {
        assertEquals("ignored", verdict("a   ", "a"));
        assertEquals("none", verdict("a   ", "a   "));
        assertEquals("ignored", verdict("a\\ ", "a "));
        assertEquals("none", verdict("a\\ ", "a"));
    }

    @Test
    void theLastMatchingRuleDecides() {
        assertEquals("kept", verdict("*.log\n!keep.log", "keep.log"));
        assertEquals("ignored", verdict("!keep.log\n*.log", "keep.log"));
        assertEquals("ignored", verdict("*.log\r\n!keep.log\r\n", "other.log"));
    }

    @Test
    void theAnswerNamesTheLine() {
        assertEquals(new IgnoreRules.Verdict.Ignored("*.log "), IgnoreRules.parse("x\n*.log ").match("a/b.log", false));
    }

    @Test
    void aRuleMadeToExplodeEndsSoon() {
        String rule = "*a".repeat(2_000) + "b\n" + "**/a/".repeat(500) + "b";
        assertEquals("none", verdict(rule, "a/".repeat(1_500) + "a".repeat(4_000)));
    }

    @Test
    void whatSystemsLeaveAroundIsNotSynced() {
        assertEquals(Optional.of(".DS_Store"), BuiltInIgnores.match("docs/.DS_Store", false));
        for (String path :
                new String[] {
                    ".tinysync",
                    "a/Thumbs.db",
                    "a/.~lock.report.odt#",
                    "~$report.docx",
                    "a/.#notes",
                    "a/#notes#",
                    "f.sb-12ab34cd-xyzabc",
                    "1A2B3C4D.tmp",
                    ".fuse_hidden0000001",
                    ".nfs000000000012ab3400000001"
                }) {
            assertTrue(BuiltInIgnores.match(path, false).isPresent(), path);
        }
        assertTrue(BuiltInIgnores.match("x/.Trash-1000", true).isPresent());
    }

    @Test
    void whatAPersonMightNameAFileIsSynced() {
        for (String path :
                new String[] {
                    "4913",
                    "x/.tinysync",
                    ".tinysyncignore",
                    "~$x",
                    "a.tmp",
                    ".nfs-notes",
                    ".Trash-1000",
                    "# plan",
                    "._a",
                    "a#b#",
                    "x/lost+found"
                }) {
            assertEquals(Optional.empty(), BuiltInIgnores.match(path, false), path);
        }
    }
}
