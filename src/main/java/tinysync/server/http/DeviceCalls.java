package tinysync.server.http;

import com.eclipsesource.json.JsonObject;

import tinysync.server.core.AccessRules;
import tinysync.server.core.AdminRules;
import tinysync.server.core.DeviceRow;
import tinysync.server.core.Page;
import tinysync.server.core.Principal;
import tinysync.server.core.Reach;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.VaultRules;
import tinysync.server.core.VaultState;
import tinysync.server.live.Access;
import tinysync.tree.DeviceId;
import tinysync.wire.InviteCode;
import tinysync.wire.Me;
import tinysync.wire.Named;
import tinysync.wire.Registration;
import tinysync.wire.SessionChange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Devices: how they come, what they may reach, how they go. */
final class DeviceCalls {
    private static final int PAGE = 500;

    private final HttpServices services;
    private final Access access;

    DeviceCalls(HttpServices services) {
        this.services = services;
        this.access = services.access();
    }

    List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/devices", Route.Need.OPTIONAL, this::register),
                new Route("GET", "/v1/devices", Route.Need.DEVICE_OR_ADMIN, this::list),
                new Route("POST", "/v1/devices/clone", Route.Need.DEVICE, this::cloneDevice),
                new Route("GET", "/v1/devices/{d}", Route.Need.DEVICE_OR_ADMIN, this::show),
                new Route("DELETE", "/v1/devices/{d}", Route.Need.DEVICE_OR_ADMIN, this::revoke),
                new Route("GET", "/v1/me", Route.Need.DEVICE, this::me),
                new Route("POST", "/v1/session", Route.Need.DEVICE, this::session));
    }

    private void register(Call call) throws IOException {
        boolean byAdmin = call.whoIfAnyone().filter(who -> who instanceof Principal.Admin).isPresent();
        AccessRules.RegistrationRequest request = request(Registration.decodeRequest(call.json()));
        answer(call, byAdmin ? register(request, true) : guarded(call, request));
    }

    /** An invite is a secret that can be guessed at like a token; and so is that of a device that registers again. */
    private tinysync.server.core.Registration guarded(Call call, AccessRules.RegistrationRequest request) {
        String shown = request.invite().orElseGet(() -> request.secretSha256().hex());
        return services.attempts().guard(call.origin(), shown, () -> register(request, false));
    }

    private tinysync.server.core.Registration register(AccessRules.RegistrationRequest request, boolean byAdmin) {
        return access.change(tx -> AccessRules.register(tx, request, byAdmin, services.clock().now()));
    }

    private void cloneDevice(Call call) throws IOException {
        AccessRules.RegistrationRequest request = request(Registration.decodeRequest(call.json()));
        DeviceId original = call.device();
        answer(call, access.write(tx -> AccessRules.cloneDevice(tx, original, request, services.clock().now())));
    }

    private static AccessRules.RegistrationRequest request(Registration.Request request) {
        return new AccessRules.RegistrationRequest(
                request.device(),
                request.secretSha256(),
                request.displayName(),
                request.invite().map(InviteCode::format));
    }

    private static void answer(Call call, tinysync.server.core.Registration done) throws IOException {
        List<Registration.Reach> reach = done.vaults().stream().map(Views::reach).toList();
        call.answer(done.fresh() ? 201 : 200, Registration.encode(new Registration.Answer(done.device().id(), reach)));
    }

    private void list(Call call) throws IOException {
        Optional<DeviceId> after = call.after().map(DeviceId::new);
        int limit = call.limit(PAGE, PAGE);
        Page<DeviceRow, DeviceId> page = access.read(tx -> AdminRules.devices(tx, call.who(), after, limit));
        call.answer(200, Views.page("devices", page.rows(), Views::device, page.next()));
    }

    private void show(Call call) throws IOException {
        DeviceId id = call.deviceParameter();
        call.answer(200, Views.device(access.read(tx -> AdminRules.device(tx, call.who(), id))));
    }

    private void revoke(Call call) throws IOException {
        DeviceId id = call.deviceParameter();
        access.change(
                tx -> {
                    AccessRules.revokeDevice(tx, call.who(), id);
                    return true;
                });
        call.answerNothing(204);
    }

    private void session(Call call) throws IOException {
        SessionChange change = SessionChange.decode(call.json());
        DeviceId device = call.device();
        access.write(
                tx -> {
                    AccessRules.openSession(tx, device, change.previous(), change.next());
                    return true;
                });
        call.answer(200, new JsonObject());
    }

    /** A device with its groups and vaults, from one state of the registry. */
    private record Standing(Named device, List<Named> groups, List<Reach> vaults) {}

    private void me(Call call) throws IOException {
        Standing standing = access.read(tx -> standing(tx, call.device()));
        List<Me.Reach> vaults = new ArrayList<>();
        for (Reach reach : standing.vaults()) {
            VaultState state = services.vaults().of(reach.vault().id()).read(VaultRules::state);
            vaults.add(
                    new Me.Reach(
                            reach.vault().id(),
                            reach.vault().name(),
                            reach.role(),
                            state.root(),
                            Views.policy(state.policy())));
        }
        call.answer(200, new Me(standing.device(), vaults, standing.groups()).encode());
    }

    private static Standing standing(RegistryTx tx, DeviceId id) {
        DeviceRow row = tx.device(id).orElseThrow();
        List<Named> groups = tx.groupsOf(id).stream().map(group -> Views.group(tx.group(group).orElseThrow())).toList();
        return new Standing(new Named(id.value(), row.name()), groups, AccessRules.reachable(tx, id));
    }
}
