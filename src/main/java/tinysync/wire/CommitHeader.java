package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Cursor;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a commit says before its mutations.
 *
 * @param cursor where the client is in the vault's log
 * @param instance the running instance of the client
 * @param requires features that the request relies on
 */
public record CommitHeader(Optional<Cursor> cursor, Optional<UUID> instance, List<String> requires) {
    private static final int REQUIRES_MAX = 100;

    public CommitHeader {
        Objects.requireNonNull(cursor);
        Objects.requireNonNull(instance);
        requires = List.copyOf(requires);
    }

    public JsonObject encode() {
        JsonObject json = new JsonObject();
        cursor.ifPresent(at -> json.add("cursor", CursorCodec.encode(at)));
        instance.ifPresent(id -> json.add("instance", id.toString()));
        return json.add("requires", InfoCodec.texts(requires));
    }

    public static CommitHeader decode(Fields fields) {
        return new CommitHeader(
                fields.optObject("cursor").map(CursorCodec::decode),
                fields.optUuid("instance"),
                fields.texts("requires", REQUIRES_MAX));
    }
}
