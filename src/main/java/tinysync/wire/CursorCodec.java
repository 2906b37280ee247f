package tinysync.wire;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code {"epoch":"…","seq":977,"tag":"16 hex"}}, and {@code EPOCH.SEQ.TAG} in a query. */
public final class CursorCodec {
    private static final int VAULTS_MAX = 10_000;

    private CursorCodec() {}

    public static JsonObject encode(Cursor cursor) {
        return new JsonObject()
                .add("epoch", cursor.epoch().toString())
                .add("seq", cursor.seq())
                .add("tag", cursor.tag());
    }

    public static Cursor decode(Fields fields) {
        return new Cursor(fields.uuid("epoch"), fields.whole("seq", 0, Fields.WHOLE_MAX), fields.tag("tag"));
    }

    /** Reads the value of {@code ?cursor=}. */
    public static Cursor decodeQuery(String text) {
        return Cursor.tryParse(text).orElseThrow(() -> Fields.badRequest("cursor must be EPOCH.SEQ.TAG"));
    }

    static JsonObject encodeMap(Map<VaultId, Cursor> cursors) {
        JsonObject json = new JsonObject();
        cursors.forEach((vault, cursor) -> json.add(vault.toString(), encode(cursor)));
        return json;
    }

    static Map<VaultId, Cursor> decodeMap(Fields fields) {
        if (fields.json().size() > VAULTS_MAX) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "more than " + VAULTS_MAX + " vaults");
        }
        Map<VaultId, Cursor> cursors = new LinkedHashMap<>();
        for (JsonObject.Member member : fields.json()) {
            VaultId vault =
                    VaultId.tryParse(member.getName())
                            .orElseThrow(() -> Fields.badRequest("a vault must be a lower-case UUID"));
            JsonValue cursor = member.getValue();
            cursors.put(vault, decode(Fields.of(cursor, "the cursor of " + vault)));
        }
        return cursors;
    }
}
