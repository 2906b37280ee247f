package tinysync.cli;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.platform.PrivateFiles;
import tinysync.wire.AdminToken;
import tinysync.wire.Fields;
import tinysync.wire.Role;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code admin …}: operates a server over HTTP, with its admin token. */
final class AdminCommands {
    private static final String TOKEN_FILE = "admin.token";

    /** Written by the server while it runs: where it listens. */
    static final String ADDRESS_FILE = "address";

    private static final int PAGE_MAX = 100_000;

    private final Context context;
    private final Arguments arguments;
    private final ServerApi api;
    private final Access access;

    private AdminCommands(Context context, ServerApi api, Access access) {
        this.context = context;
        this.arguments = context.arguments();
        this.api = api;
        this.access = access;
    }

    /** What one of the commands does. */
    @FunctionalInterface
    interface Action {
        void run(AdminCommands admin) throws CommandFailure, RemoteException, IOException;
    }

    /** Where the server is, and with what we are let in. */
    private record Access(ServerAddress server, AdminToken token, Optional<Path> tokenFile) {
        ServerConnection connection() {
            return new ServerConnection(server.base(), token, server.pin());
        }
    }

    static Exit run(Context context, Action action) throws CommandFailure, RemoteException, IOException {
        Access access = access(context);
        try (ServerApi api = new ServerApi(access.connection())) {
            action.run(new AdminCommands(context, api, access));
            return Exit.DONE;
        }
    }

    private static Access access(Context context) throws CommandFailure, IOException {
        Arguments arguments = context.arguments();
        Optional<Path> data = arguments.pathOf("--data");
        Optional<String> server = arguments.value("--server");
        Optional<String> given = arguments.value("--token-file");
        if (data.isEmpty() && (server.isEmpty() || given.isEmpty())) {
            throw CommandFailure.usage("say which server: --server URL --token-file FILE, or --data DIR");
        }
        String base = server.isPresent() ? server.get() : announced(data.orElseThrow());
        String source = given.orElseGet(() -> data.orElseThrow().resolve(TOKEN_FILE).toString());
        return new Access(
                ServerAddress.parse("--server", base),
                JoinCommands.adminToken(context, source),
                source.equals("-") ? Optional.empty() : Optional.of(Arguments.path(source)));
    }

    private static String announced(Path data) throws CommandFailure, IOException {
        Path address = data.resolve(ADDRESS_FILE);
        if (!Files.exists(address)) {
            throw CommandFailure.unreachable("no server runs on " + data + ": start it, or give --server URL");
        }
        return Files.readString(address).strip();
    }

    void listVaults() throws CommandFailure, RemoteException, IOException {
        list("vaults", AdminCommands::vaultLine);
    }

    void createVault() throws CommandFailure, RemoteException, IOException {
        JsonObject body = new JsonObject().add("name", operand(0));
        arguments.value("--names").ifPresent(names -> body.add("policy", new JsonObject().add("names", names)));
        change("POST", "/v1/vaults", Optional.of(body));
    }

    void setVault() throws CommandFailure, RemoteException, IOException {
        JsonObject body = new JsonObject();
        arguments.value("--name").ifPresent(name -> body.add("name", name));
        JsonObject policy = policy();
        if (!policy.isEmpty()) {
            body.add("policy", policy);
        }
        if (body.isEmpty()) {
            throw CommandFailure.usage("say what to change: " + arguments.command().synopsis());
        }
        change("PATCH", vault(operand(0)), Optional.of(body));
    }

    private JsonObject policy() throws CommandFailure {
        JsonObject policy = new JsonObject();
        Optional<String> merge = arguments.value("--merge");
        if (merge.isPresent()) {
            JsonArray globs = new JsonArray();
            Arrays.stream(merge.get().split("[,\n]")).filter(glob -> !glob.isBlank()).forEach(globs::add);
            policy.add("merge", globs);
        }
        Optional<String> retention = arguments.value("--retention");
        if (retention.isPresent()) {
            policy.add(
                    "retention_s",
                    retention.get().equals("forever")
                            ? Json.NULL
                            : Json.value(Quantities.span("--retention", retention.get()).toSeconds()));
        }
        Optional<String> quota = arguments.value("--quota");
        if (quota.isPresent()) {
            policy.add(
                    "quota_bytes",
                    quota.get().equals("none") ? Json.NULL : Json.value(Quantities.bytes("--quota", quota.get())));
        }
        return policy;
    }

