package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Locale;

class ConflictNamesTest {

    private static final Instant AT = Instant.parse("2026-11-21T07:45:12.987Z");
    private static final String MARK = " (conflicted copy, laptop, 2026-11-21 07.45.12 UTC)";

    @Test
    void markStandsBeforeTheExtension() {
        check("a.txt", "a" + MARK + ".txt");
        check("a.b.txt", "a.b" + MARK + ".txt");
        check("README", "README" + MARK);
        check(".bashrc", ".bashrc" + MARK);
        check("a.", "a." + MARK);
        check("src.tar.gz", "src" + MARK + ".tar.gz");
        check("SRC.TAR.XZ", "SRC" + MARK + ".TAR.XZ");
        check(".tar.gz", ".tar" + MARK + ".gz");
        check("a.tar", "a" + MARK + ".tar");
    }

    @Test
    void longExtensionsAreNone() {
        String longest = "." + "e".repeat(31);
        check("a" + longest, "a" + MARK + longest);
        check("a" + longest + "e", "a" + longest + "e" + MARK);
    }

    @Test
    void foldersHaveNoExtension() {
        assertEquals("v1.2" + MARK, ConflictNames.copyName("v1.2", "laptop", AT, 1, true));
    }

    @Test
    void laterTriesAreNumbered() {
        assertEquals("a" + MARK + " 2.txt", ConflictNames.copyName("a.txt", "laptop", AT, 2, false));
        assertEquals("a" + MARK + " 13.txt", ConflictNames.copyName("a.txt", "laptop", AT, 13, false));
        assertThrows(IllegalArgumentException.class, () -> ConflictNames.copyName("a", "laptop", AT, 0, false));
    }

    @Test
    void longStemsAreCutBetweenCharacters() {
        for (String letter : new String[] {"a", "\u00e4", "\u65e5", "\ud83d\ude00"}) {
            int letters = (255 - 4) / letter.getBytes(UTF_8).length;
            String name = letter.repeat(letters) + ".txt";
            String copy = ItemName.check(ConflictNames.copyName(name, "laptop", AT, 1, false));
            assertTrue(copy.getBytes(UTF_8).length > 255 - letter.getBytes(UTF_8).length, copy);
            assertTrue(copy.endsWith(MARK + ".txt"), copy);
            assertTrue(ConflictNames.originalName(copy).matches("(?:" + letter + ")+\\.txt"), copy);
        }
    }

    @Test
    void theLongestPartsStillMakeAName() {
        String name = "s".repeat(223) + "." + "e".repeat(31);
        String copy = ConflictNames.copyName(name, "\u65e5".repeat(100), AT, Integer.MAX_VALUE, false);
        assertEquals(255, ItemName.check(copy).getBytes(UTF_8).length);
        assertTrue(ConflictNames.isCopyName(copy));
    }

    @Test
    void anyDeviceNameMakesAGoodName() {
        checkDevice("Ann's Mac (work)", "Ann's Mac (work)");
        checkDevice("a/b\\c:d", "a-b-c-d");
        checkDevice("tab\there\0", "tab-here-");
        checkDevice("half\ud83d", "half-");
        checkDevice("turned\u202eround", "turned-round");
        checkDevice("  ", "device");
        checkDevice("", "device");
        checkDevice("u\u0308ber", "\u00fcber");
        checkDevice("x".repeat(65), "x".repeat(64));
        checkDevice("\u65e5".repeat(22), "\u65e5".repeat(21));
    }

    @Test
    void localeOfTheMachineChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            check("a.txt", "a" + MARK + ".txt");
            assertEquals("a" + MARK + " 2.txt", ConflictNames.copyName("a.txt", "laptop", AT, 2, false));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void copiesAreKnownByTheirName() {
        assertTrue(ConflictNames.isCopyName("a" + MARK + ".txt"));
        assertTrue(ConflictNames.isCopyName("a" + MARK + " 2.tar.gz"));
        assertTrue(ConflictNames.isCopyName("a\nb" + MARK));
        assertFalse(ConflictNames.isCopyName("a.txt"));
        assertFalse(ConflictNames.isCopyName("a (conflicted copy, laptop, yesterday).txt"));
        assertFalse(ConflictNames.isCopyName("a" + MARK + "x"));
    }

    @Test
    void originalNameIsTheNameBeforeTheLastMark() {
        assertEquals("a.txt", ConflictNames.originalName("a" + MARK + ".txt"));
        assertEquals("a.txt", ConflictNames.originalName("a" + MARK + " 2.txt"));
        assertEquals("v1.2", ConflictNames.originalName("v1.2" + MARK));
        assertEquals("a.txt", ConflictNames.originalName("a.txt"));
        String copyOfCopy = ConflictNames.copyName("a" + MARK + ".txt", "nas", AT, 1, false);
        assertEquals("a" + MARK + ".txt", ConflictNames.originalName(copyOfCopy));
    }

    @Test
    void caseTwinsAreMarkedBeforeTheExtension() {
        assertEquals("A (case twin).TXT", ConflictNames.twinName("A.TXT", 1));
        assertEquals("A (case twin) 2.TXT", ConflictNames.twinName("A.TXT", 2));
        assertEquals("Docs (case twin)", ConflictNames.twinName("Docs", 1));
        assertEquals(255, ItemName.check(ConflictNames.twinName("A".repeat(255), 1)).length());
    }

    private static void check(String name, String copy) {
        assertEquals(copy, ConflictNames.copyName(name, "laptop", AT, 1, false));
        assertEquals(name, ConflictNames.originalName(copy));
        ItemName.check(copy);
    }

    private static void checkDevice(String device, String shown) {
        String copy = ConflictNames.copyName("a.txt", device, AT, 1, false);
        assertEquals("a (conflicted copy, " + shown + ", 2026-11-21 07.45.12 UTC).txt", copy);
        assertEquals("a.txt", ConflictNames.originalName(ItemName.check(copy)));
    }
}
