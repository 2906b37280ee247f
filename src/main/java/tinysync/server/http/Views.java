package tinysync.server.http;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Chunking;
import tinysync.server.core.DeviceRow;
import tinysync.server.core.GroupRow;
import tinysync.server.core.NamePolicy;
import tinysync.server.core.Reach;
import tinysync.server.core.VaultPolicy;
import tinysync.wire.Fields;
import tinysync.wire.Named;
import tinysync.wire.PolicyView;
import tinysync.wire.Registration;
import tinysync.wire.Role;
import tinysync.wire.Times;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How rows of the server look on the wire, and back. */
final class Views {
    private static final int GLOBS_MAX = 1_000;

    private Views() {}

    /** The role that a body names. */
    static Role role(Fields fields) {
        return fields.parsed("role", Role::parse, "must be read, write or manage");
    }

    static Named group(GroupRow row) {
        return new Named(row.id().value(), row.name());
    }

    static Registration.Reach reach(Reach reach) {
        return new Registration.Reach(reach.vault().id(), reach.vault().name(), reach.role());
    }

    static JsonObject device(DeviceRow row) {
        return new JsonObject()
                .add("id", row.id().toString())
                .add("name", row.name())
                .add("revoked", row.revoked())
                .add("created", Times.format(row.created()))
                .add("seen", Times.format(row.seen()));
    }

    static PolicyView policy(VaultPolicy policy) {
        return new PolicyView(
                policy.names() == NamePolicy.EXACT,
                policy.chunking(),
                policy.merge(),
                policy.retention(),
                policy.quotaBytes());
    }

    /** {@code before} with what a body says; {@code null} takes a limit away, and what is not named stays. */
    static VaultPolicy patched(VaultPolicy before, Fields patch) {
        NamePolicy names =
                patch.has("names")
                        ? patch.parsed("names", NamePolicy::parse, "must be portable or exact")
                        : before.names();
        List<String> merge = patch.has("merge") ? patch.texts("merge", GLOBS_MAX) : before.merge();
        Optional<Duration> retention =
                patch.names().contains("retention_s")
                        ? patch.optWhole("retention_s", 1, Fields.WHOLE_MAX).map(Duration::ofSeconds)
                        : before.retention();
        Optional<Long> quota =
                patch.names().contains("quota_bytes")
                        ? patch.optWhole("quota_bytes", 0, Fields.WHOLE_MAX)
                        : before.quotaBytes();
        try {
            return new VaultPolicy(names, merge, retention, quota, chunking(before, patch));
        } catch (IllegalArgumentException impossible) {
            throw patch.wrong("policy", "is not possible: " + impossible.getMessage());
        }
    }

    private static Chunking chunking(VaultPolicy before, Fields patch) {
        Optional<Fields> chunking = patch.optObject("chunking");
        return chunking.isEmpty()
                ? before.chunking()
                : new Chunking(
                        size(chunking.get(), "min"), size(chunking.get(), "average"), size(chunking.get(), "max"));
    }

    private static int size(Fields fields, String name) {
        return (int) fields.whole(name, 1, Chunking.MAX_CHUNK);
    }

    /** {@code {"NAME":[…],"next"?:"…"}}: a page, and behind which id the next one begins. */
    static <R, K> JsonObject page(String name, List<R> rows, Function<R, JsonObject> view, Optional<K> next) {
        JsonArray array = new JsonArray();
        rows.forEach(row -> array.add(view.apply(row)));
        JsonObject json = new JsonObject().add(name, array);
        next.ifPresent(id -> json.add("next", id.toString()));
        return json;
    }
}