    void deleteVault() throws CommandFailure, RemoteException, IOException {
        change("DELETE", vault(operand(0)));
    }

    void listGroups() throws CommandFailure, RemoteException, IOException {
        list("groups", AdminCommands::groupLine);
    }

    void createGroup() throws CommandFailure, RemoteException, IOException {
        change("PUT", "/v1/groups/" + encoded(operand(0)));
    }

    void deleteGroup() throws CommandFailure, RemoteException, IOException {
        change("DELETE", group(operand(0)));
    }

    void addDevice() throws CommandFailure, RemoteException, IOException {
        change("PUT", group(operand(0)) + device(operand(1)));
    }

    void removeDevice() throws CommandFailure, RemoteException, IOException {
        change("DELETE", group(operand(0)) + device(operand(1)));
    }

    void grant() throws CommandFailure, RemoteException, IOException {
        JsonObject role = new JsonObject().add("role", JoinCommands.role(arguments).wire());
        change("PUT", groupVault(), Optional.of(role));
    }

    void revoke() throws CommandFailure, RemoteException, IOException {
        change("DELETE", groupVault());
    }

    void listDevices() throws CommandFailure, RemoteException, IOException {
        list("devices", AdminCommands::deviceLine);
    }

    void revokeDevice() throws CommandFailure, RemoteException, IOException {
        change("DELETE", "/v1" + device(operand(0)));
    }

    void listInvites() throws CommandFailure, RemoteException, IOException {
        list("invites", AdminCommands::inviteLine);
    }

    void createInvite() throws CommandFailure, RemoteException, IOException {
        Optional<String> group = arguments.value("--group");
        Optional<String> vault = arguments.value("--vault");
        if (group.isPresent() == vault.isPresent()) {
            throw CommandFailure.usage("an invite is for either --group GROUP or --vault VAULT");
        }
        if (group.isPresent() && arguments.value("--role").isPresent()) {
            requireRoleOf(group.get());
        }
        JoinCommands.mint(context, api, group, vault);
    }

    /** An invite to a group gives what the group has; who asks for something else is not given more than that. */
    private void requireRoleOf(String group) throws CommandFailure, RemoteException {
        String id = id("groups", group);
        Optional<Role> highest =
                all("groups").stream()
                        .filter(one -> isCalled(one, id))
                        .flatMap(one -> one.get("vaults").asArray().values().stream())
                        .flatMap(grant -> Role.parse(text(grant.asObject(), "role")).stream())
                        .max(Role::compareTo);
        if (!highest.equals(Optional.of(JoinCommands.role(arguments)))) {
            throw CommandFailure.usage(
                    "an invite to a group gives what the group has, which is "
                            + highest.map(role -> "'" + role.wire() + "'").orElse("nothing")
                            + " for '"
                            + group
                            + "': leave --role away, or use --vault");
        }
    }

    void deleteInvite() throws CommandFailure, RemoteException, IOException {
        change("DELETE", "/v1/invites/" + id("invites", operand(0)));
    }

    /** The new token takes the place of the old one in its file, where that is known; it is never printed then. */
    void rotateToken() throws CommandFailure, RemoteException, IOException {
        JsonObject answer = api.call("POST", "/v1/admin/token/rotate", Optional.of(new JsonObject()));
        String token = answer.getString("token", "");
        if (AdminToken.tryParse(token).isEmpty()) {
            throw CommandFailure.failed("the server gave no new token");
        }
        Optional<Path> file = access.tokenFile();
        if (file.isPresent() && written(token, file.get())) {
            context.show(
                    "the new token is in " + file.get(), new JsonObject().add("token_file", file.get().toString()));
        } else {
            context.show(token, new JsonObject().add("token", token));
        }
    }

