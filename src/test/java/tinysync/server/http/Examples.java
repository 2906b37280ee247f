package tinysync.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Chunk;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.tree.DeviceId;
import tinysync.wire.BundleReader;
import tinysync.wire.DeviceToken;
import tinysync.wire.ManifestCodec;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A good request for each call of a server, and for each kind of mutation, in an order in which all of them work. */
final class Examples {
    private final RunningServer server;
    private final Device device;
    private final Device other;
    private final String admin;
    private final byte[] small = "small content".getBytes(UTF_8);
    private final byte[] unknown = "content that is not there yet".getBytes(UTF_8);
    private final Manifest manifest;
    private final JsonObject folder;
    private final JsonObject file;
    private final String group;
    private final String invite;
    private final String spareVault;
    private final List<Example> all = new ArrayList<>();

    /** Makes what the examples need. */
    Examples(RunningServer server) throws Exception {
        this.server = server;
        device = server.join("laptop");
        other = server.join("phone");
        admin = server.adminToken();
        byte[] first = RunningServer.noise(70_000);
        byte[] second = RunningServer.noise(80_000);
        must(device.put(device.at("/chunks/" + Hash.of(first)), first));
        must(device.put(device.at("/chunks/" + Hash.of(second)), second));
        must(device.put(device.at("/content/" + Hash.of(small)), small));
        manifest =
                Manifest.of(
                        List.of(new Chunk(Hash.of(first), first.length), new Chunk(Hash.of(second), second.length)));
        must(device.send("PUT", device.at("/manifests/" + manifest.id()), manifestJson()));
        folder = device.folder("docs");
        file = put("a.txt");
        must(device.commit(folder, file));
        group = must(server.send("PUT", "/v1/groups/team", admin, new JsonObject())).json().getString("id", "");
        invite =
                must(device.send("POST", "/v1/invites", new JsonObject().add("vault", "main")))
                        .json()
                        .getString("id", "");
        spareVault =
                must(server.send("POST", "/v1/vaults", admin, new JsonObject().add("name", "spare")))
                        .json()
                        .getString("id", "");
        anonymous();
        devices();
        groups();
        reads();
        contents();
        commits();
        vaults();
        ends();
    }

    private static Answer must(Answer answer) {
        if (answer.status() > 299) {
            throw new IllegalStateException(answer.text());
        }
        return answer;
    }

    List<Example> all() {
        return List.copyOf(all);
    }

    Device device() {
        return device;
    }

    /** A file of 13 bytes that is there. */
    Hash content() {
        return Hash.of(small);
    }

    /** A commit of one bundle, whose frames are the body. */
    RawRequest bundle() {
        return RawRequest.of("POST", device.at("/commit"), device.token().format())
                .with("Content-Type: " + BundleReader.MEDIA_TYPE);
    }

    /** Creates a file of {@link #content} in the root. */
    JsonObject put(String name) {
        return op("put_file")
                .add("item", server.id().toString())
                .add("parent", device.root())
                .add("name", name)
                .add("content", ref(small))
                .add("mode", "644")
                .add("mtime", "2026-11-21T07:45:00.5Z")
                .add("parents", new JsonArray());
    }

    JsonObject op(String op) {
        return new JsonObject().add("op", op).add("op_id", server.id() + ":0");
    }

    private static JsonObject ref(byte[] bytes) {
        return new JsonObject().add("alg", "sha256").add("id", Hash.of(bytes).hex()).add("size", bytes.length);
    }

    private JsonObject manifestJson() {
        return ManifestCodec.encode(new ManifestCodec.Body(manifest, Optional.of(Hash.of(small))));
    }

    private void add(String path, RawRequest request) {
        all.add(new Example(path, request, Optional.empty(), Set.of()));
    }

    private void add(String path, RawRequest request, JsonObject json, String... free) {
        RawRequest whole = request.with("Content-Type: application/json").body(RawRequest.text(json.toString()));
        all.add(new Example(path, whole, Optional.of(json), Set.of(free)));
    }

    private RawRequest by(Device who, String method, String target) {
        return RawRequest.of(method, target, who.token().format());
    }

    private RawRequest byAdmin(String method, String target) {
        return RawRequest.of(method, target, admin);
    }

    private void anonymous() {
        for (String path : List.of("/healthz", "/readyz", "/metrics", "/join", "/v1/info")) {
            add(path, RawRequest.of("GET", path, ""));
        }
    }

