package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Writes the answer to {@code POST …/content/fetch}, in the frames of a bundle: per content that was asked for, in any
 * order, {@code {"content":{"id","size"}}} and a raw frame with its bytes, or {@code {"missing":"id"}}; last {@code
 * {"end":{"contents":N}}}, where N counts both. Content of more than 64 KiB counts as missing here: it has its own
 * call. For one thread; the stream stays open and is not flushed.
 */
public final class FetchWriter {
    private final OutputStream out;
    private long contents;

    public FetchWriter(OutputStream out) {
        this.out = Objects.requireNonNull(out);
    }

    public void content(SmallContent content) throws IOException {
        JsonObject named = new JsonObject().add("id", content.ref().id().hex()).add("size", content.size());
        Frames.writeJson(out, new JsonObject().add("content", named));
        Frames.writeRaw(out, content);
        contents++;
    }

    public void missing(Hash id) throws IOException {
        Frames.writeJson(out, new JsonObject().add("missing", id.hex()));
        contents++;
    }

    /** Writes the end frame; nothing may follow. */
    public void end() throws IOException {
        Frames.writeJson(out, new JsonObject().add("end", new JsonObject().add("contents", contents)));
    }
}
