package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Reads JSON objects that stand one to a line, each ended by {@code \n}. Memory is bounded by one line of at most
 * {@value #LINE_MAX} bytes. Closes nothing; for one thread.
 */
public final class Ndjson {
    public static final String MEDIA_TYPE = "application/x-ndjson";

    /** Longest line in bytes: the answer to a move of a thousand items has their views on one. */
    public static final int LINE_MAX = 16 << 20;

    private final InputStream in;
    private final long lineHeapMax;

    /** Reads ahead in {@code in}. */
    public Ndjson(InputStream in) {
        this(in, Long.MAX_VALUE);
    }

    /**
     * @param lineHeapMax what one line may take of the heap when it is parsed, in bytes; more is refused before that
     */
    public Ndjson(InputStream in, long lineHeapMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.lineHeapMax = lineHeapMax;
    }

    public static void write(OutputStream out, JsonObject line) throws IOException {
        out.write(StrictJson.utf8(line));
        out.write('\n');
    }

    /**
     * The next line, or empty at the end of the stream.
     *
     * @throws TruncatedException when the stream ends inside a line
     */
    public Optional<JsonObject> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (true) {
            int b = in.read();
            if (b < 0 && line.size() == 0) {
                return Optional.empty();
            }
            if (b < 0) {
                throw new TruncatedException("the stream ended inside a line");
            }
            if (b == '\n') {
                InputStream text = JsonWeight.bounded(new ByteArrayInputStream(line.toByteArray()), lineHeapMax);
                return Optional.of(StrictJson.readObject(text, LINE_MAX));
            }
            if (line.size() == LINE_MAX) {
                throw new Refusal(ErrorCode.BODY_TOO_LARGE, "a line of more than " + LINE_MAX + " bytes");
            }
            line.write(b);
        }
    }

    /** The next line; the end of the stream is a {@link TruncatedException}. */
    public JsonObject need() throws IOException {
        return next().orElseThrow(() -> new TruncatedException("the stream ended before its closing line"));
    }
}