    private JsonObject registration(String name) {
        DeviceToken token = new DeviceToken(new DeviceId(server.id()), Hash.of(name.getBytes(UTF_8)).hex());
        return RunningServer.registration(token, name);
    }

    private void devices() {
        add("/v1/devices", byAdmin("POST", "/v1/devices"), registration("tablet"));
        add("/v1/devices/clone", by(device, "POST", "/v1/devices/clone"), registration("copy"));
        add("/v1/devices", by(device, "GET", "/v1/devices?limit=10"));
        add("/v1/devices/{d}", by(device, "GET", "/v1/devices/" + other.token().device()));
        add("/v1/me", by(device, "GET", "/v1/me"));
        JsonObject session = new JsonObject().add("new", server.id().toString());
        add("/v1/session", by(other, "POST", "/v1/session"), session);
    }

    private void groups() {
        String member = "/v1/groups/" + group + "/devices/" + other.token().device();
        String grant = "/v1/groups/" + group + "/vaults/" + device.vault();
        add("/v1/groups", by(device, "GET", "/v1/groups"));
        JsonObject named = new JsonObject().add("name", "crew");
        add("/v1/groups/{g}", byAdmin("PUT", "/v1/groups/" + group), named);
        add("/v1/groups/{g}/vaults/{v}", byAdmin("PUT", grant), new JsonObject().add("role", "write"));
        add("/v1/groups/{g}/devices/{d}", byAdmin("PUT", member));
        add("/v1/groups/{g}/devices/{d}", byAdmin("DELETE", member));
        add("/v1/groups/{g}/vaults/{v}", byAdmin("DELETE", grant));
        JsonObject minted = new JsonObject().add("vault", "main").add("role", "read").add("uses", 2);
        minted.add("expires_in_s", 60);
        add("/v1/invites", by(device, "POST", "/v1/invites"), minted, "role", "uses", "expires_in_s");
        add("/v1/invites", by(device, "GET", "/v1/invites?limit=10"));
    }

    private void reads() throws Exception {
        String cursor = device.start();
        add("/v1/vaults", by(device, "GET", "/v1/vaults"));
        add("/v1/vaults/{v}", by(device, "GET", device.at("")));
        add("/v1/vaults/{v}/snapshot", by(device, "GET", device.at("/snapshot?limit=10")));
        add("/v1/vaults/{v}/log", by(device, "GET", device.at("/log?limit=10&cursor=" + cursor)));
        String item = device.at("/items/" + folder.getString("item", ""));
        add("/v1/vaults/{v}/items/{item}", by(device, "GET", item));
        add("/v1/vaults/{v}/items/{item}/children", by(device, "GET", item + "/children?limit=10"));
        add("/v1/vaults/{v}/children", by(device, "GET", device.at("/children?parent=" + device.root())));
        JsonObject begin = cursor(cursor);
        JsonObject checkpoints = new JsonObject().add("checkpoints", new JsonArray().add(begin));
        add("/v1/vaults/{v}/log/common", by(device, "POST", device.at("/log/common")), checkpoints);
        JsonObject wait =
                new JsonObject().add("cursors", new JsonObject().add(device.vault(), begin)).add("timeout", 0);
        add("/v1/wait", by(device, "POST", "/v1/wait"), wait, "timeout", device.vault());
    }

    private static JsonObject cursor(String text) {
        String[] parts = text.split("\\.");
        return new JsonObject().add("epoch", parts[0]).add("seq", Long.parseLong(parts[1])).add("tag", parts[2]);
    }

    private void contents() {
        JsonObject ids = new JsonObject().add("ids", new JsonArray().add(Hash.of(small).hex()));
        add("/v1/vaults/{v}/content/missing", by(device, "POST", device.at("/content/missing")), ids);
        add("/v1/vaults/{v}/content/fetch", by(device, "POST", device.at("/content/fetch")), ids);
        String known = device.at("/content/" + Hash.of(small));
        add("/v1/vaults/{v}/content/{hash}", by(device, "GET", known));
        add("/v1/vaults/{v}/content/{hash}", by(device, "HEAD", known));
        String stored = device.at("/manifests/" + manifest.id());
        add("/v1/vaults/{v}/manifests/{hash}", by(device, "GET", stored));
        for (String kind : List.of("chunks", "content")) {
            RawRequest request = by(device, "PUT", device.at("/" + kind + "/" + Hash.of(unknown)));
            add("/v1/vaults/{v}/" + kind + "/{hash}", request.body(RawRequest.bytes(unknown)));
        }
        add("/v1/vaults/{v}/manifests/{hash}", by(device, "PUT", stored), manifestJson(), "sha256");
    }

