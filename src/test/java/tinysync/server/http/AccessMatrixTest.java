package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import static tinysync.server.http.AccessRow.row;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.server.http.AccessWorld.Caller;
import tinysync.server.http.AccessWorld.Slot;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.wire.BundleWriter;
import tinysync.wire.CommitHeader;
import tinysync.wire.DeviceToken;
import tinysync.wire.ManifestCodec;
import tinysync.wire.SmallContent;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who may make which call, for every call that there is; and that what somebody may not know of is answered exactly
 * like what is not there, wherever a request can name it.
 */
class AccessMatrixTest {
    private static final String WRONG_INVITE = "tsinv_" + "0".repeat(32) + "_" + "0".repeat(64);
    private static final CommitHeader NO_HEADER = new CommitHeader(Optional.empty(), Optional.empty(), List.of());
    private static final String SOME_HASH = "0123456789abcdef".repeat(4);
    private static final String NEWCOMER =
            "{\"device_id\":\"{new}\",\"secret_sha256\":\"" + SOME_HASH + "\",\"display_name\":\"some\"}";

    /** What differs between two answers that say the same. */
    private static final Set<String> HEADERS_OF_THE_MOMENT = Set.of("date", "x-request-id");

    @TempDir static Path folder;
    private static AccessWorld world;

