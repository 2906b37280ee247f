package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The body of {@code POST /v1/session}, {@code {"previous"?:"…","new":"…"}}: a daemon starts and replaces its instance.
 * The answer is {@code {}}, or {@code device_cloned} when {@code previous} is not the one the server knows.
 *
 * @param previous empty on the very first start
 */
public record SessionChange(Optional<UUID> previous, UUID next) {
    public SessionChange {
        Objects.requireNonNull(previous);
        Objects.requireNonNull(next);
    }

    public JsonObject encode() {
        JsonObject json = new JsonObject();
        previous.ifPresent(id -> json.add("previous", id.toString()));
        return json.add("new", next.toString());
    }

    public static SessionChange decode(Fields fields) {
        return new SessionChange(fields.optUuid("previous"), fields.uuid("new"));
    }
}
