package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.net.URI;
import java.util.List;
import java.util.Map;

class TargetTest {
    @Test
    void pathAndQueryAreDecodedOnce() {
        Target target = Target.parse(URI.create("/v1/groups/caf%C3%A9%2520?after=a%26b&x"));
        assertEquals(List.of("v1", "groups", "café%20"), target.segments());
        assertEquals(Map.of("after", "a&b", "x", ""), target.query());
    }

    @Test
    void whatCouldMeanAnotherPathIsRefused() {
        List<String> bad =
                List.of(
                        "/v1/../x",
                        "/v1/%2e%2e/x",
                        "/v1/a%2fb",
                        "/v1/a%5cb",
                        "/v1/a%00",
                        "/v1/%ff",
                        "http://other/v1/info",
                        "/v1?a=1&a=2");
        for (String uri : bad) {
            Refusal refusal = assertThrows(Refusal.class, () -> Target.parse(URI.create(uri)), uri);
            assertEquals(ErrorCode.BAD_REQUEST, refusal.code(), uri);
        }
    }
}
