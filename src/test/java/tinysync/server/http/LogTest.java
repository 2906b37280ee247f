package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Answer;
import tinysync.server.RunningServer.Device;
import tinysync.server.core.Store;
import tinysync.server.core.VaultRules;
import tinysync.server.store.SqliteStore;
import tinysync.tree.VaultId;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class LogTest {
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

    private JsonObject cursor() throws Exception {
        return device.get(device.at("")).json().get("head").asObject();
    }

    private static Answer await(Device who, String vault, JsonObject cursor, int seconds) {
        JsonObject body = new JsonObject().add("cursors", new JsonObject().add(vault, cursor)).add("timeout", seconds);
        try {
            return who.send("POST", "/v1/wait", body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns once so many long polls wait on the server. */
    private void untilWaiting(int count) throws Exception {
        String wanted = "tinysync_waiters " + count + "\n";
        while (!device.get("/metrics").text().contains(wanted)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theLogTellsWhatHappenedSinceACursor() throws Exception {
        device.commit(device.folder("one"));
        String middle = device.head();
        device.commit(device.folder("two"), device.folder("three"));
        JsonObject page = device.get(device.at("/log?limit=1&cursor=" + middle)).json();
        JsonObject event = page.get("events").asArray().get(0).asObject();
        assertEquals(2, event.get("seq").asLong());
        assertEquals("create_folder", event.get("op").asString());
        assertEquals(device.token().device().toString(), event.get("device").asString());
        assertTrue(page.get("more").asBoolean());
        assertEquals(3, page.get("head").asObject().get("seq").asLong());
    }

    @Test
    void aCursorThatNeverWasIsOfAnotherHistory() throws Exception {
        device.commit(device.folder("one"));
        String epoch = device.head().substring(0, 36);
        assertEquals("history_forked", device.get(device.at("/log?cursor=" + epoch + ".1.0123456789abcdef")).code());
        assertEquals("bad_request", device.get(device.at("/log?cursor=1")).code());
        assertEquals("bad_request", device.get(device.at("/log")).code());
    }

    @Test
    void aSnapshotComesInPagesWithEveryItemOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            device.commit(device.folder("folder " + i));
        }
        Set<String> names = new TreeSet<>();
        String query = "?limit=2";
        int items = 0;
        boolean more = true;
        while (more) {
            Answer page = device.get(device.at("/snapshot" + query));
            for (JsonObject line : page.lines()) {
                if (line.get("id") != null) {
                    items++;
                    names.add(line.get("name").asString());
                }
            }
            JsonObject last = page.lines().getLast();
            more = last.get("page") != null;
            query = more ? "?limit=2&page=" + last.get("page").asString() : "";
        }
        assertEquals(6, items);
        assertEquals(Set.of("", "folder 0", "folder 1", "folder 2", "folder 3", "folder 4"), names);
    }

    @Test
    void theForkPointIsTheLastSharedCheckpoint() throws Exception {
        device.commit(device.folder("one"));
        JsonObject shared = cursor();
        JsonObject other = new JsonObject(shared).set("seq", 2);
        Answer answer =
                device.send(
                        "POST",
                        device.at("/log/common"),
                        new JsonObject().add("checkpoints", new JsonArray().add(other).add(shared)));
        assertEquals(shared, answer.json().get("common"));
        assertEquals(1, answer.json().get("epochs").asArray().get(0).asObject().get("first_seq").asLong());
    }

    @Test
    void itemsAndChildrenAreShownOneFolderAtATime() throws Exception {
        JsonObject docs = device.folder("docs");
        device.commit(docs, device.folder("pictures"));
        JsonObject item = device.get(device.at("/items/" + docs.get("item").asString())).json();
        assertEquals("docs", item.get("name").asString());
        JsonObject page = device.get(device.at("/children?limit=1&parent=" + device.root())).json();
        assertEquals("docs", page.get("items").asArray().get(0).asObject().get("name").asString());
        JsonValue next = page.get("next");
        JsonObject rest =
                device.get(device.at("/items/" + device.root() + "/children?after=" + next.asString())).json();
        assertEquals(1, rest.get("items").asArray().size());
        assertEquals(404, device.get(device.at("/items/" + server.id())).status());
    }

    @Test
    void aLongPollIsAnsweredByTheNextCommit() throws Exception {
        JsonObject before = cursor();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> await(device, device.vault(), before, 50));
        untilWaiting(1);
        device.commit(device.folder("docs"));
        Answer answer = waiting.get();
        assertEquals(200, answer.status());
        assertEquals(cursor(), answer.json().get("heads").asObject().get(device.vault()));
    }

    @Test
    void aLongPollThatIsBehindIsAnsweredAtOnceAndOneInVainWithNothing() throws Exception {
        JsonObject before = cursor();
        device.commit(device.folder("docs"));
        assertEquals(200, await(device, device.vault(), before, 50).status());
        assertEquals(204, await(device, device.vault(), cursor(), 0).status());
        assertEquals(404, await(device, server.id().toString(), cursor(), 50).status());
    }

    @Test
    void aLongPollWithACursorOfAnotherHistoryIsRefusedAtOnce() throws Exception {
        device.commit(device.folder("docs"));
        JsonObject now = cursor();
        List<JsonObject> forked =
                List.of(
                        new JsonObject(now).set("epoch", server.id().toString()),
                        new JsonObject(now).set("seq", 2),
                        new JsonObject(now).set("tag", "ffffffffffffffff"));
        for (JsonObject cursor : forked) {
            Answer answer = await(device, device.vault(), cursor, 50);
            assertEquals(409, answer.status(), cursor.toString());
            assertEquals("history_forked", answer.code());
            assertTrue(answer.text().contains(device.vault()), answer.text());
        }
    }

    @Test
    void oneForkedCursorRefusesAWaitForOtherVaultsToo() throws Exception {
        JsonObject before = cursor();
        device.commit(device.folder("docs"));
        String second =
                server.send("POST", "/v1/vaults", server.adminToken(), new JsonObject().add("name", "second"))
                        .json()
                        .get("id")
                        .asString();
        JsonObject forked = new JsonObject(before).set("epoch", server.id().toString());
        JsonObject cursors = new JsonObject().add(device.vault(), before).add(second, forked);
        Answer answer =
                server.send(
                        "POST",
                        "/v1/wait",
                        server.adminToken(),
                        new JsonObject().add("cursors", cursors).add("timeout", 50));
        assertEquals("history_forked", answer.code());
    }

    @Test
    void aCursorFromBeforeTheKeptLogIsExpiredForWaitsAndForEmptyCommits() throws Exception {
        JsonObject start = cursor();
        device.commit(device.folder("docs"), device.folder("pictures"));
        server.close();
        try (Store store = SqliteStore.open(folder.resolve("data"))) {
            store.vault(VaultId.tryParse(device.vault()).orElseThrow())
                    .write(
                            tx -> {
                                tx.putState(VaultRules.state(tx).withMinRetained(2));
                                return true;
                            });
        }
        Device known = device;
        server = RunningServer.start(folder.resolve("data"));
        device = new Device(server, known.token(), known.vault(), known.root());
        assertEquals("cursor_expired", await(device, device.vault(), start, 50).code());
        JsonObject empty = new JsonObject().add("cursor", start).add("mutations", new JsonArray());
        Answer commit = device.send("POST", device.at("/commit"), empty);
        assertEquals(410, commit.status());
        assertEquals("cursor_expired", commit.code());
    }

    @Test
    void aLongPollEndsWhenItsDeviceIsRevoked() throws Exception {
        Device phone = server.join("phone");
        JsonObject now = cursor();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> await(phone, phone.vault(), now, 50));
        untilWaiting(1);
        device.send("DELETE", "/v1/devices/" + phone.token().device(), new JsonObject());
        // Long before the poll would have ended by itself.
        assertEquals("device_revoked", waiting.get(30, TimeUnit.SECONDS).code());
    }

    @Test
    void aLongPollEndsWhenTheServerStops() throws Exception {
        JsonObject now = cursor();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> await(device, device.vault(), now, 50));
        untilWaiting(1);
        server.server().close();
        assertEquals(204, waiting.get().status());
    }
}
