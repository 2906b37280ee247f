package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import tinysync.tree.Cursor;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.wire.BundleReader;
import tinysync.wire.BundleWriter;
import tinysync.wire.CommitHeader;
import tinysync.wire.CursorCodec;
import tinysync.wire.Fields;
import tinysync.wire.SmallContent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

class CommitTest {
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

    private Mutation.PutFile file(String name, SmallContent content) {
        return new Mutation.PutFile(
                new OpId(server.id(), 0),
                new ItemId(server.id()),
                Optional.of(new Place(ItemId.parse(device.root()), name)),
                Optional.empty(),
                content.ref(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private Mutation.CreateFolder folder(String name) {
        return new Mutation.CreateFolder(
                new OpId(server.id(), 0),
                new ItemId(server.id()),
                new Place(ItemId.parse(device.root()), name),
                Optional.empty(),
                false);
    }

    private static CommitHeader header() {
        return new CommitHeader(Optional.empty(), Optional.empty(), List.of("bundle"));
    }

    private static SmallContent text(String text) {
        return SmallContent.of(text.getBytes(UTF_8));
    }

    private List<Long> logSeqs() throws Exception {
        List<Long> seqs = new ArrayList<>();
        String cursor = device.start();
        boolean more = true;
        while (more) {
            JsonObject page = device.get(device.at("/log?cursor=" + cursor)).json();
            for (JsonValue event : page.get("events").asArray()) {
                seqs.add(event.asObject().get("seq").asLong());
                cursor =
                        cursor.substring(0, 36)
                                + "."
                                + event.asObject().get("seq").asLong()
                                + "."
                                + event.asObject().get("tag").asString();
            }
            more = page.get("more").asBoolean();
        }
        return seqs;
    }

    @Test
    void aJsonCommitAnswersEachMutationAndTheHead() throws Exception {
        Answer answer = device.commit(device.folder("docs"), device.folder("pictures"));
        List<JsonObject> lines = answer.lines();
        assertEquals("application/x-ndjson", answer.header("content-type"));
        assertEquals("applied", lines.get(0).get("result").asString());
        assertEquals(1, lines.get(0).get("seq").asLong());
        assertEquals("pictures", lines.get(1).get("items").asArray().get(0).asObject().get("name").asString());
        JsonObject end = lines.get(2).get("end").asObject();
        assertEquals(2, end.get("mutations").asLong());
        assertEquals(2, end.get("head").asObject().get("seq").asLong());
    }

    @Test
    void smallContentRidesInsideAJsonCommit() throws Exception {
        SmallContent content = text("hello");
        Mutation.PutFile put = file("a.txt", content);
        JsonObject mutation =
                new JsonObject()
                        .add("op", "put_file")
                        .add("op_id", put.opId().toString())
                        .add("item", put.item().toString())
                        .add("parent", device.root())
                        .add("name", "a.txt")
                        .add(
                                "content",
                                new JsonObject()
                                        .add("alg", "sha256")
                                        .add("id", content.ref().id().hex())
                                        .add("size", 5));
        JsonObject body =
                new JsonObject()
                        .add("mutations", new JsonArray().add(mutation))
                        .add(
                                "contents",
                                new JsonObject()
                                        .add(
                                                content.ref().id().hex(),
                                                Base64.getEncoder().encodeToString(content.bytes())));
        Answer answer = device.send("POST", device.at("/commit"), body);
        assertEquals("applied", answer.lines().getFirst().get("result").asString(), answer.text());
        assertEquals("hello", device.get(device.at("/content/" + content.ref().id())).text());
    }

    @Test
    void theSameOperationAgainIsADuplicateAndAnotherUnderItsIdIsRefused() throws Exception {
        JsonObject docs = device.folder("docs");
        device.commit(docs);
        JsonObject again = device.commit(docs).lines().getFirst();
        assertEquals("duplicate", again.get("result").asString());
        assertEquals(1, again.get("seq").asLong());
        JsonObject other = device.commit(new JsonObject(docs).set("name", "other")).lines().getFirst();
        assertEquals("op_reused", other.get("code").asString());
        assertEquals(List.of(1L), logSeqs());
    }

    @Test
    void aNameThatIsTakenIsRefusedWithWhatHasIt() throws Exception {
        device.commit(device.folder("docs"));
        JsonObject refused = device.commit(device.folder("DOCS")).lines().getFirst();
        assertEquals("refused", refused.get("result").asString());
        assertEquals("name_taken", refused.get("code").asString());
        assertEquals("docs", refused.get("item").asObject().get("name").asString());
    }

    @Test
    void aCursorOfAnotherHistoryRefusesTheWholeCommit() throws Exception {
        JsonObject cursor =
                new JsonObject().add("epoch", server.id().toString()).add("seq", 0).add("tag", "0000000000000000");
        JsonObject body =
                new JsonObject().add("cursor", cursor).add("mutations", new JsonArray().add(device.folder("docs")));
        Answer answer = device.send("POST", device.at("/commit"), body);
        assertEquals(409, answer.status());
        assertEquals("history_forked", answer.code());
        assertEquals(List.of(), logSeqs());
    }

    private JsonObject forked() throws Exception {
        JsonObject head = device.get(device.at("")).json().get("head").asObject();
        return head.set("epoch", server.id().toString());
    }

    @Test
    void aCommitWithoutMutationsIsRefusedForItsCursorAndItsInstanceToo() throws Exception {
        JsonObject empty = new JsonObject().add("mutations", new JsonArray());
        Answer good = device.send("POST", device.at("/commit"), empty);
        assertEquals(0, good.lines().getLast().get("end").asObject().get("mutations").asLong());
        Answer forked = device.send("POST", device.at("/commit"), new JsonObject(empty).add("cursor", forked()));
        assertEquals(409, forked.status());
        assertEquals("history_forked", forked.code());
        device.send("POST", "/v1/session", new JsonObject().add("new", server.id().toString()));
        JsonObject other = new JsonObject(empty).add("instance", server.id().toString());
        assertEquals("device_cloned", device.send("POST", device.at("/commit"), other).code());
    }

    @Test
    void aForkedCursorRefusesMoreThanTheFirstBatchOfABundle() throws Exception {
        Cursor cursor = CursorCodec.decode(Fields.of(forked(), "cursor"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer =
                new BundleWriter(bytes, new CommitHeader(Optional.of(cursor), Optional.empty(), List.of()));
        for (int i = 0; i < 400; i++) {
            writer.add(folder("f" + i));
        }
        writer.end();
        assertEquals(409, device.bundle(bytes.toByteArray()).status());
        assertEquals(List.of(), logSeqs());
    }

    @Test
    void aBundleWhoseLineBreaksIsCommittedAsFarAsItCame() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(bytes, header());
        for (int i = 0; i < 200; i++) {
            writer.add(folder("f" + i));
        }
        writer.end();
        byte[] whole = bytes.toByteArray();
        String head =
                "POST %s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(
                                device.at("/commit"), device.token().format(), BundleReader.MEDIA_TYPE, whole.length);
        try (Socket socket = new Socket(server.uri("/").getHost(), server.uri("/").getPort())) {
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.getOutputStream().write(whole, 0, whole.length - 20);
            socket.setSoLinger(true, 0);
        }
        while (logSeqs().size() < 192) {
            Thread.onSpinWait();
        }
        assertEquals(201, device.bundle(whole).lines().size());
        assertEquals(200, logSeqs().size());
    }

    @Test
    void whatDoesNotFitIntoMemoryIsKeptInAFileOnlyWhileItIsNeeded() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(bytes, header());
        for (int i = 0; i < 100; i++) {
            SmallContent content = SmallContent.of(RunningServer.noise(20_000 + i));
            writer.add(file("f" + i, content), content);
        }
        writer.end();
        assertEquals(101, device.bundle(bytes.toByteArray()).lines().size());
        // The answer is here a moment before the server has tidied up behind it.
        while (spilled() > 0) {
            Thread.onSpinWait();
        }
    }

    private long spilled() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/tmp"))) {
            return files.count();
        }
    }

