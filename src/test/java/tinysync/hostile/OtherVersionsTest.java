package tinysync.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.hostile.LyingServer.Asked;
import tinysync.hostile.LyingServer.Said;
import tinysync.server.RunningServer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** This client with a server of another version: one that knows more, and one that knows less. */
@Timeout(120)
class OtherVersionsTest {
    @TempDir Path base;

    private RunningServer real;
    private RunningServer.Device peer;
    private LyingServer server;

    @BeforeEach
    void start() throws Exception {
        real = RunningServer.start(base.resolve("data"));
        server = new LyingServer(real);
        peer = real.join("peer");
    }

    @AfterEach
    void end() {
        server.close();
        real.close();
    }

    private CagedDevice join() throws Exception {
        JsonObject everyone = new JsonObject().add("group", "everyone");
        String invite = real.send("POST", "/v1/invites", real.adminToken(), everyone).json().getString("invite", "");
        return new CagedDevice(base.resolve("device"), server.url() + invite.substring(invite.indexOf("/join#")));
    }

    /** Both ways: what comes from elsewhere, small and large, and what is made, edited, moved and deleted here. */
    private void syncs(CagedDevice device) throws Exception {
        peer.commit(peer.folder("docs"));
        Path docs = device.folder().resolve("docs");
        device.await(status -> status.getString("state", "").equals("synced") && Files.exists(docs));
        Files.writeString(docs.resolve("small.txt"), "small");
        Files.write(docs.resolve("large.bin"), RunningServer.noise(3_000_000));
        device.await(status -> isAtRest(status, 4));
        Files.writeString(docs.resolve("small.txt"), "smaller");
        Files.move(docs.resolve("large.bin"), device.folder().resolve("moved.bin"));
        device.await(status -> isAtRest(status, 4) && shows("moved.bin") && shows("\"size\":7"));
        Files.delete(device.folder().resolve("moved.bin"));
        device.await(status -> isAtRest(status, 3) && !shows("moved.bin"));
    }

    private boolean isAtRest(JsonObject status, int items) {
        return status.getString("state", "").equals("synced")
                && status.getInt("items", 0) == items - 1
                && status.getInt("parked_total", -1) == 0;
    }

    private boolean shows(String text) {
        try {
            return peer.get(peer.at("/snapshot")).text().contains(text);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // A server that knows more.

    @Test
    void whatANewerServerSaysBesideIsIgnored() throws Exception {
        server.lie((asked, truth) -> isJson(asked) ? newer(asked, truth) : Optional.empty());
        try (CagedDevice device = join()) {
            syncs(device);
        }
    }

    private static boolean isJson(Asked asked) {
        boolean bytes = asked.path().contains("/content/") || asked.path().contains("/chunks/");
        return !bytes || asked.path().endsWith("/content/missing");
    }

    private Optional<Said> newer(Asked asked, LyingServer.Truth truth) throws IOException {
        byte[] said = truth.get();
        if (said.length == 0 || new String(said, UTF_8).startsWith("{\"error\"")) {
            return Optional.empty();
        }
        if (asked.path().equals("/v1/info")) {
            JsonObject info = server.ourselves(said);
            info.get("features").asArray().add("moonlight");
            return Optional.of(Said.json(more(info).asObject()));
        }
        String text =
                new String(said, UTF_8)
                        .lines()
                        .map(line -> more(Json.parse(line)).toString())
                        .collect(Collectors.joining("\n"));
        boolean lines = asked.path().contains("/snapshot") || asked.path().endsWith("/commit");
        return Optional.of(
                Said.of(200, lines ? "application/x-ndjson" : "application/json", lines ? text + "\n" : text));
    }

    /** With members that nobody knows in each object, but where members are data. */
    private static JsonValue more(JsonValue value) {
        if (value.isArray()) {
            JsonArray array = new JsonArray();
            value.asArray().forEach(one -> array.add(more(one)));
            return array;
        }
        if (!value.isObject()) {
            return value;
        }
        JsonObject object = new JsonObject();
        value.asObject()
                .forEach(
                        member -> {
                            boolean data = member.getName().equals("attrs") || member.getName().equals("heads");
                            object.add(member.getName(), data ? member.getValue() : more(member.getValue()));
                        });
        return object.add("x_moon", new JsonObject().add("phase", new JsonArray().add("full").add(Json.NULL)));
    }

    @Test
    void operationsThatOnlyANewerServerKnowsAreReplayedByWhatTheyLeft() throws Exception {
        server.lie(
                (asked, truth) ->
                        asked.is("GET", "/log")
                                ? Optional.of(
                                        Said.of(
                                                200,
                                                "application/json",
                                                new String(truth.get(), UTF_8).replace("\"op\":\"", "\"op\":\"moon_")))
                                : Optional.empty());
        try (CagedDevice device = join()) {
            syncs(device);
        }
    }

    @Test
    void aResultNobodyKnowsKeepsTheFileAndIsTold() throws Exception {
        try (CagedDevice device = join()) {
            device.await(status -> status.getString("state", "").equals("synced"));
            server.lie(
                    (asked, truth) ->
                            asked.is("POST", "/commit")
                                    ? Optional.of(
                                            Said.of(
                                                    422,
                                                    "application/json",
                                                    "{\"error\":{\"code\":\"moon_phase\",\"message\":\"wait for"
                                                            + " it\"}}"))
                                    : Optional.empty());
            Path file = device.folder().resolve("a.txt");
            Files.writeString(file, "mine");
            device.await(status -> server.liesTold() > 1);
            assertEquals("mine", Files.readString(file));
            server.beHonest();
            device.await(status -> isAtRest(status, 2));
            assertTrue(shows("a.txt"));
        }
    }

    // A server that knows less.

    @Test
    void withoutTheCallForManyContentsEachIsFetchedByItself() throws Exception {
        server.lie(
                (asked, truth) -> {
                    if (asked.path().endsWith("/content/fetch")) {
                        return Optional.of(
                                Said.of(
                                        404,
                                        "application/json",
                                        "{\"error\":{\"code\":\"not_found\",\"message\":\"no such call\"}}"));
                    }
                    if (asked.path().equals("/v1/info")) {
                        JsonObject info = server.ourselves(truth.get());
                        return Optional.of(
                                Said.json(info.set("features", new JsonArray()).remove("limits").remove("fold_table")));
                    }
                    return Optional.empty();
                });
        RunningServer.Answer put = peer.put(peer.at("/content/" + hash("small")), "small".getBytes(UTF_8));
        assertEquals(204, put.status());
        peer.commit(
                peer.folder("s.txt")
                        .set("op", "put_file")
                        .add("content", new JsonObject().add("alg", "sha256").add("id", hash("small")).add("size", 5)));
        try (CagedDevice device = join()) {
            device.await(status -> isAtRest(status, 2));
            assertEquals("small", Files.readString(device.folder().resolve("s.txt")));
        }
    }

    private static String hash(String text) {
        return Hash.of(text.getBytes(UTF_8)).hex();
    }
}
