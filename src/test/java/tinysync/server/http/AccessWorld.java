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
import tinysync.wire.DeviceToken;
import tinysync.wire.ManifestCodec;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server with two vaults that know nothing of each other, and somebody of every kind who calls it.
 *
 * <pre>
 * vault main     managers: manage    writers: write    readers: read    lowered: was manage, is read now
 * vault theirs   strangers: manage
 * outsider: in no group      revoked: was a manager
 * </pre>
 */
final class AccessWorld {
    /** Who calls. */
    enum Caller {
        NO_TOKEN,
        GARBAGE,
        WRONG_SECRET,
        WRONG_ADMIN,
        REVOKED,
        OUTSIDER,
        READ,
        LOWERED,
        WRITE,
        MANAGE,
        ADMIN
    }

    /** What a request may name, and where it stands in it. */
    enum Slot {
        VAULT("{v}"),
        GROUP("{g}"),
        DEVICE("{d}"),
        INVITE("{i}"),
        ITEM("{item}"),
        HASH("{hash}"),
        MANIFEST("{manifest}");

        final String mark;

        Slot(String mark) {
            this.mark = mark;
        }
    }

    static final String CONTENT = "mine\n";
    private static final String CONTENT_OF_OTHERS = "theirs\n";

    final RunningServer server;
    private final Device manager;
    private final Device writer;
    private final Device reader;
    private final Device lowered;
    private final Device outsider;
    private final Device revoked;
    private final Device stranger;
    private final String item;
    private final String foreignItem;
    private final String foreignGroup;
    private final String foreignInvite;
    private final Map<Slot, String> kept = new EnumMap<>(Slot.class);
    private String cursor = "";
    private String head = "";

    AccessWorld(RunningServer server) throws Exception {
        this.server = server;
        String main = id(admin("GET", "/v1/vaults", new JsonObject()).json().get("vaults").asArray());
        String theirs = admin("POST", "/v1/vaults", new JsonObject().add("name", "theirs")).json().getString("id", "");
        manager = member("managers", main, "manage");
        writer = member("writers", main, "write");
        reader = member("readers", main, "read");
        lowered = member("lowered", main, "manage");
        outsider = member("outsiders", main, "read");
        revoked = member("managers", main, "manage");
        stranger = member("strangers", theirs, "manage");
        done(admin("PUT", "/v1/groups/lowered/vaults/main", new JsonObject().add("role", "read")));
        done(admin("DELETE", "/v1/groups/outsiders/vaults/main", new JsonObject()));
        done(admin("DELETE", "/v1/devices/" + revoked.token().device(), new JsonObject()));
        item = folder(manager);
        foreignItem = folder(stranger);
        upload(manager, CONTENT);
        upload(stranger, CONTENT_OF_OTHERS);
        foreignGroup = id(stranger.get("/v1/groups").json().get("groups").asArray());
        foreignInvite = invite(stranger.vault());
    }

    private static String id(JsonArray of) {
        return of.get(0).asObject().get("id").asString();
    }

    Answer admin(String method, String path, JsonObject body) throws Exception {
        return server.send(method, path, server.adminToken(), body);
    }

