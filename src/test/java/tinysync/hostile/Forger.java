package tinysync.hostile;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Hash;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Makes items and events that look as a server's do, and say what no server of ours would. */
final class Forger {
    private static final String DEVICE = "00000000-0000-0000-0000-0000000000de";

    private long ids;

    String id() {
        return new UUID(0xf0f0L, ++ids).toString();
    }

    static JsonObject cursor(String epoch, long seq) {
        return new JsonObject().add("epoch", epoch).add("seq", seq).add("tag", tag(seq));
    }

    static JsonObject versions(long seq) {
        return new JsonObject().add("content", seq).add("place", seq).add("meta", seq);
    }

    static JsonObject folder(String id, String parent, String name) {
        return item(id, parent, name, "folder").add("mode", "755");
    }

    static JsonObject file(String id, String parent, String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return file(id, parent, name, Hash.of(bytes).hex(), bytes.length);
    }

    static JsonObject file(String id, String parent, String name, String content, long size) {
        return item(id, parent, name, "file")
                .add("mode", "644")
                .add("mtime", "2026-11-21T07:45:00Z")
                .add("content", new JsonObject().add("alg", "sha256").add("id", content).add("size", size));
    }

    static JsonObject symlink(String id, String parent, String name, String target) {
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        return item(id, parent, name, "symlink")
                .add("mode", "777")
                .add("target", target)
                .add(
                        "content",
                        new JsonObject()
                                .add("alg", "sha256")
                                .add("id", Hash.of(bytes).hex())
                                .add("size", bytes.length));
    }

    static JsonObject item(String id, String parent, String name, String kind) {
        return new JsonObject()
                .add("id", id)
                .add("parent", parent)
                .add("name", name)
                .add("kind", kind)
                .add("versions", versions(0))
                .add("deleted", false)
                .add("attrs", new JsonObject());
    }

    /** The page with events behind its last, an event for each item, and a head that says so. */
    JsonObject extend(JsonObject page, JsonObject... items) {
        JsonArray events = page.get("events").asArray();
        long seq = events.get(events.size() - 1).asObject().getLong("seq", 0);
        for (JsonObject item : items) {
            seq++;
            events.add(event(seq, item.getBoolean("deleted", false) ? "delete" : "put_file", at(seq, item)));
        }
        JsonObject head = page.get("head").asObject();
        head.set("seq", seq).set("tag", tag(seq));
        return page.set("more", false);
    }

    JsonObject event(long seq, String op, JsonObject... items) {
        JsonArray array = new JsonArray();
        for (JsonObject item : items) {
            array.add(item);
        }
        return new JsonObject()
                .add("seq", seq)
                .add("tag", tag(seq))
                .add("time", "2026-11-21T07:45:00Z")
                .add("device", DEVICE)
                .add("op_id", id() + ":0")
                .add("op", op)
                .add("items", array)
                .add("confirmed", false);
    }

    static JsonObject at(long seq, JsonObject item) {
        return copy(item).set("versions", versions(seq));
    }

    static JsonObject copy(JsonValue json) {
        return Json.parse(json.toString()).asObject();
    }

    private static String tag(long seq) {
        return "f%015x".formatted(seq);
    }
}
