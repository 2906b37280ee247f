package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.content.ContentRef;

/** {@code {"alg":"sha256","id":"…","size":12}}. */
public final class ContentRefCodec {
    private ContentRefCodec() {}

    public static JsonObject encode(ContentRef content) {
        return new JsonObject().add("alg", ContentRef.ALG).add("id", content.id().hex()).add("size", content.size());
    }

    public static ContentRef decode(Fields fields) {
        checkAlg(fields);
        return new ContentRef(fields.hash("id"), fields.whole("size", 0, ContentRef.SIZE_MAX));
    }

    static void checkAlg(Fields fields) {
        if (fields.optText("alg").filter(alg -> !alg.equals(ContentRef.ALG)).isPresent()) {
            throw fields.wrong("alg", "must be " + ContentRef.ALG);
        }
    }
}
