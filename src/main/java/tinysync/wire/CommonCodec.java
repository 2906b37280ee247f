package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.tree.Cursor;

import java.util.ArrayList;
import java.util.List;

/** Request and answer of {@code POST …/log/common}. */
public final class CommonCodec {
    /** The most checkpoints in one request. */
    public static final int CHECKPOINTS_MAX = 1_000;

    private CommonCodec() {}

    public static JsonObject encodeRequest(List<Cursor> checkpoints) {
        JsonArray array = new JsonArray();
        checkpoints.forEach(checkpoint -> array.add(CursorCodec.encode(checkpoint)));
        return new JsonObject().add("checkpoints", array);
    }

    public static List<Cursor> decodeRequest(Fields fields) {
        List<Cursor> checkpoints = new ArrayList<>();
        fields.objects("checkpoints", CHECKPOINTS_MAX).forEach(c -> checkpoints.add(CursorCodec.decode(c)));
        return checkpoints;
    }

    public static JsonObject encode(CommonPoint point) {
        return new JsonObject()
                .add("common", CursorCodec.encode(point.common()))
                .add("epochs", EpochStart.encodeAll(point.epochs()));
    }

    public static CommonPoint decode(Fields fields) {
        return new CommonPoint(CursorCodec.decode(fields.object("common")), EpochStart.decodeAll(fields, "epochs"));
    }
}
