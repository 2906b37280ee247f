package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;

class FoldKeyTest {

    @Test
    void namesThatDifferInCaseHaveOneKey() {
        check("README.TXT", "readme.txt");
        check("\u00c4RGER", "\u00e4rger");
        check("STRASSE", "stra\u00dfe");
        check("STRA\u1e9eE", "strasse");
        check("\u03a3\u03a3", "\u03c3\u03c2");
        check("\u0416", "\u0436");
        check("\ufb03", "FFI");
        check("\u13a0", "\uab70");
        check("\ud801\udc00", "\ud801\udc28");
        check("\u212a", "k");
        check("\u1c89", "\u1c8a");
    }

    @Test
    void composedAndDecomposedNamesHaveOneKey() {
        check("\u00c4", "a\u0308");
        check("\u1f88", "\u1f00\u03b9");
        check("\u0390", "\u03b9\u0308\u0301");
    }

    @Test
    void differentNamesKeepDifferentKeys() {
        assertNotEquals(FoldKey.of("a"), FoldKey.of("\u00e4"));
        assertNotEquals(FoldKey.of("\u0131"), FoldKey.of("i"));
        assertNotEquals(FoldKey.of("I\u0307"), FoldKey.of("i"));
        assertEquals("\u65e5\u672c \ud83d\ude00 x-1", FoldKey.of("\u65e5\u672c \ud83d\ude00 X-1"));
    }

    @Test
    void turkishLocaleChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals("title", FoldKey.of("TITLE"));
            assertEquals("i\u0307", FoldKey.of("\u0130"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void foldingTwiceChangesNothingMore() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String key = FoldKey.of(Character.toString(codePoint));
            assertEquals(key, FoldKey.of(key), Integer.toHexString(codePoint));
        }
    }

    /**
     * The expected hash was taken of the Unicode data itself: a line {@code CODEPOINT FOLDED…} in upper-case hex for
     * each of the 1,557 entries of status C or F, in order.
     */
    @Test
    void tableIsThatOfUnicode16() throws NoSuchAlgorithmException {
        TreeMap<Integer, String> entries = new TreeMap<>();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String folded = CaseFold.fold(Character.toString(codePoint));
            if (!folded.equals(Character.toString(codePoint))) {
                entries.put(codePoint, folded);
            }
        }
        StringBuilder text = new StringBuilder();
        entries.forEach(
                (codePoint, folded) -> {
                    text.append(hex(codePoint));
                    folded.codePoints().forEach(to -> text.append(' ').append(hex(to)));
                    text.append('\n');
                });
        assertEquals(1557, entries.size());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
        assertEquals(
                "739654c6b24ba330da40764fa64dee4da9724858b328f19cfd712f1ee8713d88", HexFormat.of().formatHex(hash));
        assertEquals("unicode-16", FoldKey.TABLE);
    }

    private static String hex(int codePoint) {
        return Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
    }

    private static void check(String one, String other) {
        assertEquals(FoldKey.of(one), FoldKey.of(other), one + " and " + other);
    }
}
