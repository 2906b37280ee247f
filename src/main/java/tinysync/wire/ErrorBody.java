package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Item;

import java.util.Objects;
import java.util.Optional;

/**
 * What every answer but a 2xx holds: {@code {"error":{"code","message","request_id","detail":{"item"}}}}.
 *
 * @param code a word of {@link ErrorCode}, or one that a newer server knows
 * @param requestId by which the server's log names the request
 * @param item the current view of what stood in the way
 */
public record ErrorBody(String code, String message, Optional<String> requestId, Optional<Item> item) {
    public ErrorBody {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(item);
    }

    public static ErrorBody of(Refusal refusal, Optional<String> requestId) {
        return new ErrorBody(refusal.code().wire(), refusal.getMessage(), requestId, refusal.item());
    }

    public JsonObject encode() {
        JsonObject error = new JsonObject().add("code", code).add("message", message);
        requestId.ifPresent(id -> error.add("request_id", id));
        item.ifPresent(view -> error.add("detail", new JsonObject().add("item", ItemCodec.encode(view))));
        return new JsonObject().add("error", error);
    }

    public static ErrorBody decode(Fields body) {
        Fields error = body.object("error");
        return new ErrorBody(
                error.text("code"),
                error.optText("message").orElse(""),
                error.optText("request_id"),
                error.optObject("detail").flatMap(detail -> detail.optObject("item")).map(ItemCodec::decode));
    }
}
