package tinysync.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Bundles whose frames lie, burst or break off, before anything of them is committed. */
final class HostileBundles {
    private static final int JSON = 1;
    private static final int DEFLATED = 2;
    private static final int RAW = 3;

    /** Nothing but zeros: a thousand times as large as it looks. */
    private static final int BOMB = 64 << 20;

    private final Examples examples;
    private final List<Hostile> cases = new ArrayList<>();
    private final byte[] header = frame(JSON, "{}");
    private final byte[] end = frame(JSON, "{\"end\":{\"mutations\":0}}");

    private HostileBundles(Examples examples) {
        this.examples = examples;
    }

    static List<Hostile> of(Examples examples) {
        HostileBundles bundles = new HostileBundles(examples);
        bundles.frames();
        bundles.order();
        bundles.deflated();
        bundles.mutations();
        bundles.counts();
        return bundles.cases;
    }

    private static byte[] frame(int type, byte[] body) {
        return lying(body.length + 1, type, body);
    }

    private static byte[] frame(int type, String text) {
        return frame(type, text.getBytes(UTF_8));
    }

    private static byte[] lying(int length, int type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length).putInt(length).put((byte) type).put(body).array();
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8 << 10];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private void bundle(String name, Hostile.Fate fate, byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        cases.add(Hostile.of(name, examples.bundle().body(RawRequest.bytes(all.toByteArray())), fate));
    }

    private void refused(String name, byte[]... frames) {
        bundle(name, Hostile.Fate.REFUSED, frames);
    }

    private void frames() {
        refused("no bytes");
        refused("half a length", new byte[] {0, 0});
        refused("no type", new byte[] {0, 0, 0, 5});
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 24, 1 << 21}) {
            refused("a length of " + length, lying(length, JSON, "{}".getBytes(UTF_8)), end);
        }
        refused("a length too short", lying(2, JSON, "{}".getBytes(UTF_8)), end);
        refused("a length too long", lying(9, JSON, "{}".getBytes(UTF_8)), end);
        for (int type : new int[] {0, 4, 127, 128, 255}) {
            refused("type " + type, header, frame(type, "{}"), end);
        }
        refused("the header broken off", Arrays.copyOf(header, header.length - 1));
        refused("JSON in place of frames", "{\"mutations\":[]}".getBytes(UTF_8));
        refused("an empty frame", header, frame(JSON, ""), end);
        refused("a frame that is too large", header, frame(JSON, " ".repeat((1 << 20) + 1)), end);
        refused("a raw frame that is too large", header, frame(RAW, new byte[(64 << 10) + 1]), end);
    }

    private void order() {
        refused("no header", end);
        refused("raw bytes first", frame(RAW, "x"), header, end);
        refused("raw bytes that nobody waits for", header, frame(RAW, "x"), end);
        refused("no end", header);
        refused("two headers", header, header, end);
        refused("a wrong end", header, frame(JSON, "{\"end\":{\"mutations\":1}}"));
        refused("an end of no number", header, frame(JSON, "{\"end\":{\"mutations\":-1}}"));
        refused("an end that is none", header, frame(JSON, "{\"end\":true}"));
        refused("bytes behind the end", header, end, new byte[] {0});
        refused("a frame behind the end", header, end, header);
        refused("a header that is an array", frame(JSON, "[]"), end);
        refused("features nobody knows", frame(JSON, "{\"requires\":[\"telepathy\"]}"), end);
        refused("a cursor that is none", frame(JSON, "{\"cursor\":{\"seq\":-1}}"), end);
    }

    private void deflated() {
        byte[] bomb = deflate(new byte[BOMB]);
        refused("a bomb", header, frame(DEFLATED, bomb), end);
        refused("a bomb as header", frame(DEFLATED, bomb), end);
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        byte[] slow = frame(DEFLATED, deflate(spaces));
        byte[] swarm = new byte[slow.length * 200];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(slow, 0, swarm, i * slow.length, slow.length);
        }
        refused("many small bombs", header, swarm, end);
        byte[] good = deflate("[]".getBytes(UTF_8));
        refused("deflated garbage", header, frame(DEFLATED, "garbage"), end);
        refused("nothing deflated", header, frame(DEFLATED, ""), end);
        refused("half of it deflated", header, frame(DEFLATED, Arrays.copyOf(good, good.length - 5)), end);
        refused("more behind it", header, frame(DEFLATED, Arrays.copyOf(good, good.length + 1)), end);
        byte[] rotten = good.clone();
        rotten[rotten.length - 1] ^= 1;
        refused("a wrong sum", header, frame(DEFLATED, rotten), end);
        refused("without its header", header, frame(DEFLATED, Arrays.copyOfRange(good, 2, good.length)), end);
    }

    private void mutations() {
        List<String> bad =
                List.of(
                        "1",
                        "\"x\"",
                        "null",
                        "[1]",
                        "[[]]",
                        "[[{}]]",
                        "{}",
                        "{\"op\":\"format_disk\"}",
                        "{\"op\":\"delete\"}",
                        "{\"op\":7,\"op_id\":7}",
                        "NaN",
                        "{\"a\":1,\"a\":2}",
                        "\"\\ud800\"",
                        "[".repeat(100_000),
                        "{\"op\":\"put_file\",\"op_id\":\"x:0\"}");
        for (String one : bad) {
            String name = "a mutation " + one.substring(0, Math.min(30, one.length()));
            refused(name, header, frame(JSON, one), frame(JSON, "{\"end\":{\"mutations\":1}}"));
        }
        byte[] one = frame(JSON, "{\"end\":{\"mutations\":1}}");
        for (String content :
                List.of(
                        "{\"inline\":true,\"size\":5}",
                        "{\"inline\":true,\"size\":-1}",
                        "{\"inline\":true,\"size\":65537}",
                        "{\"inline\":true}",
                        "{\"inline\":1,\"size\":4}",
                        "{\"inline\":true,\"size\":4.0}")) {
            JsonObject put = examples.put("inline.txt").set("content", com.eclipsesource.json.Json.parse(content));
            refused(
                    "content " + content + " and four bytes",
                    header,
                    frame(JSON, put.toString()),
                    frame(RAW, "four"),
                    one);
        }
        JsonObject waits = new JsonObject().add("inline", true).add("size", 4);
        JsonObject put = examples.put("inline.txt").set("content", waits);
        refused("content that never comes", header, frame(JSON, put.toString()), one);
        refused("content that breaks off", header, frame(JSON, put.toString()), lying(5, RAW, new byte[2]));
    }

    /** Mutations that would be refused one by one, as their folder is not there. */
    private void counts() {
        JsonArray many = new JsonArray();
        for (int i = 0; i < 1_001; i++) {
            many.add(nowhere());
        }
        byte[] frame = frame(DEFLATED, deflate(many.toString().getBytes(UTF_8)));
        byte[][] frames = new byte[12][];
        Arrays.fill(frames, frame);
        frames[0] = header;
        frames[11] = frame(JSON, "{\"end\":{\"mutations\":10010}}");
        refused("more mutations than there may be", frames);
        for (String name :
                List.of(
                        "",
                        ".",
                        "..",
                        "a/b",
                        "/",
                        "a\0b",
                        "e\u0301",
                        "x".repeat(256),
                        "\u00e9".repeat(128),
                        ".tinysync",
                        ".TinySync")) {
            byte[] put = frame(JSON, examples.put(name).toString());
            bundle(
                    "the name " + name,
                    Hostile.Fate.MUTATIONS_REFUSED,
                    header,
                    put,
                    frame(JSON, "{\"end\":{\"mutations\":1}}"));
        }
    }

    private JsonObject nowhere() {
        return examples.put("x").set("parent", "00000000-0000-0000-0000-000000000000");
    }
}
