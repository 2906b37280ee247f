package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.util.Objects;
import java.util.UUID;

/** {@code {"id":"…","name":"…"}}: a group or device as answers mention it. */
public record Named(UUID id, String name) {
    public Named {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
    }

    public JsonObject encode() {
        return new JsonObject().add("id", id.toString()).add("name", name);
    }

    public static Named decode(Fields fields) {
        return new Named(fields.uuid("id"), fields.text("name"));
    }
}
