package tinysync.wire;

import com.eclipsesource.json.JsonValue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;

/**
 * Reads a commit of type {@value #MEDIA_TYPE} frame by frame. Memory is bounded by one frame and by what is known of
 * the mutations that still wait for their content. For one thread; the stream stays open.
 *
 * <p>What breaks the format is a {@link Refusal}; events that were returned before it stay good, as do those before a
 * {@link TruncatedException}: a client whose bundle broke off retries by op id.
 */
public final class BundleReader {
    public static final String MEDIA_TYPE = "application/x-tinysync-bundle";

    /** Deflated frames may be a thousand times what came over the wire; a whole bundle unpacks to no more than this. */
    static final int JSON_MAX = 16 << 20;

    private enum Stage {
        HEADER,
        BODY,
        ENDED
    }

    private final InputStream in;
    private final long mutationsMax;
    private final Queue<ParsedMutation> waiting = new ArrayDeque<>();
    private Stage stage = Stage.HEADER;
    private long mutations;
    private long jsonBytes;

    /** A bundle of more than {@code mutationsMax} mutations is refused. */
    public BundleReader(InputStream in, long mutationsMax) {
        this.in = Objects.requireNonNull(in);
        this.mutationsMax = mutationsMax;
    }

    /**
     * The next event; empty after the end frame, when nothing follows it.
     *
     * @throws TruncatedException when the stream ends before the end frame
     */
    public Optional<BundleEvent> next() throws IOException {
        Optional<Frames.Frame> frame = Frames.read(in);
        if (stage == Stage.ENDED) {
            if (frame.isPresent()) {
                throw Fields.badRequest("a frame follows the end of the bundle");
            }
            return Optional.empty();
        }
        if (frame.isEmpty()) {
            throw new TruncatedException("the bundle has no end frame");
        }
        return Optional.of(
                switch (frame.get()) {
                    case Frames.Frame.Json(JsonValue value, int bytes) -> json(value, bytes);
                    case Frames.Frame.Raw(SmallContent content) -> content(content);
                });
    }

    private BundleEvent json(JsonValue value, int bytes) {
        jsonBytes += bytes;
        if (jsonBytes > JSON_MAX) {
            throw new Refusal(ErrorCode.BODY_TOO_LARGE, "more than " + JSON_MAX + " bytes of JSON in one bundle");
        }
        if (stage == Stage.HEADER) {
            stage = Stage.BODY;
            return new BundleEvent.Header(CommitHeader.decode(Fields.of(value, "the header of a bundle")));
        }
        if (value.isObject() && value.asObject().get("end") != null) {
            return end(Fields.of(value.asObject()).object("end").whole("mutations", 0, Fields.WHOLE_MAX));
        }
        List<JsonValue> given = value.isArray() ? value.asArray().values() : List.of(value);
        List<ParsedMutation> parsed = new ArrayList<>();
        for (JsonValue one : given) {
            if (++mutations > mutationsMax) {
                throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "more than " + mutationsMax + " mutations in one bundle");
            }
            ParsedMutation mutation = MutationCodec.decode(Fields.of(one, "a mutation"));
            parsed.add(mutation);
            if (mutation.inlineSize().isPresent()) {
                waiting.add(mutation);
            }
        }
        return new BundleEvent.Mutations(parsed);
    }

    private BundleEvent content(SmallContent content) {
        ParsedMutation mutation = waiting.poll();
        if (mutation == null) {
            throw Fields.badRequest("content that no mutation announced");
        }
        return new BundleEvent.Content(mutation.with(content), content);
    }

    private BundleEvent end(long announced) {
        if (announced != mutations) {
            throw Fields.badRequest("the bundle ends with " + announced + " mutations but had " + mutations);
        }
        if (!waiting.isEmpty()) {
            throw Fields.badRequest("the content of " + waiting.element().opId() + " is missing");
        }
        stage = Stage.ENDED;
        return new BundleEvent.End(announced);
    }
}