    private static final List<AccessRow> ROWS =
            List.of(
                    row("GET /healthz", "200 200 200 200 200").forAnybody(),
                    row("GET /readyz", "200 200 200 200 200").forAnybody(),
                    row("GET /metrics", "200 200 200 200 200").forAnybody(),
                    row("GET /join", "200 200 200 200 200").forAnybody(),
                    row("GET /v1/info", "200 200 200 200 200").forAnybody(),
                    row("POST /v1/devices", "201 401 401 401 401").sends(NEWCOMER),
                    row("POST /v1/devices", "403 401 401 401 401").sends(NEWCOMER.replace("{new}", "{d}")),
                    row("POST /v1/devices", "401 401 401 401 401")
                            .sends(
                                    NEWCOMER.replace("{new}", "{d}")
                                            .replace("}\"", "}\",\"invite\":\"" + WRONG_INVITE + "\"")),
                    row("GET /v1/devices", "200 200 200 200 200"),
                    row("POST /v1/devices/clone", "403 201 201 201 201").sends(NEWCOMER),
                    row("GET /v1/devices/{d}", "200 200 404 404 404"),
                    row("DELETE /v1/devices/{d}", "204 204 404 404 404"),
                    row("GET /v1/me", "403 200 200 200 200"),
                    row("POST /v1/session", "403 200 200 200 200")
                            .sends("{\"new\":\"00000000-0000-4000-8000-000000000001\"}"),
                    row("GET /v1/groups", "200 200 200 200 200"),
                    row("PUT /v1/groups/{g}", "200 200 403 403 403").sends("{\"name\":\"{name}\"}"),
                    row("PUT /v1/groups/{g}", "200 200 403 403 403").at("/v1/groups/{name}"),
                    row("DELETE /v1/groups/{g}", "204 204 404 404 404"),
                    row("PUT /v1/groups/{g}/devices/{d}", "204 204 404 404 404"),
                    row("DELETE /v1/groups/{g}/devices/{d}", "204 204 404 404 404"),
                    row("PUT /v1/groups/{g}/vaults/{v}", "204 204 404 404 404").sends("{\"role\":\"read\"}"),
                    row("DELETE /v1/groups/{g}/vaults/{v}", "204 204 404 404 404"),
                    row("POST /v1/invites", "201 201 404 404 404").sends("{\"group\":\"{g}\"}"),
                    row("POST /v1/invites", "201 201 403 403 404").sends("{\"vault\":\"{v}\",\"role\":\"read\"}"),
                    row("GET /v1/invites", "200 200 200 200 200"),
                    row("DELETE /v1/invites/{i}", "204 204 404 404 404"),
                    row("POST /v1/admin/token/rotate", "200 403 403 403 403"),
                    row("POST /v1/vaults", "201 403 403 403 403").sends("{\"name\":\"{name}\"}"),
                    row("GET /v1/vaults", "200 200 200 200 200"),
                    row("GET /v1/vaults/{v}", "200 200 200 200 404"),
                    row("PATCH /v1/vaults/{v}", "200 200 403 403 404").sends("{\"policy\":{\"merge\":[\"*.md\"]}}"),
                    row("DELETE /v1/vaults/{v}", "204 403 403 403 403").onAFreshVault(),
                    row("GET /v1/vaults/{v}/snapshot", "200 200 200 200 404"),
                    row("GET /v1/vaults/{v}/log", "200 200 200 200 404").at("/v1/vaults/{v}/log?cursor={cursor}"),
                    row("GET /v1/vaults/{v}/log", "400 400 400 400 404").at("/v1/vaults/{v}/log?cursor=x"),
                    row("POST /v1/vaults/{v}/log/common", "200 200 200 200 404").sends("{\"checkpoints\":[{head}]}"),
                    row("GET /v1/vaults/{v}/items/{item}", "200 200 200 200 404"),
                    row("GET /v1/vaults/{v}/items/{item}/children", "200 200 200 200 404"),
                    row("GET /v1/vaults/{v}/children", "200 200 200 200 404")
                            .at("/v1/vaults/{v}/children?parent={item}"),
                    row("POST /v1/wait", "204 204 204 204 404").sends("{\"cursors\":{\"{v}\":{head}},\"timeout\":0}"),
                    commit(
                            "{\"op\":\"create_folder\",\"item\":\"{new}\",\"parent\":\"{item}\",\"name\":\"{name}\",%s}"),
                    commit(
                            "{\"op\":\"create_folder\",\"item\":\"{item}\",\"parent\":\"{new}\",\"name\":\"{name}\",%s}"),
                    commit(
                            "{\"op\":\"put_file\",\"item\":\"{new}\",\"parent\":\"{item}\",\"name\":\"{name}\",%s,"
                                    + "\"content\":{\"alg\":\"sha256\",\"id\":\"{hash}\",\"size\":5}}"),
                    commit(
                            "{\"op\":\"put_file\",\"item\":\"{item}\",\"base\":{\"content\":1},%s,"
                                    + "\"content\":{\"alg\":\"sha256\",\"id\":\"{hash}\",\"size\":5}}"),
                    commit(
                            "{\"op\":\"create_symlink\",\"item\":\"{new}\",\"parent\":\"{item}\",\"name\":\"{name}\","
                                    + "\"target\":\"x\",%s}"),
                    commit(
                            "{\"op\":\"move_rename\",%s,\"moves\":[{\"item\":\"{item}\",\"base\":{\"place\":99},"
                                    + "\"parent\":\"{item}\",\"name\":\"{name}\"}]}"),
                    commit("{\"op\":\"set_metadata\",\"item\":\"{item}\",\"base\":{\"meta\":99},\"mode\":\"755\",%s}"),
                    commit("{\"op\":\"delete\",\"item\":\"{item}\",\"base\":{\"content\":99,\"place\":99},%s}"),
                    commit(
                            "{\"op\":\"delete_subtree\",\"item\":\"{item}\",\"base\":{\"place\":99},\"applied_seq\":0,%s}"),
                    commit("{\"op\":\"restore\",\"item\":\"{item}\",\"version\":1,%s}"),
                    row("POST /v1/vaults/{v}/content/missing", "200 200 200 403 404").sends("{\"ids\":[\"{hash}\"]}"),
                    row("PUT /v1/vaults/{v}/chunks/{hash}", "204 204 204 403 404").sends(AccessWorld.CONTENT),
                    row("PUT /v1/vaults/{v}/content/{hash}", "204 204 204 403 404").sends(AccessWorld.CONTENT),
                    row("PUT /v1/vaults/{v}/manifests/{hash}", "204 204 204 403 404")
                            .at("/v1/vaults/{v}/manifests/{manifest}")
                            .sends(manifest("{hash}")),
                    row("POST /v1/vaults/{v}/content/fetch", "200 200 200 200 404").sends("{\"ids\":[\"{hash}\"]}"),
                    row("GET /v1/vaults/{v}/content/{hash}", "200 200 200 200 404"),
                    row("HEAD /v1/vaults/{v}/content/{hash}", "200 200 200 200 404"),
                    row("GET /v1/vaults/{v}/manifests/{hash}", "200 200 200 200 404")
                            .at("/v1/vaults/{v}/manifests/{manifest}"));

    private static AccessRow commit(String mutation) {
        return row("POST /v1/vaults/{v}/commit", "403 200 200 403 404")
                .sends("{\"mutations\":[" + mutation.formatted("\"op_id\":\"{op}\"") + "]}");
    }

    private static String manifest(String chunk) {
        String piece = "[\"" + chunk + "\"," + AccessWorld.CONTENT.length() + "]";
        return "{\"size\":" + 2 * AccessWorld.CONTENT.length() + ",\"chunks\":[" + piece + "," + piece + "]}";
    }

    @BeforeAll
    static void start() throws Exception {
        world = new AccessWorld(RunningServer.start(folder.resolve("data")));
    }

    @AfterAll
    static void stop() {
        world.server.close();
    }

    @Test
    void everyRouteHasARow() throws Exception {
        Set<String> rows = new TreeSet<>(ROWS.stream().map(AccessRow::route).toList());
        assertEquals(AllRoutes.names(folder), rows);
    }

