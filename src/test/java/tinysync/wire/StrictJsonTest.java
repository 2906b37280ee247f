package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static final int MAX = 1 << 16;

    private static ErrorCode refusal(byte[] bytes, int max) {
        return assertThrows(Refusal.class, () -> StrictJson.parse(bytes, max)).code();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}x",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":1}",
                "{\"x\":{\"a\":1,\"b\":2,\"a\":3}}",
                "{\"a\":1,\"\\u0061\":2}",
                "NaN",
                "Infinity",
                "[01]",
                "[+1]",
                "[.5]",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "{\"\\ud800\":1}",
                "\"\u0001\"",
                "\ufeff{}",
                "// x\n{}",
                "111111111111111111111111111111111111"
            })
    void whatIsNotStrictJsonIsRefused(String text) {
        assertEquals(ErrorCode.BAD_JSON, refusal(text.getBytes(UTF_8), MAX));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertEquals(ErrorCode.BAD_JSON, refusal("\"ü\"".getBytes(ISO_8859_1), MAX));
        assertEquals(ErrorCode.BAD_JSON, refusal(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}, MAX));
        assertEquals(ErrorCode.BAD_JSON, refusal(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, MAX));
    }

    @Test
    void depthIsBoundedOnTheWayIn() {
        String deepest = "[".repeat(64) + "]".repeat(64);
        assertEquals(deepest, StrictJson.parse(deepest.getBytes(UTF_8), MAX).toString());
        assertEquals(ErrorCode.TOO_DEEP, refusal("[".repeat(65).getBytes(UTF_8), MAX));
        assertEquals(ErrorCode.TOO_DEEP, refusal("{\"a\":".repeat(60_000 / 5).getBytes(UTF_8), MAX));
    }

    @Test
    void sizeIsBounded() {
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal("[1,2]".getBytes(UTF_8), 4));
        assertEquals("[1,2]", StrictJson.parse("[1,2]".getBytes(UTF_8), 5).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "[1,-0,1.5,1e3,9007199254740991]",
                "{\"a\":{\"b\":[{\"a\":null}]},\"b\":\"\"}",
                "\"\uD83D\uDE00 ü \\\\ \\\" \\n\""
            })
    void whatIsStrictJsonComesBackAsItWas(String text) {
        assertEquals(text, StrictJson.parse(text.getBytes(UTF_8), MAX).toString());
    }

    @Test
    void onlyAnObjectIsAnObject() {
        assertEquals(
                ErrorCode.BAD_JSON,
                assertThrows(Refusal.class, () -> StrictJson.parseObject("[]".getBytes(UTF_8), MAX)).code());
    }
}
