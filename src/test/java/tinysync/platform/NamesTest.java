package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

class NamesTest {
    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void validNamesAreDecodedAlsoWhenTheyHoldTheReplacementCharacter() {
        assertEquals(Optional.of("\uFFFD"), Names.decode("\uFFFD".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Optional.of("𝄞é"), Names.decode("𝄞é".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void malformedNamesAreToldApart() {
        assertEquals(Optional.empty(), Names.decode(bytes("\u00e9")));
        assertEquals(Optional.empty(), Names.decode(bytes("a\u00c0\u00af")), "an overlong slash");
        assertEquals(Optional.empty(), Names.decode(bytes("\u00ed\u00a0\u0080")), "an encoded surrogate");
        assertEquals(Optional.empty(), Names.decode(bytes("x\u00f0\u009d")), "cut off");
    }

    @Test
    void malformedBytesAreShownAsHex() {
        assertEquals("a\\xe9b\\xff", Names.shown(bytes("a\u00e9b\u00ff")));
        assertEquals("é\\xe2\\x82", Names.shown(bytes("\u00c3\u00a9\u00e2\u0082")));
        assertEquals("plain", Names.shown(bytes("plain")));
    }
}
