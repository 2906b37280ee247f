package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.content.Chunking;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is decided about a vault, as answers show it: {@code
 * {"names":"portable","chunking":{"min","average","max"},"merge":[…],"retention_s"?,"quota_bytes"?}}.
 *
 * @param exactNames siblings differ by their exact characters ({@code exact}), else by fold key ({@code portable})
 * @param merge globs of the text files that are merged instead of copied
 * @param retention how long old versions are kept; empty is for ever
 * @param quotaBytes empty is without limit
 */
public record PolicyView(
        boolean exactNames,
        Chunking chunking,
        List<String> merge,
        Optional<Duration> retention,
        Optional<Long> quotaBytes) {
    public static final String PORTABLE = "portable";
    public static final String EXACT = "exact";

    private static final int GLOBS_MAX = 1_000;

    public PolicyView {
        Objects.requireNonNull(chunking);
        merge = List.copyOf(merge);
        Objects.requireNonNull(retention);
        Objects.requireNonNull(quotaBytes);
    }

    public JsonObject encode() {
        JsonObject json =
                new JsonObject()
                        .add("names", exactNames ? EXACT : PORTABLE)
                        .add(
                                "chunking",
                                new JsonObject()
                                        .add("min", chunking.min())
                                        .add("average", chunking.average())
                                        .add("max", chunking.max()))
                        .add("merge", InfoCodec.texts(merge));
        retention.ifPresent(time -> json.add("retention_s", time.toSeconds()));
        quotaBytes.ifPresent(bytes -> json.add("quota_bytes", bytes));
        return json;
    }

    public static PolicyView decode(Fields fields) {
        return new PolicyView(
                fields.parsed("names", PolicyView::exact, "must be portable or exact"),
                fields.optObject("chunking").map(PolicyView::chunking).orElse(Chunking.DEFAULT),
                fields.texts("merge", GLOBS_MAX),
                fields.optWhole("retention_s", 1, Fields.WHOLE_MAX).map(Duration::ofSeconds),
                fields.optWhole("quota_bytes", 0, Fields.WHOLE_MAX));
    }

    private static Optional<Boolean> exact(String names) {
        return switch (names) {
            case PORTABLE -> Optional.of(false);
            case EXACT -> Optional.of(true);
            default -> Optional.empty();
        };
    }

    private static Chunking chunking(Fields fields) {
        try {
            return new Chunking(size(fields, "min"), size(fields, "average"), size(fields, "max"));
        } catch (IllegalArgumentException impossible) {
            throw Fields.badRequest(impossible.getMessage());
        }
    }

    private static int size(Fields fields, String name) {
        return (int) fields.whole(name, 1, Chunking.MAX_CHUNK);
    }
}
