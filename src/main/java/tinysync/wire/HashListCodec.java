package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;

import java.util.List;

/**
 * Lists of content ids and chunk hashes: {@code {"ids":[…]}} asks ({@code POST …/content/missing}, {@code POST
 * …/content/fetch}), {@code {"missing":[…]}} answers the first.
 */
public final class HashListCodec {
    /** The most hashes in one request. */
    public static final int HASHES_MAX = 10_000;

    private HashListCodec() {}

    public static JsonObject encodeIds(List<Hash> ids) {
        return new JsonObject().add("ids", array(ids));
    }

    public static List<Hash> decodeIds(Fields fields) {
        return fields.hashes("ids", HASHES_MAX);
    }

    public static JsonObject encodeMissing(List<Hash> missing) {
        return new JsonObject().add("missing", array(missing));
    }

    public static List<Hash> decodeMissing(Fields fields) {
        return fields.hashes("missing", HASHES_MAX);
    }

    private static JsonArray array(List<Hash> hashes) {
        JsonArray array = new JsonArray();
        hashes.forEach(hash -> array.add(hash.hex()));
        return array;
    }
}
