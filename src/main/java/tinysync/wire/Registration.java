package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Request and answer of {@code POST /v1/devices}. */
public final class Registration {
    static final int VAULTS_MAX = 10_000;

    /**
     * A device that asks to be let in; the same request again is the same registration.
     *
     * @param secretSha256 see {@link DeviceToken#secretSha256}
     * @param invite empty where the server is open or an admin token is shown
     */
    public record Request(DeviceId device, Hash secretSha256, String displayName, Optional<InviteCode> invite) {
        public Request {
            Objects.requireNonNull(device);
            Objects.requireNonNull(secretSha256);
            Objects.requireNonNull(displayName);
            Objects.requireNonNull(invite);
        }
    }

    /** A vault that the device may reach, and as what. */
    public record Reach(VaultId id, String name, Role role) {
        public Reach {
            Objects.requireNonNull(id);
            Objects.requireNonNull(name);
            Objects.requireNonNull(role);
        }
    }

    public record Answer(DeviceId device, List<Reach> vaults) {
        public Answer {
            Objects.requireNonNull(device);
            vaults = List.copyOf(vaults);
        }
    }

    private Registration() {}

    public static JsonObject encode(Request request) {
        JsonObject json =
                new JsonObject()
                        .add("device_id", request.device().toString())
                        .add("secret_sha256", request.secretSha256().hex())
                        .add("display_name", request.displayName());
        request.invite().ifPresent(invite -> json.add("invite", invite.format()));
        return json;
    }

    /** An invite that cannot be one is refused with {@code invite_invalid}; a whole invite line is taken too. */
    public static Request decodeRequest(Fields fields) {
        Optional<InviteCode> invite =
                fields.optText("invite")
                        .map(
                                text ->
                                        InviteCode.tryParse(text)
                                                .or(() -> InviteText.tryParse(text).map(InviteText::code))
                                                .orElseThrow(
                                                        () ->
                                                                new Refusal(
                                                                        ErrorCode.INVITE_INVALID,
                                                                        "invite must be tsinv_ID_SECRET")));
        return new Request(
                fields.device("device_id"), fields.hash("secret_sha256"), fields.text("display_name"), invite);
    }

    public static JsonObject encode(Answer answer) {
        JsonArray vaults = new JsonArray();
        answer.vaults().forEach(vault -> vaults.add(encode(vault)));
        return new JsonObject().add("device_id", answer.device().toString()).add("vaults", vaults);
    }

    public static Answer decode(Fields fields) {
        List<Reach> vaults = new ArrayList<>();
        fields.objects("vaults", VAULTS_MAX).forEach(vault -> vaults.add(reach(vault)));
        return new Answer(fields.device("device_id"), vaults);
    }

    private static JsonObject encode(Reach reach) {
        return new JsonObject()
                .add("id", reach.id().toString())
                .add("name", reach.name())
                .add("role", reach.role().wire());
    }

    private static Reach reach(Fields fields) {
        return new Reach(fields.vault("id"), fields.text("name"), InviteCodec.role(fields));
    }
}
