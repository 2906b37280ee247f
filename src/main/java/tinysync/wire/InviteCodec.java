package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Request and answer of {@code POST /v1/invites}. */
public final class InviteCodec {
    private static final long USES_MAX = 1_000_000;
    private static final long SECONDS_MAX = Duration.ofDays(3_660).toSeconds();

    /**
     * What is asked for. One of group and vault is present, each as an id or a name.
     *
     * @param uses how many devices may use it; empty is as the server thinks
     * @param expiresIn until it may be used; empty is as the server thinks
     */
    public record Request(
            Optional<String> group,
            Optional<String> vault,
            Role role,
            Optional<Integer> uses,
            Optional<Duration> expiresIn) {
        public Request {
            Objects.requireNonNull(role);
            Objects.requireNonNull(uses);
            Objects.requireNonNull(expiresIn);
            if (group.isPresent() == vault.isPresent()) {
                throw new IllegalArgumentException("an invite is for either a group or a vault");
            }
        }
    }

    /** What was minted; {@code invite} is the whole line of {@link InviteText} and a secret. */
    public record Minted(UUID id, String invite, Named group, Role role, int usesLeft, Instant expires) {
        public Minted {
            Objects.requireNonNull(id);
            Objects.requireNonNull(invite);
            Objects.requireNonNull(group);
            Objects.requireNonNull(role);
            Objects.requireNonNull(expires);
        }

        @Override
        public String toString() {
            return "invite " + id;
        }
    }

    private InviteCodec() {}

    public static JsonObject encode(Request request) {
        JsonObject json = new JsonObject();
        request.group().ifPresent(group -> json.add("group", group));
        request.vault().ifPresent(vault -> json.add("vault", vault));
        json.add("role", request.role().wire());
        request.uses().ifPresent(uses -> json.add("uses", uses));
        request.expiresIn().ifPresent(time -> json.add("expires_in_s", time.toSeconds()));
        return json;
    }

    /** {@code role} may be absent and is then {@code write}. */
    public static Request decodeRequest(Fields fields) {
        Optional<String> group = fields.optText("group");
        Optional<String> vault = fields.optText("vault");
        if (group.isPresent() == vault.isPresent()) {
            throw Fields.badRequest("an invite needs either group or vault");
        }
        return new Request(
                group,
                vault,
                fields.has("role") ? role(fields) : Role.WRITE,
                fields.optWhole("uses", 1, USES_MAX).map(Long::intValue),
                fields.optWhole("expires_in_s", 1, SECONDS_MAX).map(Duration::ofSeconds));
    }

    public static JsonObject encode(Minted minted) {
        return new JsonObject()
                .add("id", minted.id().toString())
                .add("invite", minted.invite())
                .add("group", minted.group().encode())
                .add("role", minted.role().wire())
                .add("uses_left", minted.usesLeft())
                .add("expires", Times.format(minted.expires()));
    }

    public static Minted decode(Fields fields) {
        return new Minted(
                fields.uuid("id"),
                fields.text("invite"),
                Named.decode(fields.object("group")),
                role(fields),
                (int) fields.whole("uses_left", 0, USES_MAX),
                fields.instant("expires"));
    }

    static Role role(Fields fields) {
        return fields.parsed("role", Role::parse, "must be read, write or manage");
    }
}
