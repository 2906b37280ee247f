package tinysync.wire;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What becomes of a message on the way from a careless or hostile sender; the same for the same seed. */
final class Damage {
    private static final List<JsonValue> STRANGE =
            List.of(
                    Json.NULL,
                    Json.TRUE,
                    Json.value(0),
                    Json.value(-1),
                    Json.value(1L << 53),
                    Json.parse("1.5"),
                    Json.parse("99999999999999999999"),
                    Json.value(""),
                    Json.value("x".repeat(300)),
                    Json.value("0".repeat(64)),
                    Json.value("0000000000000000"),
                    Json.value("00000000-0000-4000-8000-000000000000"),
                    Json.value("../.."),
                    Json.value("2026-02-30T00:00:00Z"),
                    Json.value("folder"),
                    Json.value("symlink"),
                    new JsonObject(),
                    new JsonArray(),
                    new JsonArray().add(1));

    private final Random random;

    Damage(long seed) {
        random = new Random(seed);
    }

    /** A copy with some bytes changed, lost or doubled. */
    byte[] of(byte[] bytes) {
        byte[] damaged = bytes.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && damaged.length > 0; times--) {
            int at = random.nextInt(damaged.length);
            int end = Math.min(damaged.length, at + 1 + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged = joined(damaged, at, end);
                default -> damaged = joined(damaged, end, at);
            }
        }
        return damaged;
    }

    /** The bytes up to {@code until}, then those from {@code from} on. */
    private static byte[] joined(byte[] bytes, int until, int from) {
        byte[] joined = Arrays.copyOf(bytes, until + bytes.length - from);
        System.arraycopy(bytes, from, joined, until, bytes.length - from);
        return joined;
    }

    /** A copy in which one value, somewhere, is another one or missing. */
    JsonObject of(JsonObject json) {
        return value(json, random.nextInt(count(json))).asObject();
    }

    private static int count(JsonValue value) {
        int count = 0;
        for (JsonValue child : children(value)) {
            count += 1 + count(child);
        }
        return value.isObject() || value.isArray() ? Math.max(1, count) : count;
    }

    private static List<JsonValue> children(JsonValue value) {
        if (value.isArray()) {
            return value.asArray().values();
        }
        List<JsonValue> children = new ArrayList<>();
        if (value.isObject()) {
            value.asObject().forEach(member -> children.add(member.getValue()));
        }
        return children;
    }

    /** {@code value} with its {@code at}-th part, in the order of writing, replaced or left out. */
    private JsonValue value(JsonValue value, int at) {
        List<String> names = value.isObject() ? value.asObject().names() : List.of();
        List<JsonValue> children = children(value);
        JsonObject object = new JsonObject();
        JsonArray array = new JsonArray();
        int left = at;
        for (int i = 0; i < children.size(); i++) {
            JsonValue child = children.get(i);
            int inside = count(child);
            boolean gone = left == 0 && random.nextInt(3) == 0;
            JsonValue other =
                    left == 0
                            ? STRANGE.get(random.nextInt(STRANGE.size()))
                            : left > 0 && left <= inside ? value(child, left - 1) : child;
            if (!gone && value.isObject()) {
                object.add(names.get(i), other);
            } else if (!gone) {
                array.add(other);
            }
            left -= 1 + inside;
        }
        return value.isObject() ? object : value.isArray() ? array : value;
    }
}
