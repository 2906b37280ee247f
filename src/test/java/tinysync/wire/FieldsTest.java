package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

class FieldsTest {
    private static Fields fields(String json) {
        return Fields.of(StrictJson.parseObject(json.getBytes(UTF_8), 1 << 16));
    }

    private static void check(String json, Consumer<Fields> read, ErrorCode code, String named) {
        Refusal refusal = assertThrows(Refusal.class, () -> read.accept(fields(json)));
        assertEquals(code, refusal.code());
        assertTrue(refusal.getMessage().startsWith(named), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1e3", "-1", "9007199254740992", "99999999999999999999", "\"1\"", "true", "-0", "11"})
    void whatIsNoWholeNumberInRangeIsRefused(String value) {
        check("{\"n\":" + value + "}", f -> f.whole("n", 0, 10), ErrorCode.BAD_REQUEST, "n must be");
        check("{\"n\":" + value + "}", f -> f.optWhole("n", 0, 10), ErrorCode.BAD_REQUEST, "n must be");
    }

    @Test
    void theLargestExactIntegerIsRead() {
        assertEquals(Fields.WHOLE_MAX, fields("{\"n\":9007199254740991}").whole("n", 0, Fields.WHOLE_MAX));
        assertEquals(-5, fields("{\"n\":-5}").whole("n", -10, 0));
    }

    @Test
    void refusalsNameTheWholePath() {
        check("{\"a\":{\"b\":1}}", f -> f.object("a").text("b"), ErrorCode.BAD_REQUEST, "a.b must be a string");
        check("{\"a\":[{},1]}", f -> f.objects("a", 9), ErrorCode.BAD_REQUEST, "a[1] must be an object");
        check("{}", f -> f.text("x"), ErrorCode.BAD_REQUEST, "x is missing");
        check("{\"h\":\"AA\"}", f -> f.hash("h"), ErrorCode.BAD_HASH, "h must be");
        check("{\"h\":5}", f -> f.hash("h"), ErrorCode.BAD_HASH, "h must be");
        check("{\"a\":[1,2,3]}", f -> f.array("a", 2), ErrorCode.LIMIT_EXCEEDED, "a has more than 2");
        check("{\"b\":1}", f -> f.bool("b", true), ErrorCode.BAD_REQUEST, "b must be true or false");
        check("{\"m\":\"0644\"}", f -> f.mode("m"), ErrorCode.BAD_REQUEST, "m must be three octal digits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0D1E2F3A-0000-4000-8000-000000000001",
                "0d1e2f3a000040008000000000000001",
                "0d1e2f3a-0000-4000-8000-00000000000",
                "d1e2f3a-0000-4000-8000-0000000000011",
                ""
            })
    void onlyTheLowerCaseSpellingOfAUuidIsTaken(String text) {
        check("{\"u\":\"" + text + "\"}", f -> f.uuid("u"), ErrorCode.BAD_REQUEST, "u must be");
    }

    @Test
    void nullCountsAsAbsentWhereAbsenceIsAllowed() {
        Fields f = fields("{\"a\":null}");
        assertFalse(f.has("a"));
        assertEquals(Optional.empty(), f.optText("a"));
        assertTrue(f.bool("a", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T07:45:00Z",
                "2026-11-21T07:45:00.123456789Z",
                "2026-11-21T07:45:00.1Z",
                "1969-12-31T23:59:59.999999999Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "2024-02-29T00:00:00Z"
            })
    void timesComeBackAsTheyWere(String text) {
        assertEquals(text, Times.format(fields("{\"t\":\"" + text + "\"}").instant("t")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T07:45:00",
                "2026-11-21 07:45:00Z",
                "2026-11-21T07:45Z",
                "2026-11-21T07:45:00+00:00",
                "2026-11-21T07:45:00.1234567890Z",
                "2026-11-21T07:45:00.Z",
                "2026-02-29T00:00:00Z",
                "2026-11-21T24:00:00Z",
                "2026-11-21T07:45:60Z",
                "10000-01-01T00:00:00Z",
                "-001-01-01T00:00:00Z",
                "2026-11-21t07:45:00z"
            })
    void whatIsNoTimeOfOursIsRefused(String text) {
        check("{\"t\":\"" + text + "\"}", f -> f.instant("t"), ErrorCode.BAD_REQUEST, "t must be a time");
    }

    @Test
    void timesBeyondFourDigitYearsAreWrittenAsTheNearest() {
        assertEquals("9999-12-31T23:59:59.999999999Z", Times.format(Instant.MAX));
        assertEquals("0000-01-01T00:00:00Z", Times.format(Instant.MIN));
    }
}
