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
import tinysync.wire.InviteCodec;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code admin …}: operates a server over HTTP, with its admin token. */
final class AdminCommands {
    private static final String TOKEN_FILE = "admin.token";

    /** Written by the server while it runs: where it listens. */
    static final String ADDRESS_FILE = "address";

    private final Context context;
    private final Arguments arguments;

    AdminCommands(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    /** Where the server is, and with what we are let in. */
    private record Access(URI base, AdminToken token, Path tokenFile) {}

    Exit run(String words) throws CommandFailure, RemoteException, IOException {
        Access access = access();
        try (ServerApi api = new ServerApi(new ServerConnection(access.base(), access.token(), Optional.empty()))) {
            switch (words) {
                case "admin vault create" -> createVault(api);
                case "admin vault list" -> list(api, "vaults", AdminCommands::vaultLine);
                case "admin vault set" -> setVault(api);
                case "admin vault delete" -> change(api, "DELETE", "/v1/vaults/" + id(api, "vaults", operand(0)));
                case "admin group create" -> change(api, "PUT", "/v1/groups/" + encoded(operand(0)));
                case "admin group list" -> list(api, "groups", AdminCommands::groupLine);
                case "admin group delete" -> change(api, "DELETE", "/v1/groups/" + id(api, "groups", operand(0)));
                case "admin group add-device" -> change(api, "PUT", member(api));
                case "admin group remove-device" -> change(api, "DELETE", member(api));
                case "admin group grant" -> {
                    JsonObject role = new JsonObject().add("role", JoinCommands.role(arguments).wire());
                    done(api.call("PUT", grant(api), Optional.of(role)));
                }
                case "admin group revoke" -> change(api, "DELETE", grant(api));
                case "admin device list" -> list(api, "devices", AdminCommands::deviceLine);
                case "admin device revoke" -> change(api, "DELETE", "/v1/devices/" + id(api, "devices", operand(0)));
                case "admin invite create" -> createInvite(api);
                case "admin invite list" -> list(api, "invites", AdminCommands::inviteLine);
                case "admin invite delete" -> change(api, "DELETE", "/v1/invites/" + encoded(operand(0)));
                case "admin token rotate" -> rotate(api, access);
                default -> throw CommandFailure.usage("unknown command '" + words + "'");
            }
            return Exit.DONE;
        }
    }

    private Access access() throws CommandFailure, IOException {
        Optional<Path> data = arguments.value("--data").map(Arguments::path);
        Optional<String> server = arguments.value("--server");
        Optional<String> file = arguments.value("--token-file");
        if (data.isEmpty() && (server.isEmpty() || file.isEmpty())) {
            throw CommandFailure.usage("say which server: --server URL --token-file FILE, or --data DIR");
        }
        Path tokenFile = file.map(Arguments::path).orElseGet(() -> data.orElseThrow().resolve(TOKEN_FILE));
        String base = server.isPresent() ? server.get() : announced(data.orElseThrow());
        String name = file.filter(given -> given.equals("-")).orElse(tokenFile.toString());
        return new Access(JoinCommands.address(base), JoinCommands.adminToken(context, name), tokenFile);
    }

    private static String announced(Path data) throws CommandFailure, IOException {
        Path address = data.resolve(ADDRESS_FILE);
        if (!Files.exists(address)) {
            throw new CommandFailure(
                    Exit.UNREACHABLE, "unreachable", "no server runs on " + data + ": start it, or give --server URL");
        }
        return Files.readString(address).strip();
    }

    private String operand(int index) {
        return arguments.operands().get(index);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String member(ServerApi api) throws RemoteException, CommandFailure {
        return "/v1/groups/" + id(api, "groups", operand(0)) + "/devices/" + id(api, "devices", operand(1));
    }

    private String grant(ServerApi api) throws RemoteException, CommandFailure {
        return "/v1/groups/" + id(api, "groups", operand(0)) + "/vaults/" + id(api, "vaults", operand(1));
    }

    /** The id of what is called so, by id or name. */
    private static String id(ServerApi api, String kind, String idOrName) throws RemoteException, CommandFailure {
        List<JsonObject> all = all(api, kind);
        List<String> ids =
                all.stream()
                        .filter(
                                one ->
                                        one.getString("id", "").equals(idOrName)
                                                || (one.getString("name", "").equals(idOrName)
                                                        && !one.getBoolean("revoked", false)))
                        .map(one -> one.getString("id", ""))
                        .toList();
        String singular = kind.substring(0, kind.length() - 1);
        if (ids.isEmpty()) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "not_found",
                    "no " + singular + " '" + idOrName + "': 'tinysync admin " + singular + " list' shows them");
        }
        if (ids.size() > 1) {
            throw CommandFailure.failed("several are called '" + idOrName + "', use the id: " + String.join(", ", ids));
        }
        return ids.getFirst();
    }

