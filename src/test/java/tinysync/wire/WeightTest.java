package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class WeightTest {
    private static final CommitHeader HEADER =
            new CommitHeader(java.util.Optional.empty(), java.util.Optional.empty(), List.of());

    private static long weigh(String json) throws IOException {
        return JsonWeight.of(new ByteArrayInputStream(json.getBytes(UTF_8)));
    }

    private static BundleWeight weigh(byte[] frames) throws IOException {
        return BundleWeight.of(new ByteArrayInputStream(frames));
    }

    /** The heap that {@code json} takes when it is parsed {@code times} over. */
    private static long measured(String json, int times) {
        List<JsonValue> kept = new ArrayList<>();
        byte[] utf8 = json.getBytes(UTF_8);
        long before = used();
        for (int i = 0; i < times; i++) {
            kept.add(StrictJson.parse(utf8, utf8.length));
        }
        long after = used();
        assertEquals(times, kept.size());
        return after - before;
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void theSmallestValuesWeighAtLeastWhatTheyTake() throws IOException {
        for (String one : List.of("1", "\"\"", "[]", "{}", "[1]", "{\"\":1}", "{\"a\":{\"b\":[2,3]}}", "\"\u20ac\"")) {
            String many = "[" + (one + ",").repeat(4_000) + one + "]";
            assertTrue(20 * weigh(many) > measured(many, 20), one);
        }
    }

    @Test
    void whatStandsInStringsIsOnlyText() throws IOException {
        String quoted = "\"[{,:\\\"[{,:\\\\\"";
        assertEquals(weigh("\"" + "a".repeat(quoted.length() - 2) + "\""), weigh(quoted));
        assertTrue(weigh("[[[[[[[[[[]]]]]]]]]]") > weigh("\"[[[[[[[[[]]]]]]]]]\""));
    }

    @Test
    void aBundleWeighsItsContentsAndTheInflatedTextOfItsFrames() throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Frames.writeJson(plain, HEADER.encode());
        long header = weigh(plain.toByteArray()).json();
        Frames.writeRaw(plain, SmallContent.of(new byte[50_000]));
        Frames.writeRaw(plain, SmallContent.of(new byte[7]));
        assertEquals(new BundleWeight(header, 50_007), weigh(plain.toByteArray()));

        JsonArray blank = new JsonArray();
        for (int i = 0; i < 10_000; i++) {
            blank.add(Json.array());
        }
        Frames.writeJson(plain, blank);
        assertTrue(plain.size() < 55_000, "it was deflated");
        assertTrue(weigh(plain.toByteArray()).json() > header + weigh(blank.toString()));
    }

    @Test
    void nothingIsWeighedBehindWhatABundleMayUnpackTo() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            Frames.writeJson(bomb, Json.value(" ".repeat(Frames.JSON_MAX - 2)));
        }
        byte[] once = bomb.toByteArray();
        bomb.write(once);
        assertEquals(weigh(once), weigh(bomb.toByteArray()));
    }

    @Test
    void brokenFramesAreWeighedAsFarAsTheyGo() throws IOException {
        assertEquals(new BundleWeight(0, 0), weigh(new byte[0]));
        assertEquals(new BundleWeight(0, 0), weigh(new byte[] {0, 0, 0}));
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(new byte[] {0, 0, 0, 4, Frames.DEFLATED, 'b', 'a', 'd'});
        Frames.writeRaw(frames, SmallContent.of(new byte[9]));
        assertEquals(9, weigh(frames.toByteArray()).content());
        assertEquals(1_000_000, weigh(new byte[] {0, 15, 66, 65, Frames.RAW, 1}).content());
    }
}
