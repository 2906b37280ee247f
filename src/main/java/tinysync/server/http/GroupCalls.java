package tinysync.server.http;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.server.core.AccessRules;
import tinysync.server.core.AdminRules;
import tinysync.server.core.GrantRow;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.Principal;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.VaultRow;
import tinysync.server.live.Access;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Fields;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Groups, who is in them, and what they open. Groups and vaults are named by id or by name. */
final class GroupCalls {
    private static final int PAGE = 200;
    private static final int MEMBERS_SHOWN_MAX = 1_000;

    private final HttpServices services;
    private final Access access;

    GroupCalls(HttpServices services) {
        this.services = services;
        this.access = services.access();
    }

    List<Route> routes() {
        Route.Need need = Route.Need.DEVICE_OR_ADMIN;
        return List.of(
                new Route("GET", "/v1/groups", need, this::list),
                new Route("PUT", "/v1/groups/{g}", need, this::put),
                new Route("DELETE", "/v1/groups/{g}", need, this::remove),
                new Route("PUT", "/v1/groups/{g}/devices/{d}", need, this::addMember),
                new Route("DELETE", "/v1/groups/{g}/devices/{d}", need, this::removeMember),
                new Route("PUT", "/v1/groups/{g}/vaults/{v}", need, this::grant),
                new Route("DELETE", "/v1/groups/{g}/vaults/{v}", need, this::removeGrant));
    }

    private record Shown(GroupRow group, List<DeviceId> members, List<GrantRow> grants) {
        JsonObject json() {
            JsonArray devices = new JsonArray();
            members.forEach(device -> devices.add(device.toString()));
            JsonArray vaults = new JsonArray();
            grants.forEach(
                    grant ->
                            vaults.add(
                                    new JsonObject()
                                            .add("id", grant.vault().toString())
                                            .add("role", grant.role().wire())));
            return Views.group(group).encode().add("devices", devices).add("vaults", vaults);
        }
    }

    private void list(Call call) throws IOException {
        Optional<GroupId> after = call.after().map(GroupId::new);
        int limit = call.limit(PAGE, PAGE);
        AdminRules.Page<Shown, GroupId> page = access.read(tx -> page(tx, call.who(), after, limit));
        call.answer(200, Views.page("groups", page.rows(), Shown::json, page.next()));
    }

    private static AdminRules.Page<Shown, GroupId> page(
            RegistryTx tx, Principal who, Optional<GroupId> after, int limit) {
        List<GroupRow> rows = tx.groups(after, limit);
        List<Shown> shown = new ArrayList<>();
        for (GroupRow row : rows) {
            List<GrantRow> grants = tx.grantsOf(row.id());
            if (mayKnow(tx, who, row, grants)) {
                shown.add(new Shown(row, tx.members(row.id(), Optional.empty(), MEMBERS_SHOWN_MAX), grants));
            }
        }
        Optional<GroupId> next = rows.size() < limit ? Optional.empty() : Optional.of(rows.getLast().id());
        return new AdminRules.Page<>(shown, next);
    }

    /** Who may change a group may see it. */
    private static boolean mayKnow(RegistryTx tx, Principal who, GroupRow row, List<GrantRow> grants) {
        return switch (who) {
            case Principal.Admin admin -> true;
            case Principal.Device device ->
                    !grants.isEmpty()
                            && grants.stream()
                                    .allMatch(
                                            grant ->
                                                    AccessRules.effectiveRole(tx, device.id(), grant.vault())
                                                            .equals(Optional.of(Role.MANAGE)));
        };
    }

    /** A group that is not there yet gets the id that was given, or a fresh one where it was a name. */
    private void put(Call call) throws IOException {
        String named = call.parameter("g");
        Fields fields = call.jsonOrNothing();
        Optional<GroupId> id = ItemId.tryParse(named).map(item -> new GroupId(item.value()));
        String name = id.isPresent() ? fields.text("name") : fields.optText("name").orElse(named);
        GroupId fresh = new GroupId(services.random().uuid());
        GroupRow row =
                access.write(
                        tx -> {
                            GroupId group =
                                    id.or(() -> AdminRules.findGroup(tx, named).map(GroupRow::id)).orElse(fresh);
                            return AdminRules.putGroup(tx, call.who(), group, name, services.clock().now());
                        });
        call.answer(200, Views.group(row).encode());
    }

    private void remove(Call call) throws IOException {
        access.change(
                tx -> {
                    AdminRules.findGroup(tx, call.parameter("g"))
                            .ifPresent(group -> AdminRules.removeGroup(tx, call.who(), group.id()));
                    return true;
                });
        call.answerNothing(204);
    }

    private void addMember(Call call) throws IOException {
        DeviceId device = call.deviceParameter();
        change(call, (tx, group) -> AdminRules.addMember(tx, call.who(), group, device));
    }

    private void removeMember(Call call) throws IOException {
        DeviceId device = call.deviceParameter();
        change(call, (tx, group) -> AdminRules.removeMember(tx, call.who(), group, device));
    }

    private void grant(Call call) throws IOException {
        Role role = Views.role(call.json());
        change(call, (tx, group) -> AdminRules.putGrant(tx, call.who(), group, vault(tx, call), role));
    }

    private void removeGrant(Call call) throws IOException {
        change(call, (tx, group) -> AdminRules.removeGrant(tx, call.who(), group, vault(tx, call)));
    }

    private void change(Call call, BiConsumer<RegistryTx, GroupId> change) throws IOException {
        Function<RegistryTx, Boolean> work =
                tx -> {
                    GroupRow group =
                            AdminRules.findGroup(tx, call.parameter("g"))
                                    .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such group"));
                    change.accept(tx, group.id());
                    return true;
                };
        access.change(work);
        call.answerNothing(204);
    }

    private static VaultId vault(RegistryTx tx, Call call) {
        return AdminRules.findVault(tx, call.parameter("v"))
                .map(VaultRow::id)
                .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such vault"));
    }
}
