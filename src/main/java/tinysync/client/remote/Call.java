package tinysync.client.remote;

import com.eclipsesource.json.JsonValue;

import tinysync.wire.StrictJson;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One request.
 *
 * @param path from the base on, with its query
 * @param expects the media type of a good answer; an answer without a body needs none
 * @param patience how long nothing may move before the answer begins
 */
record Call(String method, String path, Upload body, Map<String, String> headers, String expects, Duration patience) {
    static final String JSON = "application/json";
    static final String BYTES = "application/octet-stream";

    /** How long nothing may move, unless a call says otherwise. */
    static final Duration STALL = Duration.ofSeconds(60);

    Call {
        Objects.requireNonNull(method);
        Objects.requireNonNull(path);
        Objects.requireNonNull(body);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(expects);
        Objects.requireNonNull(patience);
    }

    static Call get(String path, String expects) {
        return new Call("GET", path, Upload.none(), Map.of(), expects, STALL);
    }

    static Call json(String method, String path, JsonValue body, String expects) {
        Upload upload = Upload.of(ByteBuffer.wrap(StrictJson.utf8(body)), Traffic.FREE);
        return new Call(method, path, upload, Map.of("Content-Type", JSON), expects, STALL);
    }

    static Call put(String path, ByteBuffer body, Traffic traffic) {
        return new Call("PUT", path, Upload.of(body, traffic), Map.of("Content-Type", BYTES), JSON, STALL);
    }

    Call with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Call(method, path, body, more, expects, patience);
    }

    Call withPatience(Duration longer) {
        return new Call(method, path, body, headers, expects, longer);
    }
}
