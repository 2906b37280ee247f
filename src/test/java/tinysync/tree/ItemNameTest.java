package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class ItemNameTest {

    @Test
    void ordinaryAndOddNamesMayBeUsed() {
        for (String name :
                new String[] {
                    "a",
                    "a.txt",
                    "...",
                    ".x",
                    " ",
                    "a:b",
                    "con",
                    "\u00e4",
                    "\ud83d\ude00",
                    "line\nbreak",
                    "a\\b",
                    "\u65e5\u672c"
                }) {
            assertEquals(Optional.empty(), ItemName.problem(name), name);
            assertEquals(name, ItemName.check(name));
        }
    }

    @Test
    void eachBadNameIsRefusedWithItsReason() {
        check("", "is empty");
        check(".", "is '.', which means a folder");
        check("..", "is '..', which means a folder");
        check("a/b", "contains '/'");
        check("a\0b", "contains a NUL");
        check("a\u0308", "is not in Unicode form NFC");
        check("\u212b", "is not in Unicode form NFC");
        check("x\ud83d", "contains half a character (an unpaired surrogate)");
        check("\ude00\ud83d", "contains half a character (an unpaired surrogate)");
        check("a".repeat(256), "is longer than 255 bytes");
    }

    @Test
    void lengthIsCountedInBytesOfUtf8() {
        assertEquals(Optional.empty(), ItemName.problem("a".repeat(255)));
        assertEquals(Optional.empty(), ItemName.problem("\u00e4".repeat(127) + "a"));
        check("\u00e4".repeat(128), "is longer than 255 bytes");
        assertEquals(Optional.empty(), ItemName.problem("\u65e5".repeat(85)));
        check("\u65e5".repeat(85) + "a", "is longer than 255 bytes");
        assertEquals(Optional.empty(), ItemName.problem("\ud83d\ude00".repeat(63) + "abc"));
        check("\ud83d\ude00".repeat(64), "is longer than 255 bytes");
    }

    @Test
    void normalizedNamesAreInNfc() {
        assertEquals("\u00e4", ItemName.normalize("a\u0308"));
        assertEquals(Optional.empty(), ItemName.problem(ItemName.normalize("\u212b\u1100\u1161")));
    }

    @Test
    void ourOwnFolderIsReservedInAnyCase() {
        assertTrue(ItemName.reservedAtRoot(".tinysync"));
        assertTrue(ItemName.reservedAtRoot(".TinySync"));
        assertTrue(ItemName.reservedAtRoot(".tiny\u017fync"));
        assertFalse(ItemName.reservedAtRoot("tinysync"));
        assertFalse(ItemName.reservedAtRoot(".tinysyncignore"));
    }

    private static void check(String name, String problem) {
        assertEquals(Optional.of(problem), ItemName.problem(name));
        BadNameException refused = assertThrows(BadNameException.class, () -> ItemName.check(name));
        assertEquals("the name " + problem, refused.getMessage());
    }
}
