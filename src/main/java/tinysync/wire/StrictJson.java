package tinysync.wire;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonHandler;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonParser;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * JSON (RFC 8259) as this protocol speaks it, which is narrower than what most readers take: strict UTF-8, no name
 * twice in an object, at most {@value #DEPTH_MAX} levels, no unpaired surrogates, numbers of at most {@value
 * #NUMBER_MAX} characters. What two programs could read differently is refused here, once.
 *
 * <p>Every violation is a {@link Refusal}: {@code bad_json}, {@code too_deep} or {@code body_too_large}. Thread-safe.
 */
public final class StrictJson {
    /** Objects and arrays inside one another. */
    public static final int DEPTH_MAX = 64;

    /** Characters of one number. */
    public static final int NUMBER_MAX = 32;

    private StrictJson() {}

    /** The one value that {@code utf8} holds, if that is at most {@code maxBytes} long. */
    public static JsonValue parse(byte[] utf8, int maxBytes) {
        if (utf8.length > maxBytes) {
            throw new Refusal(ErrorCode.BODY_TOO_LARGE, "more than " + maxBytes + " bytes of JSON");
        }
        Builder builder = new Builder();
        try {
            new JsonParser(builder).parse(decode(utf8));
        } catch (ParseException malformed) {
            throw badJson("not JSON: " + malformed.getMessage());
        }
        return builder.value;
    }

    /** As {@link #parse}, and it must be an object. */
    public static JsonObject parseObject(byte[] utf8, int maxBytes) {
        JsonValue value = parse(utf8, maxBytes);
        if (!value.isObject()) {
            throw badJson("a JSON object is expected");
        }
        return value.asObject();
    }

    /** Reads to the end of the stream, at most {@code maxBytes} and one more, and parses; the stream stays open. */
    public static JsonObject readObject(InputStream in, int maxBytes) throws IOException {
        return parseObject(in.readNBytes(maxBytes + 1), maxBytes);
    }

    /** The compact text of {@code value} in UTF-8, without a line end. */
    public static byte[] utf8(JsonValue value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Refusal badJson(String message) {
        return new Refusal(ErrorCode.BAD_JSON, message);
    }

    private static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw badJson("not UTF-8");
        }
    }

    /** An object while it is read, with the names it has so far. */
    private record OpenObject(JsonObject json, Set<String> names) {}

    /** Builds the value as it is parsed, so that what is refused is refused before the rest is read. */
    private static final class Builder extends JsonHandler<JsonArray, OpenObject> {
        private JsonValue value = Json.NULL;
        private int depth;

        @Override
        public void endNull() {
            value = Json.NULL;
        }

        @Override
        public void endBoolean(boolean read) {
            value = read ? Json.TRUE : Json.FALSE;
        }

        @Override
        public void endString(String read) {
            value = Json.value(wellFormed(read));
        }

        @Override
        public void endNumber(String read) {
            if (read.length() > NUMBER_MAX) {
                throw badJson("a number of more than " + NUMBER_MAX + " characters");
            }
            value = Json.parse(read);
        }

        @Override
        public JsonArray startArray() {
            deeper();
            return new JsonArray();
        }

        @Override
        public void endArrayValue(JsonArray array) {
            array.add(value);
        }

        @Override
        public void endArray(JsonArray array) {
            depth--;
            value = array;
        }

        @Override
        public OpenObject startObject() {
            deeper();
            return new OpenObject(new JsonObject(), new HashSet<>());
        }

        @Override
        public void endObjectName(OpenObject object, String name) {
            if (!object.names().add(wellFormed(name))) {
                throw badJson("a name stands twice in an object");
            }
        }

        @Override
        public void endObjectValue(OpenObject object, String name) {
            object.json().add(name, value);
        }

        @Override
        public void endObject(OpenObject object) {
            depth--;
            value = object.json();
        }

        private void deeper() {
            if (++depth > DEPTH_MAX) {
                throw new Refusal(ErrorCode.TOO_DEEP, "more than " + DEPTH_MAX + " levels of JSON");
            }
        }

        private static String wellFormed(String text) {
            // A pair is one code point; what is left in the range of surrogates is half of one.
            if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw badJson("half a character (an unpaired surrogate)");
            }
            return text;
        }
    }
}