    private static Answer done(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new IllegalStateException(answer.status() + " " + answer.text());
        }
        return answer;
    }

    private Device member(String group, String vault, String role) throws Exception {
        DeviceToken token = new DeviceToken(new DeviceId(server.id()), Hash.of(group.getBytes(UTF_8)).hex());
        done(admin("POST", "/v1/devices", RunningServer.registration(token, group)));
        done(admin("PUT", "/v1/groups/" + group, new JsonObject()));
        done(admin("PUT", "/v1/groups/" + group + "/vaults/" + vault, new JsonObject().add("role", role)));
        done(admin("PUT", "/v1/groups/" + group + "/devices/" + token.device(), new JsonObject()));
        Device there = new Device(server, token, vault, "");
        String root = done(there.get(there.at(""))).json().get("root").asString();
        return new Device(server, token, vault, root);
    }

    private String folder(Device by) throws Exception {
        JsonObject made = by.folder("docs");
        done(by.commit(made));
        return made.get("item").asString();
    }

    private static void upload(Device by, String content) throws Exception {
        byte[] bytes = content.getBytes(UTF_8);
        done(by.put(by.at("/content/" + Hash.of(bytes)), bytes));
        Manifest manifest = manifest(content);
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(manifest, Optional.empty()));
        done(by.send("PUT", by.at("/manifests/" + manifest.id()), body));
    }

    /** Of this content twice. */
    static Manifest manifest(String content) {
        byte[] bytes = content.getBytes(UTF_8);
        Chunk chunk = new Chunk(Hash.of(bytes), bytes.length);
        return new Manifest(2L * bytes.length, List.of(chunk, chunk));
    }

    Device manager() {
        return manager;
    }

    Device stranger() {
        return stranger;
    }

    /** What the stranger sees of his own; nobody else's requests may change it. */
    String ofTheStranger() throws Exception {
        return String.join(
                "\n",
                stranger.get("/v1/me").text(),
                stranger.get("/v1/groups").text(),
                stranger.get("/v1/invites").text(),
                stranger.get(stranger.at("")).text());
    }

    String token(Caller caller) throws Exception {
        return switch (caller) {
            case NO_TOKEN -> "";
            case GARBAGE -> "tsdev_nothing";
            case WRONG_SECRET -> new DeviceToken(manager.token().device(), "0".repeat(64)).format();
            case WRONG_ADMIN -> "tsadm_" + "0".repeat(64);
            case REVOKED -> revoked.token().format();
            case OUTSIDER -> outsider.token().format();
            case READ -> reader.token().format();
            case LOWERED -> lowered.token().format();
            case WRITE -> writer.token().format();
            case MANAGE -> manager.token().format();
            case ADMIN -> server.adminToken();
        };
    }

    /** One that is in the vault {@code main}; groups, devices and invites are made for it, so that it may go. */
    String own(Slot slot) throws Exception {
        return switch (slot) {
            case VAULT -> manager.vault();
            case GROUP -> group();
            case DEVICE -> device();
            case INVITE -> invite(manager.vault());
            case ITEM -> item;
            case HASH -> Hash.of(CONTENT.getBytes(UTF_8)).hex();
            case MANIFEST -> manifest(CONTENT).id().hex();
        };
    }

    /** One of {@link #own} that stays. */
    String kept(Slot slot) throws Exception {
        if (!kept.containsKey(slot)) {
            kept.put(slot, own(slot));
        }
        return kept.get(slot);
    }

    /** Makes the head of {@code main} known as it is now. */
    void readHead() throws Exception {
        head = manager.get(manager.at("")).json().get("head").toString();
        cursor = manager.head();
    }

    String cursor() {
        return cursor;
    }

    String head() {
        return head;
    }

    /** One that is there, but not for whom the vault {@code main} is open. */
    String foreign(Slot slot) {
        return switch (slot) {
            case VAULT -> stranger.vault();
            case GROUP -> foreignGroup;
            case DEVICE -> stranger.token().device().toString();
            case INVITE -> foreignInvite;
            case ITEM -> foreignItem;
            case HASH -> Hash.of(CONTENT_OF_OTHERS.getBytes(UTF_8)).hex();
            case MANIFEST -> manifest(CONTENT_OF_OTHERS).id().hex();
        };
    }

    /** One that is nowhere. */
    String absent(Slot slot) {
        return switch (slot) {
            case VAULT, GROUP, DEVICE, INVITE, ITEM -> server.id().toString();
            case HASH, MANIFEST -> Hash.of(server.id().toString().getBytes(UTF_8)).hex();
        };
    }

    String freshVault() throws Exception {
        JsonObject name = new JsonObject().add("name", "made " + server.id().toString().substring(0, 8));
        return done(admin("POST", "/v1/vaults", name)).json().get("id").asString();
    }

    private String group() throws Exception {
        String group = server.id().toString();
        done(admin("PUT", "/v1/groups/" + group, new JsonObject().add("name", "of " + group)));
        done(admin("PUT", "/v1/groups/" + group + "/vaults/" + manager.vault(), new JsonObject().add("role", "read")));
        return group;
    }

    private String device() throws Exception {
        DeviceToken token = new DeviceToken(new DeviceId(server.id()), "3".repeat(64));
        done(admin("POST", "/v1/devices", RunningServer.registration(token, "some")));
        done(admin("PUT", "/v1/groups/readers/devices/" + token.device(), new JsonObject()));
        return token.device().toString();
    }

    private String invite(String vault) throws Exception {
        JsonObject asked = new JsonObject().add("vault", vault).add("role", "read");
        return done(admin("POST", "/v1/invites", asked)).json().get("id").asString();
    }

    /** {@code body} is sent as JSON where it looks like that, else as bytes. */
    Answer send(Caller caller, String method, String path, String body) throws Exception {
        String type = body.startsWith("{") ? "application/json" : "application/octet-stream";
        return server.send(method, path, token(caller), type, BodyPublishers.ofString(body));
    }
}
