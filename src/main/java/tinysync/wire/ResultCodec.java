package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Item;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;

import java.util.List;

/** The NDJSON lines of the answer to a commit. */
public final class ResultCodec {
    private static final String APPLIED = "applied";
    private static final String DUPLICATE = "duplicate";
    private static final String REFUSED = "refused";

    private ResultCodec() {}

    public static JsonObject encode(ResultLine line) {
        return switch (line) {
            case ResultLine.Result(MutationResult result) -> encode(result);
            case ResultLine.End end ->
                    new JsonObject()
                            .add(
                                    "end",
                                    new JsonObject()
                                            .add("mutations", end.mutations())
                                            .add("head", CursorCodec.encode(end.head())));
            case ResultLine.Failed failed -> failed.error().encode();
        };
    }

    public static JsonObject encode(MutationResult result) {
        return switch (result) {
            case MutationResult.Applied r -> took(r.opId(), APPLIED, r.seq(), r.items());
            case MutationResult.Duplicate r -> took(r.opId(), DUPLICATE, r.seq(), r.items());
            case MutationResult.Refused r -> {
                JsonObject json =
                        new JsonObject().add("op_id", r.opId().toString()).add("result", REFUSED).add("code", r.code());
                r.dimension().ifPresent(dimension -> json.add("dimension", dimension));
                json.add("message", r.message());
                r.item().ifPresent(item -> json.add("item", ItemCodec.encode(item)));
                yield json;
            }
        };
    }

    public static ResultLine decode(Fields line) {
        if (line.has("end")) {
            Fields end = line.object("end");
            return new ResultLine.End(
                    end.whole("mutations", 0, Fields.WHOLE_MAX), CursorCodec.decode(end.object("head")));
        }
        return line.has("error")
                ? new ResultLine.Failed(ErrorBody.decode(line))
                : new ResultLine.Result(decodeResult(line));
    }

    private static MutationResult decodeResult(Fields line) {
        OpId opId = line.opId("op_id");
        String result = line.text("result");
        return switch (result) {
            case APPLIED -> new MutationResult.Applied(opId, seq(line), ItemCodec.decodeAll(line, "items"));
            case DUPLICATE -> new MutationResult.Duplicate(opId, seq(line), ItemCodec.decodeAll(line, "items"));
            case REFUSED ->
                    new MutationResult.Refused(
                            opId,
                            line.text("code"),
                            line.optText("dimension"),
                            line.optText("message").orElse(""),
                            line.optObject("item").map(ItemCodec::decode));
            default -> throw line.wrong("result", "must be applied, duplicate or refused");
        };
    }

    private static JsonObject took(OpId opId, String result, long seq, List<Item> items) {
        return new JsonObject()
                .add("op_id", opId.toString())
                .add("result", result)
                .add("seq", seq)
                .add("items", ItemCodec.encodeAll(items));
    }

    private static long seq(Fields line) {
        return line.whole("seq", 0, Fields.WHOLE_MAX);
    }
}
