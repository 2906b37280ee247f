package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.tree.Mutation;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes a commit of type {@link BundleReader#MEDIA_TYPE}: mutations are gathered into frames of some size, each
 * followed by the contents that its mutations announced. For one thread; the stream stays open and is not flushed.
 */
public final class BundleWriter {
    private static final int FRAME_JSON = 256 << 10;
    private static final int FRAME_CONTENT = 1 << 20;

    private final OutputStream out;
    private final List<SmallContent> contents = new ArrayList<>();
    private JsonArray gathered = new JsonArray();
    private long jsonBytes;
    private long contentBytes;
    private long mutations;

    /** Writes the header. */
    public BundleWriter(OutputStream out, CommitHeader header) throws IOException {
        this.out = Objects.requireNonNull(out);
        Frames.writeJson(out, header.encode());
    }

    /**
     * A mutation whose content, if any, the server has already. One of more than 1 MiB of JSON is an
     * IllegalArgumentException.
     */
    public void add(Mutation mutation) throws IOException {
        gather(MutationCodec.encode(mutation));
    }

    /** A mutation with the content it names. */
    public void add(Mutation mutation, SmallContent content) throws IOException {
        gather(MutationCodec.encodeInline(mutation));
        contents.add(content);
        contentBytes += content.size();
        if (contentBytes >= FRAME_CONTENT) {
            writeGathered();
        }
    }

    /** Writes what is gathered and the end frame; nothing may follow. */
    public void end() throws IOException {
        writeGathered();
        Frames.writeJson(out, new JsonObject().add("end", new JsonObject().add("mutations", mutations)));
    }

    private void gather(JsonObject mutation) throws IOException {
        // The commas and brackets of the array need room too, hence the one byte.
        int size = StrictJson.utf8(mutation).length + 1;
        if (jsonBytes + size > FRAME_JSON) {
            writeGathered();
        }
        gathered.add(mutation);
        jsonBytes += size;
        mutations++;
    }

    private void writeGathered() throws IOException {
        if (!gathered.isEmpty()) {
            Frames.writeJson(out, gathered.size() == 1 ? gathered.get(0) : gathered);
        }
        for (SmallContent content : contents) {
            Frames.writeRaw(out, content);
        }
        gathered = new JsonArray();
        contents.clear();
        jsonBytes = 0;
        contentBytes = 0;
    }
}
