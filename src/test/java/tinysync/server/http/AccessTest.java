package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteText;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class AccessTest {
    @TempDir Path folder;
    private RunningServer server;
    private Device device;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        device = server.join("laptop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer admin(String method, String path, JsonObject body) throws Exception {
        return server.send(method, path, server.adminToken(), body);
    }

    private Answer anonymous(String path) throws Exception {
        return server.send("GET", path, "", "text/plain", BodyPublishers.noBody());
    }

    private DeviceToken newcomer() {
        return new DeviceToken(new DeviceId(server.id()), "7".repeat(64));
    }

    @Test
    void anybodyMayAskHowTheServerIs() throws Exception {
        assertEquals("ok\n", anonymous("/healthz").text());
        assertEquals(200, anonymous("/readyz").status());
        JsonObject info = anonymous("/v1/info").json();
        assertEquals("tinysync", info.get("product").asString());
        assertEquals(server.server().wakeUrl().toString(), info.get("wake").asString());
        assertEquals(16_777_216, info.get("limits").asObject().get("body_bytes").asLong());
        assertTrue(anonymous("/join").text().contains("tinysync.jar join"));
    }

    @Test
    void whoeverHasNoTokenMaySendLittle() throws Exception {
        JsonObject registration = RunningServer.registration(newcomer(), "phone").add("comment", "x".repeat(70_000));
        assertEquals("body_too_large", server.send("POST", "/v1/devices", "", registration).code());
        assertEquals(201, admin("POST", "/v1/devices", registration).status());
    }

    @Test
    void metricsCountWhatWasAsked() throws Exception {
        device.commit(device.folder("docs"));
        String text = anonymous("/metrics").text();
        // A request is counted when it has ended, which may be after its answer has come.
        while (!text.contains("tinysync_http_requests_total{route=\"/v1/vaults/{v}/commit\",status=\"200\"} 1\n")) {
            text = anonymous("/metrics").text();
        }
        assertTrue(text.contains("tinysync_mutations_total{result=\"applied\"} 1\n"), text);
        assertTrue(text.contains("tinysync_vault_head{vault=\"" + device.vault() + "\"} 1\n"), text);
        assertTrue(text.contains("tinysync_transaction_mutations_count 1\n"), text);
        assertFalse(text.contains("docs"), text);
    }

    @Test
    void nobodyRegistersWithoutInviteOrAdminToken() throws Exception {
        Answer none = server.send("POST", "/v1/devices", "", RunningServer.registration(newcomer(), "x"));
        assertEquals(401, none.status());
        assertEquals("unauthenticated", none.code());
        String wrong = "tsinv_" + "0".repeat(32) + "_" + "0".repeat(64);
        Answer invalid =
                server.send(
                        "POST", "/v1/devices", "", RunningServer.registration(newcomer(), "x").add("invite", wrong));
        assertEquals("invite_invalid", invalid.code());
    }

    @Test
    void aTokenThatIsNotKnownOpensNothing() throws Exception {
        assertEquals(401, anonymous("/v1/me").status());
        assertEquals(401, server.send("GET", "/v1/me", "x", "text/plain", BodyPublishers.noBody()).status());
        DeviceToken guessed = new DeviceToken(device.token().device(), "0".repeat(64));
        Answer refused = new Device(server, guessed, "", "").get("/v1/me");
        assertEquals("unauthenticated", refused.code());
        assertEquals(
                refused.header("x-request-id"), refused.json().get("error").asObject().get("request_id").asString());
        assertFalse(refused.text().contains("0".repeat(64)));
    }

    @Test
    void whatIsNoTokenOrTwoOpensNothing() throws Exception {
        String token = device.token().format();
        for (String header :
                List.of("Bearer", "Bearer ", "Bearer null", "Bearer " + token + "," + token, "Basic " + token, token)) {
            Answer refused = with(header);
            assertEquals(401, refused.status(), header);
            assertEquals("Bearer", refused.header("www-authenticate"));
        }
        assertEquals(200, with("bearer " + token).status());
        assertEquals(400, device.get("/v1/me", "Authorization", "Bearer " + token).status());
    }

    private Answer with(String header) throws Exception {
        return server.send("GET", "/v1/me", "", "text/plain", BodyPublishers.noBody(), "Authorization", header);
    }

    @Test
    void aDeviceKnowsOnlyItsVaults() throws Exception {
        JsonObject made = admin("POST", "/v1/vaults", new JsonObject().add("name", "other")).json();
        String other = "/v1/vaults/" + made.get("id").asString();
        assertEquals("not_found", device.get(other).code());
        assertEquals("not_found", device.get(other + "/snapshot").code());
        assertEquals(1, device.get("/v1/vaults").json().get("vaults").asArray().size());
        assertEquals(403, device.send("POST", "/v1/vaults", new JsonObject().add("name", "x")).status());
        assertEquals(
                204, admin("PUT", "/v1/groups/everyone/vaults/other", new JsonObject().add("role", "read")).status());
        assertEquals("read", device.get(other).json().get("role").asString());
        Device reader = new Device(server, device.token(), made.get("id").asString(), made.get("root").asString());
        Answer written = reader.commit(reader.folder("docs"));
        assertEquals(403, written.status());
        assertEquals("forbidden", written.code());
        assertEquals(204, admin("DELETE", other, new JsonObject()).status());
        assertEquals("not_found", device.get(other).code());
    }

    @Test
    void aVaultIsRenamedAndGivenAPolicyByWhoManagesIt() throws Exception {
        JsonObject patch =
                new JsonObject()
                        .add("name", "family")
                        .add("policy", new JsonObject().add("quota_bytes", 10).add("retention_s", 86_400));
        JsonObject view = device.send("PATCH", device.at(""), patch).json();
        assertEquals("family", view.get("name").asString());
        assertEquals(10, view.get("policy").asObject().get("quota_bytes").asLong());
        Answer full = device.put(device.at("/content/" + tinysync.content.Hash.of(new byte[11])), new byte[11]);
        assertEquals(507, full.status());
        assertEquals("quota_exceeded", full.code());
        assertFalse(full.header("retry-after").isEmpty());
        JsonObject unlimited =
                new JsonObject().add("policy", new JsonObject().add("quota_bytes", com.eclipsesource.json.Json.NULL));
        assertEquals(
                null,
                device.send("PATCH", device.at(""), unlimited).json().get("policy").asObject().get("quota_bytes"));
    }

    @Test
    void aNameThatIsRefusedLeavesThePolicyToo() throws Exception {
        admin("POST", "/v1/vaults", new JsonObject().add("name", "other"));
        String before = device.get(device.at("")).text();
        JsonObject policy = new JsonObject().add("quota_bytes", 10);
        JsonObject patch = new JsonObject().add("name", "other").add("policy", policy);
        assertEquals("name_taken", device.send("PATCH", device.at(""), patch).code());
        JsonObject chunking = new JsonObject().add("min", 64).add("average", 64).add("max", 64);
        JsonObject impossible =
                new JsonObject().add("name", "family").add("policy", new JsonObject().add("chunking", chunking));
        assertEquals("bad_request", device.send("PATCH", device.at(""), impossible).code());
        assertEquals(before, device.get(device.at("")).text());
    }

    @Test
    void anInviteForOneLetsOneIn() throws Exception {
        JsonObject asked = new JsonObject().add("vault", "main").add("uses", 1);
        String code =
                InviteText.parse(admin("POST", "/v1/invites", asked).json().getString("invite", "")).code().format();
        List<CompletableFuture<Integer>> statuses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            JsonObject request = RunningServer.registration(newcomer(), "racer").add("invite", code);
            statuses.add(CompletableFuture.supplyAsync(() -> status(request)));
        }
        List<Integer> said = statuses.stream().map(CompletableFuture::join).sorted().toList();
        List<Integer> wanted = new ArrayList<>(Collections.nCopies(20, 401));
        wanted.set(0, 201);
        assertEquals(wanted, said);
    }

    private int status(JsonObject registration) {
        try {
            return server.send("POST", "/v1/devices", "", registration).status();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRegistrationWithOtherValuesIsRefused() throws Exception {
        DeviceToken token = newcomer();
        JsonObject request = RunningServer.registration(token, "phone");
        assertEquals(201, admin("POST", "/v1/devices", request).status());
        assertEquals(200, admin("POST", "/v1/devices", request).status());
        assertEquals("forbidden", admin("POST", "/v1/devices", RunningServer.registration(token, "other")).code());
        DeviceToken other = new DeviceToken(token.device(), "8".repeat(64));
        assertEquals("forbidden", admin("POST", "/v1/devices", RunningServer.registration(other, "phone")).code());
        assertEquals(200, new Device(server, token, "", "").get("/v1/me").status());
    }

    @Test
    void aRevokedDeviceIsOutAtOnce() throws Exception {
        Device other = server.join("phone");
        assertEquals(204, device.send("DELETE", "/v1/devices/" + other.token().device(), new JsonObject()).status());
        Answer refused = other.get("/v1/me");
        assertEquals(403, refused.status());
        assertEquals("device_revoked", refused.code());
        assertEquals(200, device.get("/v1/me").status());
    }

    @Test
    void devicesAndGroupsAreListedForWhoManagesThem() throws Exception {
        Device other = server.join("phone");
        assertEquals(2, device.get("/v1/devices").json().get("devices").asArray().size());
        assertEquals("phone", device.get("/v1/devices/" + other.token().device()).json().get("name").asString());
        JsonObject group = device.get("/v1/groups").json().get("groups").asArray().get(0).asObject();
        assertEquals("everyone", group.get("name").asString());
        assertEquals(2, group.get("devices").asArray().size());
        JsonObject made = admin("PUT", "/v1/groups/team", new JsonObject()).json();
        assertEquals("team", made.get("name").asString());
        assertEquals(404, device.send("DELETE", "/v1/groups/team", new JsonObject()).status());
        assertEquals(204, admin("DELETE", "/v1/groups/team", new JsonObject()).status());
    }

    @Test
    void anInviteOfADeviceLetsTheNextOneIn() throws Exception {
        Answer minted = device.send("POST", "/v1/invites", new JsonObject().add("vault", "main").add("role", "read"));
        assertEquals(201, minted.status(), minted.text());
        assertEquals(1, minted.json().get("uses_left").asInt());
        InviteText invite = InviteText.parse(minted.json().get("invite").asString());
        assertEquals(1 + 1, device.get("/v1/invites").json().get("invites").asArray().size());
        DeviceToken token = newcomer();
        JsonObject request = RunningServer.registration(token, "tablet").add("invite", invite.code().format());
        Answer joined = server.send("POST", "/v1/devices", "", request);
        assertEquals("read", joined.json().get("vaults").asArray().get(0).asObject().get("role").asString());
        Answer widened =
                new Device(server, token, "", "").send("POST", "/v1/invites", new JsonObject().add("vault", "main"));
        assertEquals("forbidden", widened.code());
        String id = minted.json().get("id").asString();
        assertEquals(204, device.send("DELETE", "/v1/invites/" + id, new JsonObject()).status());
        Answer late =
                server.send(
                        "POST",
                        "/v1/devices",
                        "",
                        RunningServer.registration(newcomer(), "late").add("invite", invite.code().format()));
        assertEquals("invite_invalid", late.code());
    }

    @Test
    void aCopyOfADeviceIsNoticedAndGetsAnIdentityOfItsOwn() throws Exception {
        String first = server.id().toString();
        String second = server.id().toString();
        assertEquals(200, device.send("POST", "/v1/session", new JsonObject().add("new", first)).status());
        JsonObject next = new JsonObject().add("previous", first).add("new", second);
        assertEquals(200, device.send("POST", "/v1/session", next).status());
        JsonObject copy = new JsonObject().add("previous", first).add("new", server.id().toString());
        Answer cloned = device.send("POST", "/v1/session", copy);
        assertEquals(409, cloned.status());
        assertEquals("device_cloned", cloned.code());
        DeviceToken own = newcomer();
        Answer renewed = device.send("POST", "/v1/devices/clone", RunningServer.registration(own, "copy"));
        assertEquals(201, renewed.status(), renewed.text());
        assertEquals(1, new Device(server, own, "", "").get("/v1/me").json().get("vaults").asArray().size());
        JsonObject stale =
                new JsonObject()
                        .add("instance", first)
                        .add("mutations", new com.eclipsesource.json.JsonArray().add(device.folder("docs")));
        assertEquals("device_cloned", device.send("POST", device.at("/commit"), stale).code());
    }

    @Test
    void theAdminTokenIsReplaced() throws Exception {
        String old = server.adminToken();
        String fresh = admin("POST", "/v1/admin/token/rotate", new JsonObject()).json().get("token").asString();
        assertEquals(fresh, server.adminToken());
        assertEquals(401, server.send("GET", "/v1/groups", old, "text/plain", BodyPublishers.noBody()).status());
        assertEquals(200, server.send("GET", "/v1/groups", fresh, "text/plain", BodyPublishers.noBody()).status());
        assertEquals(403, device.send("POST", "/v1/admin/token/rotate", new JsonObject()).status());
    }

    @Test
    void ofManyWhoReplaceTheAdminTokenAtOnceTheOneInTheFileWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String old = server.adminToken();
            List<CompletableFuture<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                statuses.add(CompletableFuture.supplyAsync(() -> rotate(old)));
            }
            List<Integer> said = statuses.stream().map(CompletableFuture::join).toList();
            assertTrue(said.contains(200), said::toString);
            assertEquals(401, server.send("GET", "/v1/groups", old, "text/plain", BodyPublishers.noBody()).status());
            assertEquals(200, admin("GET", "/v1/groups", new JsonObject()).status());
        }
        Path file = folder.resolve("data/admin.token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    private int rotate(String token) {
        try {
            return server.send("POST", "/v1/admin/token/rotate", token, new JsonObject()).status();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherMethodIsToldWhichThereAre() throws Exception {
        Answer answer = device.send("PUT", "/v1/devices", new JsonObject());
        assertEquals(405, answer.status());
        assertEquals("method_not_allowed", answer.code());
        assertEquals("POST, GET", answer.header("allow"));
        assertEquals(405, server.send("HEAD", "/v1/info", "", "text/plain", BodyPublishers.noBody()).status());
        assertEquals(404, anonymous("/v1/nothing").status());
    }
}