    @TestFactory
    Stream<DynamicTest> whoMayDoWhat() {
        return ROWS.stream().map(row -> dynamicTest(row.toString(), () -> judge(row)));
    }

    private static void judge(AccessRow row) throws Exception {
        String before = world.ofTheStranger();
        world.readHead();
        Map<Caller, Integer> statuses = new EnumMap<>(Caller.class);
        for (Caller caller : Caller.values()) {
            Said own = say(row, caller, Whose.OWN, row.slots(), row.body());
            statuses.put(caller, own.status());
            if (row.slots().isEmpty()) {
                continue;
            }
            for (List<Slot> named : namings(row, caller)) {
                Said foreign = say(row, caller, Whose.FOREIGN, named, row.body());
                Said absent = say(row, caller, Whose.ABSENT, named, row.body());
                assertEquals(absent, foreign, () -> caller + " naming " + named);
                if (caller.compareTo(Caller.OUTSIDER) <= 0 && named.equals(row.slots())) {
                    assertEquals(absent, own, () -> caller + " naming what is in main");
                }
                if (row.body().startsWith("{")) {
                    assertEquals(
                            say(row, caller, Whose.ABSENT, named, "{"),
                            say(row, caller, Whose.FOREIGN, named, "{"),
                            () -> caller + " with a broken body, naming " + named);
                }
            }
        }
        assertEquals(row.statuses(), statuses);
        assertEquals(before, world.ofTheStranger());
    }

    /**
     * One after the other is not the caller's, and then all are not; for who is kept out at the door only all. The
     * admin knows everything but what is inside of other vaults.
     */
    private static List<List<Slot>> namings(AccessRow row, Caller caller) {
        Set<Slot> inside = Set.of(Slot.ITEM, Slot.HASH, Slot.MANIFEST);
        List<Slot> slots = row.slots().stream().filter(s -> caller != Caller.ADMIN || inside.contains(s)).toList();
        List<List<Slot>> namings = new ArrayList<>();
        boolean letIn = caller.compareTo(Caller.OUTSIDER) >= 0;
        if (letIn) {
            slots.forEach(slot -> namings.add(List.of(slot)));
        }
        if (slots.size() > 1 || !letIn) {
            namings.add(slots);
        }
        return namings;
    }

    private enum Whose {
        OWN,
        FOREIGN,
        ABSENT
    }

    /** What an answer says, without what is of this request alone. */
    private record Said(int status, String body, Map<String, List<String>> headers) {}

