package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Hash;
import tinysync.content.Manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code {"size":N,"chunks":[["sha256",len]…],"sha256":"whole, optional"}}. */
public final class ManifestCodec {
    /** The most chunks of one manifest, which is what fits into the largest request body. */
    public static final int CHUNKS_MAX = 220_000;

    /** A manifest and the client's claim of the hash of the whole, which nobody checked. */
    public record Body(Manifest manifest, Optional<Hash> wholeSha256) {
        public Body {
            Objects.requireNonNull(manifest);
            Objects.requireNonNull(wholeSha256);
        }
    }

    private ManifestCodec() {}

    public static JsonObject encode(Body body) {
        JsonArray chunks = new JsonArray();
        for (Chunk chunk : body.manifest().chunks()) {
            chunks.add(new JsonArray().add(chunk.hash().hex()).add(chunk.length()));
        }
        JsonObject json = new JsonObject().add("size", body.manifest().size()).add("chunks", chunks);
        body.wholeSha256().ifPresent(hash -> json.add("sha256", hash.hex()));
        return json;
    }

    public static Body decode(Fields fields) {
        List<Chunk> chunks = new ArrayList<>();
        for (JsonValue pair : fields.array("chunks", CHUNKS_MAX)) {
            if (!pair.isArray() || pair.asArray().size() != 2) {
                throw fields.wrong("chunks", "must hold pairs of hash and length");
            }
            Hash hash = Fields.hash(pair.asArray().get(0), "chunks[]");
            long length = Fields.whole(pair.asArray().get(1), "chunks[]", 1, Chunking.MAX_CHUNK);
            chunks.add(new Chunk(hash, (int) length));
        }
        long size = fields.whole("size", 0, Fields.WHOLE_MAX);
        Optional<Hash> whole = fields.optHash("sha256");
        try {
            return new Body(new Manifest(size, chunks), whole);
        } catch (IllegalArgumentException inconsistent) {
            throw Fields.badRequest("not a manifest: " + inconsistent.getMessage());
        }
    }
}