    private void commits() {
        String item = file.getString("item", "");
        commit(put("b.txt"), "mode", "mtime", "parents");
        commit(
                op("create_folder")
                        .add("item", server.id().toString())
                        .add("parent", device.root())
                        .add("name", "pictures")
                        .add("mode", "700")
                        .add("adopt", true),
                "mode",
                "adopt");
        commit(
                op("create_symlink")
                        .add("item", server.id().toString())
                        .add("parent", device.root())
                        .add("name", "link")
                        .add("target", "a.txt")
                        .add("mtime", "2026-11-21T07:45:00Z"),
                "mtime");
        JsonObject base = new JsonObject().add("meta", 2);
        JsonObject attrs = new JsonObject().add("k", "v");
        commit(
                op("set_metadata").add("item", item).add("base", base).add("mode", "600").add("attrs", attrs),
                "k",
                "mode",
                "attrs");
        JsonObject move =
                new JsonObject()
                        .add("item", item)
                        .add("base", new JsonObject().add("place", 2))
                        .add("parent", folder.getString("item", ""))
                        .add("name", "moved.txt");
        commit(op("move_rename").add("moves", new JsonArray().add(move)));
        JsonObject seen = new JsonObject().add("content", 2).add("place", 7);
        commit(op("delete").add("item", item).add("base", seen));
        commit(
                op("restore")
                        .add("item", item)
                        .add("parent", device.root())
                        .add("name", "back.txt")
                        .add("mode", "644")
                        .add("mtime", "2026-11-21T07:45:00Z")
                        .add("recursive", false),
                "parent",
                "name",
                "mode",
                "mtime",
                "recursive");
        commit(
                op("delete_subtree")
                        .add("item", folder.getString("item", ""))
                        .add("base", new JsonObject().add("place", 1))
                        .add("applied_seq", 7)
                        .add("confirmed", true),
                "confirmed");
    }

    private void commit(JsonObject mutation, String... free) {
        JsonObject contents = new JsonObject().add(Hash.of(small).hex(), Base64.getEncoder().encodeToString(small));
        JsonObject body =
                new JsonObject()
                        .add("instance", server.id().toString())
                        .add("requires", new JsonArray().add("bundle"))
                        .add("mutations", new JsonArray().add(mutation))
                        .add("contents", contents);
        List<String> also = new ArrayList<>(List.of(free));
        also.addAll(List.of("instance", "requires", "contents", "alg", Hash.of(small).hex()));
        add("/v1/vaults/{v}/commit", by(device, "POST", device.at("/commit")), body, also.toArray(String[]::new));
    }

    private void vaults() {
        JsonObject chunking = new JsonObject().add("min", 64).add("average", 1024).add("max", 4096);
        JsonObject policy = new JsonObject().add("names", "exact").add("merge", new JsonArray().add("*.md"));
        JsonObject limits = policy.add("retention_s", 86_400).add("quota_bytes", 1_000_000);
        JsonObject made = new JsonObject().add("name", "photos").add("policy", limits);
        add(
                "/v1/vaults",
                byAdmin("POST", "/v1/vaults"),
                made,
                "policy",
                "names",
                "merge",
                "retention_s",
                "quota_bytes");
        JsonObject changed =
                new JsonObject().add("name", "family").add("policy", new JsonObject().add("quota_bytes", 0));
        add("/v1/vaults/{v}", byAdmin("PATCH", "/v1/vaults/" + spareVault), changed, "name", "policy", "quota_bytes");
    }

    private void ends() {
        add("/v1/invites/{i}", by(device, "DELETE", "/v1/invites/" + invite));
        add("/v1/devices/{d}", by(device, "DELETE", "/v1/devices/" + other.token().device()));
        add("/v1/groups/{g}", byAdmin("DELETE", "/v1/groups/" + group));
        add("/v1/vaults/{v}", byAdmin("DELETE", "/v1/vaults/" + spareVault));
        add("/v1/admin/token/rotate", byAdmin("POST", "/v1/admin/token/rotate"));
    }
}
