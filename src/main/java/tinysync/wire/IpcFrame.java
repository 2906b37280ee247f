package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.util.Objects;

/** One message between command line and daemon: a JSON object, and the raw bytes it announced, if any. */
public final class IpcFrame {
    private final JsonObject json;
    private final byte[] payload;

    IpcFrame(JsonObject json, byte[] payload) {
        this.json = Objects.requireNonNull(json);
        this.payload = payload;
    }

    public JsonObject json() {
        return json;
    }

    /** The raw bytes, in a new array; of length 0 when none were announced. */
    public byte[] payload() {
        return payload.clone();
    }
}