    /** The old token is worthless already: if its file cannot take the new one, it must not be lost. */
    private boolean written(String token, Path file) {
        try {
            PrivateFiles.writeAtomically(file, (token + "\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException failed) {
            context.terminal().warn("keep the new token, it is not in its file: " + CommandFailure.inWords(failed));
            return false;
        }
    }

    private String operand(int index) {
        return arguments.operands().get(index);
    }

    private String vault(String idOrName) throws RemoteException, CommandFailure {
        return "/v1/vaults/" + id("vaults", idOrName);
    }

    private String group(String idOrName) throws RemoteException, CommandFailure {
        return "/v1/groups/" + id("groups", idOrName);
    }

    private String device(String idOrName) throws RemoteException, CommandFailure {
        return "/devices/" + id("devices", idOrName);
    }

    private String groupVault() throws RemoteException, CommandFailure {
        return group(operand(0)) + "/vaults/" + id("vaults", operand(1));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The id of what is called so, by id or name. */
    private String id(String kind, String idOrName) throws RemoteException, CommandFailure {
        List<String> ids =
                all(kind).stream().filter(one -> isCalled(one, idOrName)).map(one -> one.getString("id", "")).toList();
        if (ids.isEmpty()) {
            String one = kind.substring(0, kind.length() - 1);
            throw CommandFailure.notFound(
                    "no " + one + " '" + idOrName + "': 'tinysync admin " + one + " list' shows them");
        }
        if (ids.size() > 1) {
            throw CommandFailure.failed("several are called '" + idOrName + "', use the id: " + String.join(", ", ids));
        }
        return ids.getFirst();
    }

    /** The name of a revoked device may be another one's meanwhile. */
    private static boolean isCalled(JsonObject one, String idOrName) {
        boolean named = one.getString("name", "").equals(idOrName) && !one.getBoolean("revoked", false);
        return named || one.getString("id", "").equals(idOrName);
    }

    private List<JsonObject> all(String kind) throws RemoteException {
        List<JsonObject> all = new ArrayList<>();
        Optional<String> path = Optional.of("/v1/" + kind);
        while (path.isPresent()) {
            Fields page = Fields.of(api.call("GET", path.get(), Optional.empty()));
            page.objects(kind, PAGE_MAX).forEach(one -> all.add(one.json()));
            path = page.optText("next").map(next -> "/v1/" + kind + "?after=" + encoded(next));
        }
        return all;
    }

    private void list(String kind, Function<JsonObject, String> line)
            throws RemoteException, CommandFailure, IOException {
        List<JsonObject> all = all(kind);
        if (context.json()) {
            JsonArray array = new JsonArray();
            all.forEach(array::add);
            context.terminal().json(new JsonObject().add(kind, array));
        } else {
            context.terminal().lines(all.stream().map(line).map(Terminal::printable).toList());
        }
    }

    private static String vaultLine(JsonObject vault) {
        return text(vault, "id")
                + "  "
                + text(vault, "name")
                + "  "
                + vault.getLong("items", 0)
                + " items, "
                + Quantities.shown(vault.getLong("bytes", 0));
    }

    private static String groupLine(JsonObject group) {
        StringBuilder line = new StringBuilder(text(group, "id") + "  " + text(group, "name"));
        line.append("  devices: ").append(group.get("devices").asArray().size());
        for (JsonValue grant : group.get("vaults").asArray()) {
            line.append("  ")
                    .append(text(grant.asObject(), "role"))
                    .append(" on ")
                    .append(text(grant.asObject(), "id"));
        }
        return line.toString();
    }

    private static String deviceLine(JsonObject device) {
        return text(device, "id")
                + "  "
                + text(device, "name")
                + "  seen "
                + text(device, "seen")
                + (device.getBoolean("revoked", false) ? "  revoked" : "");
    }

    private static String inviteLine(JsonObject invite) {
        return text(invite, "id")
                + "  into "
                + text(invite.get("group").asObject(), "name")
                + "  "
                + invite.getInt("uses_left", 0)
                + " uses until "
                + text(invite, "expires");
    }

    private static String text(JsonObject object, String member) {
        return object.getString(member, "");
    }

    private void change(String method, String path) throws RemoteException, CommandFailure, IOException {
        change(method, path, Optional.empty());
    }

    /** What the server made or changed is told by its id, where that has one. */
    private void change(String method, String path, Optional<JsonValue> body)
            throws RemoteException, CommandFailure, IOException {
        JsonObject answer = api.call(method, path, body);
        context.show(answer.getString("id", "done"), answer);
    }
}
