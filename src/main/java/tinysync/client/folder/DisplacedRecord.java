package tinysync.client.folder;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;

import tinysync.client.engine.Slot;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What is written beside a displaced file, durably and before it is displaced, so that after a crash at any moment it
 * is known whose bytes lie there:
 *
 * <pre>{"format":1,"item":"UUID","folder":"docs","name":"a.txt","at":"2026-11-21T07:45:12Z","keep_as":"…",
 *  "expected":{"identity":"…","size":12,"mtime":"…"},"content":{"id":"HASH","size":12},"incoming":{"identity":"…","size":13,"mtime":"…"}}
 * </pre>
 *
 * @param slot where it lay
 * @param at when it was displaced
 * @param expected the image that was to be displaced: the server has these bytes, unless {@code keepAs} is given
 * @param content what was read from it while it was known to have that image
 * @param incoming the image that was to take its place; before the exchange this is what lies here
 * @param keepAs the displaced file belongs back into its folder under this name
 */
record DisplacedRecord(
        ItemId item,
        Slot slot,
        Instant at,
        Image expected,
        Optional<ContentRef> content,
        Optional<Image> incoming,
        Optional<String> keepAs) {
    static final int BYTES_MAX = 64 * 1024;

    private static final int FORMAT = 1;

    /** Which file with which bytes, as far as a stat tells. */
    record Image(String identity, long size, Instant mtime) {
        static Image of(Fingerprint fingerprint) {
            return new Image(fingerprint.identity(), fingerprint.size(), fingerprint.mtime());
        }

        private static Optional<Image> parse(Optional<JsonValue> json) {
            return json.map(JsonValue::asObject)
                    .map(
                            object ->
                                    new Image(
                                            object.getString("identity", ""),
                                            object.getLong("size", -1),
                                            Instant.parse(object.getString("mtime", ""))));
        }

        private JsonObject toJson() {
            return Json.object().add("identity", identity).add("size", size).add("mtime", mtime.toString());
        }
    }

    private static Optional<ContentRef> content(Optional<JsonValue> json) {
        return json.map(JsonValue::asObject)
                .flatMap(
                        object ->
                                Hash.tryParse(object.getString("id", ""))
                                        .map(id -> new ContentRef(id, object.getLong("size", -1))));
    }

    byte[] bytes() {
        JsonObject json =
                Json.object()
                        .add("format", FORMAT)
                        .add("item", item.toString())
                        .add("folder", slot.folder())
                        .add("name", slot.name())
                        .add("at", at.toString())
                        .add("expected", expected.toJson());
        content.ifPresent(c -> json.add("content", Json.object().add("id", c.id().hex()).add("size", c.size())));
        incoming.ifPresent(image -> json.add("incoming", image.toJson()));
        keepAs.ifPresent(name -> json.add("keep_as", name));
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Empty when a power loss, or a person, left something else. */
    static Optional<DisplacedRecord> parse(String text) {
        try {
            JsonObject json = Json.parse(text).asObject();
            if (json.getInt("format", 0) != FORMAT) {
                return Optional.empty();
            }
            Slot slot = new Slot(json.getString("folder", ""), json.getString("name", ""));
            Instant at = Instant.parse(json.getString("at", ""));
            Optional<Image> expected = Image.parse(Optional.ofNullable(json.get("expected")));
            Optional<ContentRef> content = content(Optional.ofNullable(json.get("content")));
            Optional<Image> incoming = Image.parse(Optional.ofNullable(json.get("incoming")));
            Optional<String> keepAs = Optional.ofNullable(json.get("keep_as")).map(JsonValue::asString);
            return ItemId.tryParse(json.getString("item", ""))
                    .filter(_ -> expected.isPresent() && !slot.name().isEmpty())
                    .map(item -> new DisplacedRecord(item, slot, at, expected.get(), content, incoming, keepAs));
        } catch (ParseException
                | UnsupportedOperationException
                | IllegalArgumentException
                | DateTimeException damaged) {
            return Optional.empty();
        }
    }
}