    /** Asks with {@code named} being foreign or absent, and everything else what is in main. */
    private static Said say(AccessRow row, Caller caller, Whose whose, List<Slot> named, String body) throws Exception {
        String path = row.path();
        String text = body;
        Map<String, String> marks = new TreeMap<>();
        for (Slot slot : row.slots()) {
            marks.put(slot.mark, named.contains(slot) ? id(row, whose, slot) : world.kept(slot));
        }
        marks.put("{new}", world.server.id().toString());
        marks.put("{op}", world.server.id() + ":0");
        marks.put("{name}", "n" + world.server.id().toString().substring(0, 8));
        marks.put("{cursor}", world.cursor());
        marks.put("{head}", world.head());
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            path = path.replace(mark.getKey(), mark.getValue());
            text = text.replace(mark.getKey(), mark.getValue());
        }
        Answer answer = world.send(caller, row.method(), path, text);
        return said(answer, marks);
    }

    private static String id(AccessRow row, Whose whose, Slot slot) throws Exception {
        return switch (whose) {
            case OWN -> row.makesVault() && slot == Slot.VAULT ? world.freshVault() : world.own(slot);
            case FOREIGN -> world.foreign(slot);
            case ABSENT -> world.absent(slot);
        };
    }

    private static Said said(Answer answer, Map<String, String> marks) {
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals("nosniff", answer.header("x-content-type-options"));
        assertFalse(answer.header("x-request-id").isEmpty());
        String text = answer.text().replace(answer.header("x-request-id"), "{request}");
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            text = text.replace(mark.getValue(), mark.getKey());
        }
        Map<String, List<String>> headers = new TreeMap<>(answer.response().headers().map());
        headers.keySet().removeAll(HEADERS_OF_THE_MOMENT);
        return new Said(answer.status(), text, headers);
    }

    @Test
    void contentOfAnotherVaultIsMissingLikeWhatNobodyHas() throws Exception {
        Device manager = world.manager();
        List<String> lines = new ArrayList<>();
        for (String hash : List.of(world.foreign(Slot.HASH), world.absent(Slot.HASH))) {
            String op = world.server.id() + ":0";
            JsonObject content = new JsonObject().add("alg", "sha256").add("id", hash).add("size", 7);
            JsonObject put =
                    new JsonObject()
                            .add("op", "put_file")
                            .add("op_id", op)
                            .add("item", world.server.id().toString())
                            .add("parent", manager.root())
                            .add("name", "x")
                            .add("content", content);
            JsonObject line = manager.commit(put).lines().getFirst();
            assertEquals("content_missing", line.get("code").asString());
            lines.add(line.toString().replace(hash, "HASH").replace(op, "OP"));
        }
        assertEquals(lines.get(0), lines.get(1));
        Manifest theirs = AccessWorld.manifest("theirs\n");
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(theirs, Optional.empty()));
        Answer named = manager.send("PUT", manager.at("/manifests/" + theirs.id()), body);
        assertEquals("content_missing", named.code(), "a chunk of another vault");
    }

    @Test
    void aBundleIsJudgedLikeAJsonCommit() throws Exception {
        List<String> answers = new ArrayList<>();
        for (Whose whose : List.of(Whose.FOREIGN, Whose.ABSENT)) {
            boolean foreign = whose == Whose.FOREIGN;
            String item = foreign ? world.foreign(Slot.ITEM) : world.absent(Slot.ITEM);
            String hash = foreign ? world.foreign(Slot.HASH) : world.absent(Slot.HASH);
            ItemId root = ItemId.parse(world.manager().root());
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            BundleWriter bundle = new BundleWriter(frames, NO_HEADER);
            bundle.add(file(new Place(root, "x"), new ContentRef(Hash.parse(hash), 7)));
            bundle.add(file(new Place(ItemId.parse(item), "x"), SmallContent.of(new byte[7]).ref()));
            bundle.add(new Mutation.Delete(new OpId(world.server.id(), 0), ItemId.parse(item), 1, 1));
            bundle.end();
            Answer answer = world.manager().bundle(frames.toByteArray());
            assertEquals(200, answer.status());
            List<String> codes = answer.lines().stream().map(line -> line.getString("code", "")).toList();
            assertEquals(List.of("content_missing", "parent_missing", "not_found", ""), codes);
            answers.add(answer.text().replaceAll("\"op_id\":\"[^\"]*\"", "").replace(item, "I").replace(hash, "H"));
        }
        assertEquals(answers.get(1), answers.get(0));
    }

    private static Mutation.PutFile file(Place at, ContentRef content) {
        return new Mutation.PutFile(
                new OpId(world.server.id(), 0),
                new ItemId(world.server.id()),
                Optional.of(at),
                Optional.empty(),
                content,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    @Test
    void noListShowsWhatIsNotTheCallersNotEvenByWhereAPageEnds() throws Exception {
        Set<String> foreign = new HashSet<>();
        for (Slot slot : Slot.values()) {
            foreign.add(world.foreign(slot));
        }
        for (Caller caller : List.of(Caller.OUTSIDER, Caller.READ, Caller.WRITE, Caller.MANAGE)) {
            for (String list : List.of("devices", "groups", "invites", "vaults")) {
                Optional<String> after = Optional.of("");
                while (after.isPresent()) {
                    Answer page = world.send(caller, "GET", "/v1/" + list + "?limit=1" + after.get(), "");
                    foreign.forEach(id -> assertFalse(page.text().contains(id), () -> caller + ": " + page.text()));
                    after = Optional.ofNullable(page.json().get("next")).map(next -> "&after=" + next.asString());
                }
            }
        }
    }

    @Test
    void anIdThatIsTakenIsRefusedAlikeWhoeverHasIt() throws Exception {
        Set<String> answers = new HashSet<>();
        for (String taken : List.of(world.foreign(Slot.DEVICE), world.own(Slot.DEVICE))) {
            DeviceToken other = new DeviceToken(new DeviceId(UUID.fromString(taken)), "9".repeat(64));
            Answer refused =
                    world.manager().send("POST", "/v1/devices/clone", RunningServer.registration(other, "copy"));
            answers.add(refused.status() + refused.text().replace(refused.header("x-request-id"), ""));
        }
        assertEquals(1, answers.size(), answers::toString);
    }

    @Test
    void aForeignVaultAmongOnesOwnIsToldBeforeAnythingElse() throws Exception {
        JsonObject forked =
                new JsonObject()
                        .add("epoch", world.server.id().toString())
                        .add("seq", 1)
                        .add("tag", "0123456789abcdef");
        for (String other : List.of(world.foreign(Slot.VAULT), world.absent(Slot.VAULT))) {
            JsonObject cursors = new JsonObject().add(world.manager().vault(), forked).add(other, forked);
            Answer refused =
                    world.manager()
                            .send("POST", "/v1/wait", new JsonObject().add("cursors", cursors).add("timeout", 0));
            assertEquals("not_found", refused.code());
        }
    }
}
