package tinysync.server.http;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.server.core.GrantRow;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.GroupRules;
import tinysync.server.core.Page;
import tinysync.server.core.RegistryTx;
import tinysync.server.live.Access;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.wire.Fields;
import tinysync.wire.Role;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

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
        Page<Shown, GroupId> page =
                access.read(
                        tx -> {
                            Page<GroupRow, GroupId> rows = GroupRules.list(tx, call.who(), after, limit);
                            List<Shown> shown = rows.rows().stream().map(row -> shown(tx, row)).toList();
                            return new Page<>(shown, rows.next());
                        });
        call.answer(200, Views.page("groups", page.rows(), Shown::json, page.next()));
    }

    private static Shown shown(RegistryTx tx, GroupRow row) {
        return new Shown(row, tx.members(row.id(), Optional.empty(), MEMBERS_SHOWN_MAX), tx.grantsOf(row.id()));
    }

    private void put(Call call) throws IOException {
        String named = call.parameter("g");
        Optional<GroupId> id = ItemId.tryParse(named).map(item -> new GroupId(item.value()));
        Fields fields = call.jsonOrNothing();
        GroupRow row = id.isPresent() ? put(call, id.get(), fields.text("name")) : putNamed(call, named, fields);
        call.answer(200, Views.group(row).encode());
    }

    private GroupRow put(Call call, GroupId id, String name) {
        return access.write(tx -> GroupRules.put(tx, call.who(), id, name, services.clock().now()));
    }

    /** Another name in the body is a new name for the group of this one. */
    private GroupRow putNamed(Call call, String named, Fields fields) {
        String name = fields.optText("name").orElse(named);
        GroupId fresh = new GroupId(services.random().uuid());
        return access.write(
                tx ->
                        name.equals(named)
                                ? GroupRules.putNamed(tx, call.who(), name, fresh, services.clock().now())
                                : GroupRules.rename(tx, call.who(), named, name));
    }

    private void remove(Call call) throws IOException {
        change(call, (tx, group) -> GroupRules.remove(tx, call.who(), group));
    }

    private void addMember(Call call) throws IOException {
        DeviceId device = call.deviceParameter();
        change(call, (tx, group) -> GroupRules.addMember(tx, call.who(), group, device));
    }

    private void removeMember(Call call) throws IOException {
        DeviceId device = call.deviceParameter();
        change(call, (tx, group) -> GroupRules.removeMember(tx, call.who(), group, device));
    }

    private void grant(Call call) throws IOException {
        Role role = Views.role(call.json());
        change(call, (tx, group) -> GroupRules.putGrant(tx, call.who(), group, call.parameter("v"), role));
    }

    private void removeGrant(Call call) throws IOException {
        change(call, (tx, group) -> GroupRules.removeGrant(tx, call.who(), group, call.parameter("v")));
    }

    private void change(Call call, BiConsumer<RegistryTx, String> change) throws IOException {
        access.change(
                tx -> {
                    change.accept(tx, call.parameter("g"));
                    return true;
                });
        call.answerNothing(204);
    }
}
