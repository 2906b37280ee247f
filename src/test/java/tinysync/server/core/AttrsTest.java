package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AttrsTest {
    private static String nested(int levels) {
        return "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    }

    private static String listed(int levels) {
        return "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
    }

    /** An item is shown inside an event inside a page: what fills a reader's depth alone would stop every client. */
    @Test
    void attributesNestNoDeeperThanAnyReaderOfTheLogAllows() {
        assertEquals(nested(32), Attrs.patched("{}", nested(32)));
        assertEquals(listed(32), Attrs.patched("{}", listed(32)));
        for (String deep : new String[] {nested(33), listed(33)}) {
            Rejection refused = assertThrows(Rejection.class, () -> Attrs.patched("{}", deep));
            assertEquals("too_deep", refused.result(Drive.empty().op()).code());
        }
    }
}
