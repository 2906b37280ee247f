package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.folder.Root;
import tinysync.client.ipc.IpcClient;
import tinysync.client.ipc.IpcFailure;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.HomeInUseException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A daemon whose server is not there. */
class DaemonTest {
    @TempDir Path temp;

    private Home home;
    private Path folder;

    @BeforeEach
    void join() throws IOException {
        folder = Files.createDirectory(temp.resolve("folder")).toRealPath();
        Attachment attachment = Joined.main(folder);
        home = Joined.at(temp.resolve("home"), attachment).home();
        Root.create(folder, attachment.vault(), attachment.id().toString()).close();
    }

    private Daemon start() throws IOException, Membership.NotPossibleException {
        Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "0.1.0");
        daemon.openSocket(Map.of());
        return daemon;
    }

    @Test
    void aSecondOneOnTheSameHomeIsRefusedUntilTheFirstEnds() throws Exception {
        try (Daemon _ = start()) {
            assertThrows(HomeInUseException.class, this::start);
        }
        start().close();
    }

    @Test
    void withoutAServerItAnswersAndIsOffline() throws Exception {
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            JsonObject synced = client.call("sync", new JsonObject());
            assertEquals("offline", synced.getString("outcome", ""));
            JsonObject status = client.call("status", new JsonObject());
            assertEquals("offline", status.getString("state", ""));
            assertTrue(status.get("daemon").asObject().getBoolean("running", false));
            assertFalse(status.get("server").asObject().getBoolean("reachable", true));
            assertEquals("none", status.get("server").asObject().getString("wake", ""));
            assertEquals("laptop", status.get("device").asObject().getString("name", ""));
            JsonObject main = status.get("attachments").asArray().get(0).asObject();
            assertEquals("offline", main.getString("state", ""));
            assertEquals(folder.toString(), main.getString("path", ""));
        }
    }

    @Test
    void whatIsSaidWhileItStartsIsTakenAndRemembered() throws Exception {
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            client.call("pause", new JsonObject());
            assertTrue(home.identities().getFirst().attachment("main").orElseThrow().paused());
            client.call("resume", new JsonObject());
            assertFalse(home.identities().getFirst().attachment("main").orElseThrow().paused());
        }
    }

    @Test
    void whatIsNotAttachedOrNotKnownIsRefused() throws Exception {
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            JsonObject other = new JsonObject().add("name", "other");
            assertEquals("not_found", assertThrows(IpcFailure.class, () -> client.call("status", other)).code());
            assertEquals(
                    "unsupported_feature",
                    assertThrows(IpcFailure.class, () -> client.call("dance", new JsonObject())).code());
            JsonObject relative = new JsonObject().add("folder", "here");
            assertEquals("bad_request", assertThrows(IpcFailure.class, () -> client.call("attach", relative)).code());
        }
    }

    @Test
    void whatWasSaidLastIsKnownAfterTheEnd() throws Exception {
        start().close();
        JsonObject status = LastStatus.read(home, home.identities(), Optional.empty(), "0.1.0");
        assertEquals("not_running", status.getString("state", ""));
        assertFalse(status.get("daemon").asObject().getBoolean("running", true));
        JsonObject main = status.get("attachments").asArray().get(0).asObject();
        assertEquals("not_running", main.getString("state", ""));
        assertEquals("main", main.getString("name", ""));
    }

    @Test
    void detachingKeepsTheFilesAndForgetsTheRest() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "mine");
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            client.call("detach", new JsonObject().add("name", "main"));
            assertEquals(0, client.call("status", new JsonObject()).get("attachments").asArray().size());
        }
        assertEquals("mine", Files.readString(folder.resolve("a.txt")));
        assertFalse(Files.exists(folder.resolve(".tinysync/root.json")));
        assertFalse(Files.exists(home.database(new UUID(1, 1))));
        assertEquals(List.of(), home.identities().getFirst().attachments());
    }

    @Test
    void whatLiesAtThePlaceOfAFolderThatIsGoneIsLeftAlone() throws Exception {
        Files.move(folder, temp.resolve("elsewhere"));
        Files.createDirectory(folder);
        Root.create(folder, Joined.PHOTOS.id(), "another").close();
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            client.call("detach", new JsonObject().add("name", "main"));
        }
        assertTrue(Files.exists(folder.resolve(".tinysync/root.json")));
    }

    @Test
    void aFolderGetsAnotherPlaceWhileItIsKeptInSync() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "mine");
        Path to = temp.toRealPath().resolve("moved");
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            JsonObject request = new JsonObject().add("name", "main").add("folder", to.toString());
            assertEquals(to.toString(), client.call("relocate", request).getString("path", ""));
            assertEquals("mine", Files.readString(to.resolve("a.txt")));
            assertEquals("offline", client.call("sync", new JsonObject()).getString("outcome", ""));
            JsonObject status = client.call("status", new JsonObject());
            assertEquals(to.toString(), status.get("attachments").asArray().get(0).asObject().getString("path", ""));
            request.set("folder", temp.resolve("home/x").toString());
            assertEquals("not_possible", assertThrows(IpcFailure.class, () -> client.call("relocate", request)).code());
            assertEquals("offline", client.call("sync", new JsonObject()).getString("outcome", ""));
        }
    }

    @Test
    void leavingAServerThatIsAwayIsRefusedUnlessItIsMeant() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "mine");
        String server = home.identities().getFirst().serverId().toString();
        try (Daemon _ = start();
                IpcClient client = IpcClient.connect(home.path(), "test").orElseThrow()) {
            JsonObject request = new JsonObject().add("server_id", server);
            assertEquals("unreachable", assertThrows(IpcFailure.class, () -> client.call("leave", request)).code());
            assertEquals(1, client.call("status", new JsonObject()).get("attachments").asArray().size());
            client.call("leave", request.add("unheard", true));
            JsonObject status = client.call("status", new JsonObject());
            assertEquals(0, status.get("attachments").asArray().size());
            assertEquals(0, status.get("servers").asArray().size());
        }
        assertEquals(List.of(), home.identities());
        assertEquals("mine", Files.readString(folder.resolve("a.txt")));
        assertFalse(Files.exists(folder.resolve(".tinysync/root.json")));
        assertFalse(Files.exists(home.database(new UUID(1, 1))));
        try (Stream<Path> left = Files.walk(home.path())) {
            assertEquals(List.of(), left.filter(path -> path.toString().contains("identity")).toList());
        }
    }

    @Test
    void aDeviceThatNeverJoinedHasNoDaemon() throws IOException {
        Home fresh = Home.open(temp.resolve("fresh"));
        assertThrows(Membership.NotPossibleException.class, () -> Daemon.start(fresh, HoldLimit.DEFAULT, "0.1.0"));
        // The lock is free again.
        assertThrows(Membership.NotPossibleException.class, () -> Daemon.start(fresh, HoldLimit.DEFAULT, "0.1.0"));
    }
}
