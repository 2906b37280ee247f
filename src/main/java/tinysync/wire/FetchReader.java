package tinysync.wire;

import com.eclipsesource.json.JsonValue;

import tinysync.content.Hash;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads what a {@link FetchWriter} wrote, one content at a time, each checked against its id. Violations are a {@link
 * Refusal}. For one thread; the stream stays open.
 */
public final class FetchReader {
    /** What came of one id. */
    public sealed interface Fetched {
        Hash id();

        record Found(SmallContent content) implements Fetched {
            public Found {
                Objects.requireNonNull(content);
            }

            @Override
            public Hash id() {
                return content.ref().id();
            }
        }

        record Missing(Hash id) implements Fetched {
            public Missing {
                Objects.requireNonNull(id);
            }
        }
    }

    /** A frame names one content, and no more. */
    private static final int JSON_MAX = 4 << 10;

    private final InputStream in;
    private long contents;
    private boolean ended;

    public FetchReader(InputStream in) {
        this.in = Objects.requireNonNull(in);
    }

    /**
     * The next one; empty after the end frame.
     *
     * @throws TruncatedException when the stream ends before the end frame
     */
    public Optional<Fetched> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        Fields line =
                switch (frame()) {
                    case Frames.Frame.Json(JsonValue value, int _) -> Fields.of(value, "a frame");
                    case Frames.Frame.Raw _ -> throw Fields.badRequest("content that was not announced");
                };
        if (line.has("end")) {
            long announced = line.object("end").whole("contents", 0, Fields.WHOLE_MAX);
            if (announced != contents) {
                throw Fields.badRequest("the answer ends with " + announced + " contents but had " + contents);
            }
            ended = true;
            return Optional.empty();
        }
        contents++;
        return Optional.of(line.has("missing") ? new Fetched.Missing(line.hash("missing")) : found(line));
    }

    private Fetched found(Fields line) throws IOException {
        Fields named = line.object("content");
        Hash id = named.hash("id");
        long size = named.whole("size", 0, Fields.WHOLE_MAX);
        return switch (frame()) {
            case Frames.Frame.Raw(SmallContent content) -> {
                if (content.size() != size || !content.ref().id().equals(id)) {
                    throw new Refusal(ErrorCode.BAD_HASH, "content " + id + " came with other bytes");
                }
                yield new Fetched.Found(content);
            }
            case Frames.Frame.Json _ -> throw Fields.badRequest("content " + id + " was announced and did not come");
        };
    }

    private Frames.Frame frame() throws IOException {
        return Frames.read(in, JSON_MAX).orElseThrow(() -> new TruncatedException("the answer has no end frame"));
    }
}
