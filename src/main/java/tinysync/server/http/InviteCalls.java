package tinysync.server.http;

import com.eclipsesource.json.JsonObject;

import tinysync.server.core.AdminRules;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.GroupRules;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRules;
import tinysync.server.core.Page;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.VaultRow;
import tinysync.wire.ErrorCode;
import tinysync.wire.InviteCode;
import tinysync.wire.InviteCodec;
import tinysync.wire.InviteText;
import tinysync.wire.Refusal;
import tinysync.wire.Times;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Invites: minted, listed, withdrawn. Their secrets are shown once. */
final class InviteCalls {
    private static final int PAGE = 500;
    private static final int SECRET_BYTES = 32;
    private static final Duration EXPIRES_USUALLY = Duration.ofDays(7);

    private final HttpServices services;
    private final ServerFacts facts;

    InviteCalls(HttpServices services, ServerFacts facts) {
        this.services = services;
        this.facts = facts;
    }

    List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/invites", Route.Need.DEVICE_OR_ADMIN, this::mint),
                new Route("GET", "/v1/invites", Route.Need.DEVICE_OR_ADMIN, this::list),
                new Route("DELETE", "/v1/invites/{i}", Route.Need.DEVICE_OR_ADMIN, this::revoke));
    }

    private void mint(Call call) throws IOException {
        InviteCodec.Request request = InviteCodec.decodeRequest(call.json());
        String secret = HexFormat.of().formatHex(services.random().bytes(SECRET_BYTES));
        InviteRules.Fresh fresh =
                new InviteRules.Fresh(
                        new InviteId(services.random().uuid()), secret, () -> new GroupId(services.random().uuid()));
        InviteRules.Shown shown =
                services.access()
                        .write(
                                tx -> {
                                    InviteRules.Request minted =
                                            new InviteRules.Request(
                                                    target(tx, request),
                                                    request.uses().orElse(1),
                                                    request.expiresIn().orElse(EXPIRES_USUALLY));
                                    return InviteRules.mint(tx, call.who(), minted, fresh, services.clock().now());
                                });
        InviteCode code = new InviteCode(shown.invite().id().value(), secret);
        String text = new InviteText(facts.base(), code, facts.pin()).format();
        call.answer(
                201,
                InviteCodec.encode(
                        new InviteCodec.Minted(
                                shown.invite().id().value(),
                                text,
                                Views.group(shown.group()),
                                shown.invite().role(),
                                shown.invite().usesLeft(),
                                shown.invite().expires())));
    }

    private static InviteRules.Target target(RegistryTx tx, InviteCodec.Request request) {
        if (request.group().isPresent()) {
            return GroupRules.find(tx, request.group().get())
                    .map(GroupRow::id)
                    .map(InviteRules.Target.ToGroup::new)
                    .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such group"));
        }
        return AdminRules.findVault(tx, request.vault().orElseThrow())
                .map(VaultRow::id)
                .map(vault -> new InviteRules.Target.ToVault(vault, request.role()))
                .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such vault"));
    }

    private void list(Call call) throws IOException {
        Optional<InviteId> after = call.after().map(InviteId::new);
        int limit = call.limit(PAGE, PAGE);
        Page<InviteRules.Shown, InviteId> page =
                services.access().read(tx -> InviteRules.list(tx, call.who(), after, limit));
        call.answer(200, Views.page("invites", page.rows(), InviteCalls::view, page.next()));
    }

    private static JsonObject view(InviteRules.Shown shown) {
        return new JsonObject()
                .add("id", shown.invite().id().toString())
                .add("group", Views.group(shown.group()).encode())
                .add("role", shown.invite().role().wire())
                .add("uses_left", shown.invite().usesLeft())
                .add("expires", Times.format(shown.invite().expires()));
    }

    private void revoke(Call call) throws IOException {
        InviteId id = new InviteId(call.uuid("i"));
        services.access()
                .write(
                        tx -> {
                            InviteRules.revoke(tx, call.who(), id);
                            return true;
                        });
        call.answerNothing(204);
    }
}
