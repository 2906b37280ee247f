package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Request and answer of {@code POST /v1/wait}; an answer without heads is a 204 without a body. */
public final class WaitCodec {
    /** The longest a client may ask to wait. */
    public static final Duration TIMEOUT_MAX = Duration.ofSeconds(50);

    /** Where the client is in each vault, and how long to wait for one of them to move, in whole seconds. */
    public record Request(Map<VaultId, Cursor> cursors, Duration timeout) {
        public Request {
            cursors = Map.copyOf(cursors);
            Objects.requireNonNull(timeout);
        }
    }

    private WaitCodec() {}

    public static JsonObject encode(Request request) {
        return new JsonObject()
                .add("cursors", CursorCodec.encodeMap(request.cursors()))
                .add("timeout", request.timeout().toSeconds());
    }

    /** A longer wait than {@link #TIMEOUT_MAX} is cut to it, an absent one is it. */
    public static Request decode(Fields fields) {
        long seconds = fields.optWhole("timeout", 0, Fields.WHOLE_MAX).orElse(TIMEOUT_MAX.toSeconds());
        return new Request(
                CursorCodec.decodeMap(fields.object("cursors")),
                Duration.ofSeconds(Math.min(seconds, TIMEOUT_MAX.toSeconds())));
    }

    public static JsonObject encodeHeads(Map<VaultId, Cursor> heads) {
        return new JsonObject().add("heads", CursorCodec.encodeMap(heads));
    }

    public static Map<VaultId, Cursor> decodeHeads(Fields fields) {
        return CursorCodec.decodeMap(fields.object("heads"));
    }
}
