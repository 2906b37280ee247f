package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Hash;
import tinysync.tree.Mutation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The hash that an op id is bound to, so that the same id with another mutation is noticed: SHA-256 over the mutation's
 * compact JSON without {@code op_id}, members sorted by name (as UTF-16, the order of RFC 8785).
 */
public final class MutationHash {
    private MutationHash() {}

    /**
     * The hash of what the mutation means: equal however it was spelled (members that are left out and defaults,
     * content inside the commit or named by id). This is the one a server stores.
     */
    public static Hash of(Mutation mutation) {
        return of(MutationCodec.encode(mutation));
    }

    /** The hash of a mutation's JSON as it stands, unknown members included. */
    public static Hash of(JsonObject mutation) {
        return Hash.of(StrictJson.utf8(sorted(new JsonObject(mutation).remove("op_id"))));
    }

    private static JsonValue sorted(JsonValue value) {
        if (value.isArray()) {
            JsonArray array = new JsonArray();
            value.asArray().forEach(element -> array.add(sorted(element)));
            return array;
        }
        if (!value.isObject()) {
            return value;
        }
        List<JsonObject.Member> members = new ArrayList<>();
        value.asObject().forEach(members::add);
        members.sort(Comparator.comparing(JsonObject.Member::getName));
        JsonObject object = new JsonObject();
        members.forEach(member -> object.add(member.getName(), sorted(member.getValue())));
        return object;
    }
}