    private static List<JsonObject> all(ServerApi api, String kind) throws RemoteException {
        List<JsonObject> all = new ArrayList<>();
        Optional<String> path = Optional.of("/v1/" + kind);
        while (path.isPresent()) {
            JsonObject page = api.call("GET", path.get(), Optional.empty());
            page.get(kind).asArray().forEach(one -> all.add(one.asObject()));
            path = Optional.ofNullable(page.getString("next", null)).map(next -> "/v1/" + kind + "?after=" + next);
        }
        return all;
    }

    private void list(ServerApi api, String kind, Function<JsonObject, String> line)
            throws RemoteException, CommandFailure {
        List<JsonObject> all = all(api, kind);
        if (context.json()) {
            JsonArray array = new JsonArray();
            all.forEach(array::add);
            context.terminal().json(new JsonObject().add(kind, array));
        } else {
            all.forEach(one -> context.terminal().line(line.apply(one)));
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
        return FileCommands.printable(object.getString(member, ""));
    }

    private void change(ServerApi api, String method, String path) throws RemoteException, CommandFailure {
        done(api.call(method, path, Optional.empty()));
    }

    private void done(JsonObject answer) throws CommandFailure {
        context.show(answer.getString("id", "done"), answer);
    }

    private void createVault(ServerApi api) throws RemoteException, CommandFailure {
        JsonObject body = new JsonObject().add("name", operand(0));
        arguments.value("--names").ifPresent(names -> body.add("policy", new JsonObject().add("names", names)));
        done(api.call("POST", "/v1/vaults", Optional.of(body)));
    }

    private void setVault(ServerApi api) throws RemoteException, CommandFailure {
        JsonObject policy = new JsonObject();
        Optional<String> merge = arguments.value("--merge");
        if (merge.isPresent()) {
            JsonArray globs = new JsonArray();
            merge.get()
                    .lines()
                    .flatMap(line -> List.of(line.split(",")).stream())
                    .filter(glob -> !glob.isBlank())
                    .forEach(globs::add);
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
        JsonObject body = new JsonObject();
        arguments.value("--name").ifPresent(name -> body.add("name", name));
        if (!policy.isEmpty()) {
            body.add("policy", policy);
        }
        if (body.isEmpty()) {
            throw CommandFailure.usage("say what to change: " + arguments.usage().synopsis());
        }
        done(api.call("PATCH", "/v1/vaults/" + id(api, "vaults", operand(0)), Optional.of(body)));
    }

    private void createInvite(ServerApi api) throws RemoteException, CommandFailure {
        Optional<String> group = arguments.value("--group");
        Optional<String> vault = arguments.value("--vault");
        if (group.isPresent() == vault.isPresent()) {
            throw CommandFailure.usage("an invite is for either --group GROUP or --vault VAULT");
        }
        InviteCodec.Minted minted =
                api.mintInvite(
                        new InviteCodec.Request(
                                group,
                                vault,
                                JoinCommands.role(arguments),
                                arguments.count("--uses"),
                                arguments.span("--expires")));
        context.show(minted.invite(), InviteCodec.encode(minted));
    }

    /** The new token takes the place of the old one in its file, where that is known; it is never printed then. */
    private void rotate(ServerApi api, Access access) throws RemoteException, CommandFailure, IOException {
        JsonObject answer = api.call("POST", "/v1/admin/token/rotate", Optional.of(new JsonObject()));
        String token = answer.getString("token", "");
        if (AdminToken.tryParse(token).isEmpty()) {
            throw CommandFailure.failed("the server gave no new token");
        }
        if (Files.isRegularFile(access.tokenFile())) {
            PrivateFiles.writeAtomically(access.tokenFile(), (token + "\n").getBytes(StandardCharsets.US_ASCII));
            context.show(
                    "the new token is in " + access.tokenFile(),
                    new JsonObject().add("token_file", access.tokenFile().toString()));
        } else {
            context.show(token, new JsonObject().add("token", token));
        }
    }
}