    @Test
    void aBundleKeepsTheOrderOfItsMutationsAroundTheirContents() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(bytes, header());
        writer.add(folder("first"));
        writer.add(file("a.txt", text("one")), text("one"));
        writer.add(folder("second"));
        writer.add(file("b.txt", text("two")), text("two"));
        writer.end();
        List<JsonObject> lines = device.bundle(bytes.toByteArray()).lines();
        List<String> names =
                lines.subList(0, 4).stream()
                        .map(line -> line.get("items").asArray().get(0).asObject().get("name").asString())
                        .toList();
        assertEquals(List.of("first", "a.txt", "second", "b.txt"), names);
        assertEquals(4, lines.get(4).get("end").asObject().get("mutations").asLong());
        assertEquals("two", device.get(device.at("/content/" + text("two").ref().id())).text());
    }

    @Test
    void aBundleThatBreaksOffIsRefusedAndItsRepetitionSettlesIt() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(bytes, header());
        for (int i = 0; i < 200; i++) {
            writer.add(file("f" + i, text("content " + i)), text("content " + i));
        }
        writer.end();
        byte[] whole = bytes.toByteArray();
        Answer broken = device.bundle(Arrays.copyOf(whole, whole.length - 20));
        assertEquals(400, broken.status(), broken.text());
        List<JsonObject> lines = device.bundle(whole).lines();
        assertEquals(201, lines.size());
        assertTrue(lines.subList(0, 200).stream().allMatch(l -> !l.get("result").asString().equals("refused")));
        assertEquals(200, logSeqs().size());
    }

    @Test
    void tenThousandMutationsGoInOneBundle() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(bytes, header());
        for (int i = 0; i < 10_000; i++) {
            writer.add(folder("folder number " + i));
        }
        writer.end();
        List<JsonObject> lines = device.bundle(bytes.toByteArray()).lines();
        assertEquals(10_001, lines.size());
        assertEquals(10_000, lines.getLast().get("end").asObject().get("head").asObject().get("seq").asLong());
        assertEquals(10_000, logSeqs().size());
    }

    @Test
    void commitsOfManyAtOnceLeaveNoGapInTheLog() throws Exception {
        try (ExecutorService many = Executors.newFixedThreadPool(32)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int t = 0; t < 32; t++) {
                String prefix = "t" + t + "-";
                tasks.add(
                        () -> {
                            int applied = 0;
                            for (int i = 0; i < 8; i++) {
                                List<JsonObject> lines = device.commit(device.folder(prefix + i)).lines();
                                applied += lines.getFirst().get("result").asString().equals("applied") ? 1 : 0;
                            }
                            return applied;
                        });
            }
            int applied = 0;
            for (Future<Integer> done : many.invokeAll(tasks)) {
                applied += done.get();
            }
            assertEquals(256, applied);
        }
        List<Long> seqs = logSeqs();
        assertEquals(256, seqs.size());
        for (int i = 0; i < seqs.size(); i++) {
            assertEquals(i + 1, seqs.get(i));
        }
    }

    @Test
    void aDeletedSubtreeIsBuriedInTheBackground() throws Exception {
        JsonObject docs = device.folder("docs");
        device.commit(docs);
        JsonObject inner = device.folder("inner").set("parent", docs.get("item").asString());
        device.commit(inner);
        JsonObject delete =
                new JsonObject()
                        .add("op", "delete_subtree")
                        .add("op_id", server.id() + ":0")
                        .add("item", docs.get("item").asString())
                        .add("base", new JsonObject().add("place", 1))
                        .add("applied_seq", 2);
        assertEquals("applied", device.commit(delete).lines().getFirst().get("result").asString());
        JsonObject view = device.get(device.at("/items/" + inner.get("item").asString())).json();
        assertTrue(view.get("deleted").asBoolean());
        assertEquals(1, device.get(device.at("")).json().get("items").asLong());
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() throws Exception {
        Answer answer =
                server.send(
                        "POST",
                        device.at("/commit"),
                        device.token().format(),
                        "text/plain",
                        java.net.http.HttpRequest.BodyPublishers.ofString("{}"));
        assertEquals(415, answer.status());
    }

    @Test
    void whatIsRequiredAndNotKnownIsRefused() throws Exception {
        JsonObject body =
                new JsonObject().add("requires", new JsonArray().add("telepathy")).add("mutations", new JsonArray());
        Answer inBody = device.send("POST", device.at("/commit"), body);
        assertEquals("unsupported_feature", inBody.code());
        Answer inHeader = device.get("/v1/me", "TinySync-Requires", "bundle, telepathy");
        assertEquals(400, inHeader.status());
        assertEquals("unsupported_feature", inHeader.code());
    }
}
