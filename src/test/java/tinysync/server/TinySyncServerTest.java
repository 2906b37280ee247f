package tinysync.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteText;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class TinySyncServerTest {
    @TempDir Path folder;

    @Test
    void theFirstStartGivesAnInviteAndASecondOneDoesNot() throws Exception {
        try (RunningServer first = RunningServer.start(folder.resolve("data"))) {
            InviteText invite = InviteText.parse(first.server().firstInvite().orElseThrow());
            assertEquals(first.server().url(), invite.base());
        }
        try (RunningServer second = RunningServer.start(folder.resolve("data"))) {
            assertTrue(second.server().firstInvite().isEmpty());
        }
    }

    @Test
    void theAdminTokenIsForItsOwnerOnly() throws Exception {
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            Path token = folder.resolve("data/admin.token");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(token)));
            assertTrue(server.adminToken().matches("tsadm_[0-9a-f]{64}"));
        }
    }

    @Test
    void aRemovedAdminTokenIsMadeAnewAtTheNextStart() throws Exception {
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            assertFalse(server.adminToken().isEmpty());
        }
        Files.delete(folder.resolve("data/admin.token"));
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            assertEquals(
                    200,
                    server.send("GET", "/v1/vaults", server.adminToken(), "text/plain", BodyPublishers.noBody())
                            .status());
        }
    }

    @Test
    void aTokenThatACrashLeftInTheFileCountsAfterTheNextStart() throws Exception {
        String old;
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            old = server.adminToken();
        }
        String fresh = "tsadm_" + "b".repeat(64);
        Files.writeString(folder.resolve("data/admin.token"), fresh + "\n");
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            assertEquals(200, status(server, fresh));
            assertEquals(401, status(server, old));
        }
    }

    private static int status(RunningServer server, String token) throws Exception {
        return server.send("GET", "/v1/vaults", token, "text/plain", BodyPublishers.noBody()).status();
    }

    @Test
    void aDataFolderBelongsToOneServerAtATime() throws Exception {
        Path data = folder.resolve("data");
        try (RunningServer server = RunningServer.start(data)) {
            StartException refused = assertThrows(StartException.class, () -> RunningServer.start(data).close());
            assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
            assertTrue(server.server().url().toString().startsWith("http://127.0.0.1:"));
        }
        RunningServer.start(data).close();
    }

    @Test
    void anUnprotectedListenerStaysOnLoopback() {
        ServerOptions open = ServerOptions.on(folder.resolve("data"), new HostPort("0.0.0.0", 0), "test");
        StartException refused = assertThrows(StartException.class, () -> TinySyncServer.start(open).close());
        assertTrue(refused.getMessage().contains("--insecure-http"), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("data")));
    }

    @Test
    void aStartThatFailsOverATakenPortIsNotTheFirst() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostPort listen = new HostPort("127.0.0.1", taken.getLocalPort());
            ServerOptions options = ServerOptions.on(data, listen, "test");
            assertThrows(StartException.class, () -> TinySyncServer.start(options).close());
        }
        try (RunningServer server = RunningServer.start(data)) {
            assertTrue(server.server().firstInvite().isPresent(), "the first start that succeeds prints the invite");
        }
    }

    @Test
    void aPublicUrlIsWhatInvitesAndTheWakeSocketName() throws Exception {
        ServerOptions options =
                RunningServer.options(folder.resolve("data")).withPublicUrl(URI.create("https://drive.example/sync/"));
        try (RunningServer server = RunningServer.start(options)) {
            assertEquals(URI.create("https://drive.example/sync"), server.server().url());
            assertEquals(URI.create("wss://drive.example/sync/v1/wake"), server.server().wakeUrl());
            assertTrue(
                    server.server().firstInvite().orElseThrow().startsWith("https://drive.example/sync/join#tsinv_"));
        }
    }

    @Test
    void whatWasCommittedIsThereAfterARestart() throws Exception {
        Path data = folder.resolve("data");
        DeviceToken token;
        String path;
        String head;
        try (RunningServer server = RunningServer.start(data)) {
            RunningServer.Device device = server.join("laptop");
            assertEquals(200, device.commit(device.folder("docs")).status());
            token = device.token();
            path = device.at("");
            head = device.head();
        }
        try (RunningServer server = RunningServer.start(data)) {
            RunningServer.Device again = new RunningServer.Device(server, token, path.substring(11), "");
            assertEquals(head, again.head());
        }
    }

    @Test
    void anInviteLetsADeviceInOnceForEachUse() throws Exception {
        try (RunningServer server = RunningServer.start(folder.resolve("data"))) {
            DeviceToken token = new DeviceToken(new DeviceId(server.id()), RunningServer.SECRET);
            String invite = InviteText.parse(server.server().firstInvite().orElseThrow()).code().format();
            RunningServer.Answer joined =
                    server.send(
                            "POST",
                            "/v1/devices",
                            "",
                            RunningServer.registration(token, "laptop").add("invite", invite));
            assertEquals(201, joined.status(), joined.text());
            assertEquals("main", joined.json().get("vaults").asArray().get(0).asObject().get("name").asString());
            RunningServer.Answer again =
                    server.send(
                            "POST",
                            "/v1/devices",
                            "",
                            RunningServer.registration(token, "laptop").add("invite", invite));
            assertEquals(200, again.status(), again.text());
        }
    }
}
