package tinysync.server.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;

import tinysync.wire.ErrorCode;

import java.util.ArrayList;
import java.util.List;

/** The attributes of an item: a JSON object that nobody here understands, changed by merge patches (RFC 7396). */
final class Attrs {
    private static final int BYTES_MAX = 4 << 10;

    /** Well below what a JSON reader allows: an item with them stands inside an event inside a page of the log. */
    private static final int DEPTH_MAX = 32;

    private Attrs() {}

    /** {@code before} with {@code patch} applied: objects merge key by key, {@code null} removes a key. */
    static String patched(String before, String patch) {
        JsonObject given = parse(patch);
        if (isDeeper(given, DEPTH_MAX)) {
            throw new Rejection(ErrorCode.TOO_DEEP, "attrs have at most " + DEPTH_MAX + " levels");
        }
        String after = merge(parse(before), given).toString();
        if (after.getBytes(UTF_8).length > BYTES_MAX) {
            throw new Rejection(ErrorCode.LIMIT_EXCEEDED, "attrs have at most " + BYTES_MAX + " bytes");
        }
        return after;
    }

    private static JsonObject parse(String text) {
        try {
            JsonValue value = Json.parse(text);
            if (value.isObject()) {
                return value.asObject();
            }
        } catch (ParseException malformed) {
            throw new Rejection(ErrorCode.BAD_JSON, "attrs are not JSON: " + malformed.getMessage());
        }
        throw new Rejection(ErrorCode.BAD_REQUEST, "attrs are a JSON object");
    }

    private static boolean isDeeper(JsonValue value, int levels) {
        if (value.isObject() || value.isArray()) {
            return levels == 0 || inside(value).stream().anyMatch(inner -> isDeeper(inner, levels - 1));
        }
        return false;
    }

    private static List<JsonValue> inside(JsonValue value) {
        List<JsonValue> inside = new ArrayList<>();
        if (value.isArray()) {
            value.asArray().forEach(inside::add);
        } else {
            value.asObject().forEach(member -> inside.add(member.getValue()));
        }
        return inside;
    }

    private static JsonObject merge(JsonObject target, JsonObject patch) {
        JsonObject merged = new JsonObject();
        target.forEach(member -> merged.set(member.getName(), member.getValue()));
        for (JsonObject.Member member : patch) {
            JsonValue value = member.getValue();
            if (value.isNull()) {
                merged.remove(member.getName());
            } else if (value.isObject()) {
                JsonValue old = merged.get(member.getName());
                JsonObject base = old != null && old.isObject() ? old.asObject() : new JsonObject();
                merged.set(member.getName(), merge(base, value.asObject()));
            } else {
                merged.set(member.getName(), value);
            }
        }
        return merged;
    }
}
