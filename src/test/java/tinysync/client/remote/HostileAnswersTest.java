package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.content.Hash;
import tinysync.tree.Cursor;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;
import tinysync.wire.BundleReader;
import tinysync.wire.ErrorCode;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.SmallContent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What a hostile server may answer to a call, over real sockets: each is refused as no answer, within bounds of memory
 * and time, and nothing of it is handed on. The time limit only ends a test that would hang.
 */
@Timeout(60)
class HostileAnswersTest {
    private static final VaultId VAULT = new VaultId(new UUID(1, 1));
    private static final UUID EPOCH = new UUID(1, 2);
    private static final String TAG = "0123456789abcdef";
    private static final Cursor AT = new Cursor(EPOCH, 7, TAG);
    private static final ItemId ITEM = new ItemId(new UUID(1, 3));
    private static final ItemId PARENT = new ItemId(new UUID(1, 4));
    private static final Hash HASH = Hash.of("x".getBytes(UTF_8));

    @FunctionalInterface
    private interface Ask {
        Object of(ServerApi api) throws RemoteException, IOException;
    }

    /** An answer and the call that it is the answer to. */
    record Lie(String name, String type, byte[] body, Ask ask) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** As with a heap of 48 MiB: what a larger one bears would hide what is not bounded. */
    private static final long HEAP_MAX = 16 << 20;

    private static RemoteException refused(FakeServer server, Ask ask) {
        try (server;
                ServerApi api = server.api(HEAP_MAX)) {
            RemoteException refused = assertThrows(RemoteException.class, () -> ask.of(api));
            assertTrue(!(refused instanceof RemoteException.Refused), "a lie is no refusal: " + refused);
            return refused;
        }
    }

    private static Lie json(String name, String text, Ask ask) {
        return new Lie(name, Call.JSON, text.getBytes(UTF_8), ask);
    }

    private static Lie lines(String name, Ask ask, String... lines) {
        return new Lie(name, Ndjson.MEDIA_TYPE, (String.join("\n", lines) + "\n").getBytes(UTF_8), ask);
    }

    // Text that is no answer.

    private static final Ask ME = ServerApi::me;

    static Stream<Lie> texts() {
        return Stream.of(
                json("nothing", "", ME),
                json("an array", "[]", ME),
                json("a number", "1", ME),
                json("half an object", "{\"device\":", ME),
                json("deep", "[".repeat(100_000), ME),
                json("deep in an object", "{\"a\":".repeat(100_000), ME),
                json("not a number", me("NaN"), ME),
                json("infinity", me("Infinity"), ME),
                json("a name twice", "{\"device\":{},\"device\":{}}", ME),
                json("half a surrogate pair", me("\"\\ud800\""), ME),
                json("a byte order mark", "\uFEFF" + me("1"), ME),
                json("something behind", me("1") + "{}", ME),
                json("a number of a thousand digits", me("1".repeat(1_000)), ME),
                json("a NUL between", me("1") + "\0", ME),
                new Lie("not UTF-8", Call.JSON, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, ME),
                new Lie("a web page", "text/html", "<html>".getBytes(UTF_8), ME),
                new Lie("another type", "application/octet-stream", "{}".getBytes(UTF_8), ME),
                json("a protocol of later", info(2), ServerApi::info),
                json("a protocol of before", info(0), ServerApi::info),
                json("a head beyond all numbers", wait("9007199254740992"), HostileAnswersTest::wait),
                json("a head below all", wait("-1"), HostileAnswersTest::wait),
                json("a head with a fraction", wait("1.5"), HostileAnswersTest::wait),
                json("a head with an exponent", wait("1e3"), HostileAnswersTest::wait));
    }

    private static String me(String more) {
        return "{\"device\":{\"id\":\"" + EPOCH + "\",\"name\":\"n\"},\"groups\":[],\"vaults\":[],\"x\":" + more + "}";
    }

    private static String info(int protocol) {
        return "{\"product\":\"tinysync\",\"version\":\"9\",\"protocol\":"
                + protocol
                + ",\"server_id\":\""
                + EPOCH
                + "\"}";
    }

    private static String wait(String seq) {
        return "{\"heads\":{\"" + VAULT + "\":" + cursor(seq) + "}}";
    }

    private static Object wait(ServerApi api) throws RemoteException {
        return api.await(Map.of(VAULT, AT), Duration.ZERO);
    }

    private static String cursor(String seq) {
        return "{\"epoch\":\"" + EPOCH + "\",\"seq\":" + seq + ",\"tag\":\"" + TAG + "\"}";
    }

    // Logs.

    private static final Ask LOG = api -> api.log(VAULT, AT, 1_000);

    private static String log(long head, boolean more, String... events) {
        return "{\"head\":%s,\"min_retained\":1,\"events\":[%s],\"more\":%s}"
                .formatted(cursor("" + head), String.join(",", events), more);
    }

    private static String event(String seq, String... items) {
        return ("{\"seq\":%s,\"tag\":\"%s\",\"time\":\"2026-11-21T07:45:00Z\",\"device\":\"%s\",\"op_id\":\"%s:0\","
                        + "\"op\":\"put_file\",\"items\":[%s],\"confirmed\":false}")
                .formatted(seq, TAG, EPOCH, EPOCH, String.join(",", items));
    }

    private static String file(String name, String size, String more) {
        return ("{\"id\":\"%s\",\"parent\":\"%s\",\"name\":%s,\"kind\":\"file\",\"content\":{\"alg\":\"sha256\","
                        + "\"id\":\"%s\",\"size\":%s},\"versions\":{\"content\":8,\"place\":8,\"meta\":8}%s}")
                .formatted(ITEM, PARENT, name, HASH, size, more);
    }

    static Stream<Lie> logs() {
        return Stream.of(
                json("a gap", log(9, false, event("9")), LOG),
                json("the same again", log(8, false, event("8"), event("8")), LOG),
                json("back", log(9, false, event("8"), event("7")), LOG),
                json("what was read before", log(7, false, event("7")), LOG),
                json("beyond its head", log(7, false, event("8")), LOG),
                json("a head of before", log(6, false), LOG),
                json("more, and nothing", log(9, true), LOG),
                json("a seq beyond all numbers", log(8, false, event("9007199254740992")), LOG),
                json("a seq of nothing", log(8, false, event("0")), LOG),
                json("a size below nothing", log(8, false, event("8", file("\"a\"", "-1", ""))), LOG),
                json(
                        "a size beyond all numbers",
                        log(8, false, event("8", file("\"a\"", "9007199254740992", ""))),
                        LOG),
                json("a mode that sets the user", mode("4755"), LOG),
                json("a mode that is none", mode("999"), LOG),
                json("attributes that are none", log(8, false, event("8", file("\"a\"", "1", ",\"attrs\":[]"))), LOG),
                json(
                        "a version below nothing",
                        log(8, false, event("8", file("\"a\"", "1", "").replace(":8,", ":-8,"))),
                        LOG),
                json("an item without an id", log(8, false, event("8", "{\"name\":\"a\"}")), LOG),
                json("an item that is a list", log(8, false, event("8", "[]")), LOG));
    }

    private static String mode(String mode) {
        return log(8, false, event("8", file("\"a\"", "1", ",\"mode\":\"" + mode + "\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "a/b",
                "/etc/passwd",
                "../x",
                "a/../../x",
                "a\\u0000b",
                "\\u0000",
                "\\ud800",
                "\\udc00x",
                "e\\u0301"
            })
    void noNameThatCouldLeadAstrayComesThrough(String name) throws IOException {
        String item = file("\"" + name + "\"", "1", "");
        refused(FakeServer.saying(200, Call.JSON, log(8, false, event("8", item))), LOG);
        refused(
                FakeServer.saying(200, Ndjson.MEDIA_TYPE, SNAPSHOT_HEAD + "\n" + item + "\n" + SNAPSHOT_END + "\n"),
                SNAPSHOT);
    }

    @Test
    void noNameIsLongerThanADiskTakes() throws IOException {
        noNameThatCouldLeadAstrayComesThrough("a".repeat(256));
        noNameThatCouldLeadAstrayComesThrough("\u65e5".repeat(86));
    }

    // Snapshots.

    private static final Ask SNAPSHOT = api -> api.snapshot(VAULT, Optional.empty());
    private static final String SNAPSHOT_HEAD = snapshotHead(VAULT, "1");
    private static final String SNAPSHOT_END = "{\"end\":{\"at\":" + cursor("7") + "}}";

    private static String snapshotHead(VaultId vault, String items) {
        return "{\"snapshot\":{\"vault\":\"%s\",\"at\":%s,\"items\":%s}}".formatted(vault, cursor("7"), items);
    }

    static Stream<Lie> snapshots() {
        return Stream.of(
                lines("of another vault", SNAPSHOT, snapshotHead(new VaultId(EPOCH), "1"), SNAPSHOT_END),
                lines("without an end", SNAPSHOT, SNAPSHOT_HEAD),
                lines("that ends elsewhere", SNAPSHOT, SNAPSHOT_HEAD, SNAPSHOT_END.replace(":7,", ":8,")),
                lines("with two heads", SNAPSHOT, SNAPSHOT_HEAD, SNAPSHOT_HEAD, SNAPSHOT_END),
                lines("without a head", SNAPSHOT, SNAPSHOT_END),
                lines("of fewer than none", SNAPSHOT, snapshotHead(VAULT, "-1"), SNAPSHOT_END),
                lines("of a line of rubbish", SNAPSHOT, SNAPSHOT_HEAD, "rubbish", SNAPSHOT_END),
                lines("of more items than asked for", SNAPSHOT, tooManyItems()));
    }

    private static String[] tooManyItems() {
        return Stream.concat(
                        Stream.of(SNAPSHOT_HEAD),
                        Stream.generate(
                                        () ->
                                                "{\"id\":\"%s\",\"parent\":\"%s\",\"name\":\"n\",\"kind\":\"folder\",\"versions\":{\"content\":1,\"place\":1,\"meta\":1}}"
                                                        .formatted(ITEM, PARENT))
                                .limit(2_001))
                .toArray(String[]::new);
    }

    // Results of commits.

    private static final OpId OP = new OpId(new UUID(1, 5), 0);
    private static final OpId NEXT = new OpId(new UUID(1, 5), 1);
    private static final List<Mutation> MUTATIONS =
            List.of(
                    new Mutation.CreateFolder(OP, ITEM, new Place(PARENT, "n"), Optional.empty(), false),
                    new Mutation.Delete(NEXT, ITEM, 1, 2));

    private static Object commit(ServerApi api) throws RemoteException {
        CommitReply reply = api.commit(VAULT, AT, EPOCH, MUTATIONS, SmallContents.NONE);
        throw reply.broken().orElseThrow(() -> new AssertionError("a lie is taken for an answer: " + reply));
    }

    private static String applied(OpId op, long seq, String... items) {
        return "{\"op_id\":\"%s\",\"result\":\"applied\",\"seq\":%d,\"items\":[%s]}"
                .formatted(op, seq, String.join(",", items));
    }

    private static String end(long mutations, long seq) {
        return "{\"end\":{\"mutations\":%d,\"head\":%s}}".formatted(mutations, cursor("" + seq));
    }

    private static String view(ItemId id) {
        return "{\"id\":\"%s\",\"parent\":\"%s\",\"name\":\"n\",\"kind\":\"folder\",\"versions\":{\"content\":8,\"place\":8,\"meta\":8}}"
                .formatted(id, PARENT);
    }

    static Stream<Lie> commits() {
        Ask commit = HostileAnswersTest::commit;
        return Stream.of(
                lines("for another operation", commit, applied(NEXT, 8), applied(OP, 9), end(2, 9)),
                lines("for one nobody sent", commit, applied(new OpId(EPOCH, 7), 8), end(1, 8)),
                lines("one too few", commit, applied(OP, 8), end(1, 8)),
                lines("one too many", commit, applied(OP, 8), applied(NEXT, 9), applied(NEXT, 9), end(3, 9)),
                lines("the same twice", commit, applied(OP, 8), applied(OP, 8), end(2, 8)),
                lines("another count", commit, applied(OP, 8), applied(NEXT, 9), end(3, 9)),
                lines("back in time", commit, applied(OP, 9), applied(NEXT, 8), end(2, 9)),
                lines("newer than the head", commit, applied(OP, 8), applied(NEXT, 9), end(2, 8)),
                lines("about another item", commit, applied(OP, 8, view(PARENT)), applied(NEXT, 9), end(2, 9)),
                lines(
                        "about one item twice",
                        commit,
                        applied(OP, 8, view(ITEM), view(ITEM)),
                        applied(NEXT, 9),
                        end(2, 9)),
                lines("with something behind", commit, applied(OP, 8), applied(NEXT, 9), end(2, 9), end(2, 9)),
                lines("without an end", commit, applied(OP, 8), applied(NEXT, 9)),
                lines("a word nobody knows", commit, applied(OP, 8).replace("applied", "postponed"), end(2, 9)),
                lines("nothing", commit),
                lines("an empty object", commit, "{}"));
    }

    // Manifests and contents.

    private static final Ask MANIFEST = api -> api.manifest(VAULT, HASH);

    private static String manifest(String size, String... chunks) {
        return "{\"size\":%s,\"chunks\":[%s]}".formatted(size, String.join(",", chunks));
    }

    private static String chunk(String length) {
        return "[\"" + HASH + "\"," + length + "]";
    }

    static Stream<Lie> manifests() {
        return Stream.of(
                json("of other content", manifest("2", chunk("1"), chunk("1")), MANIFEST),
                json("without chunks", manifest("2"), MANIFEST),
                json("of one chunk", manifest("1", chunk("1")), MANIFEST),
                json("with a chunk of nothing", manifest("1", chunk("1"), chunk("0")), MANIFEST),
                json("with a chunk below nothing", manifest("0", chunk("1"), chunk("-1")), MANIFEST),
                json("with a huge chunk", manifest("4294967297", chunk("1"), chunk("4294967296")), MANIFEST),
                json(
                        "with chunks that overflow",
                        manifest("1", chunk("9007199254740991"), chunk("9007199254740991")),
                        MANIFEST),
                json("that does not add up", manifest("3", chunk("1"), chunk("1")), MANIFEST),
                json("of a petabyte", manifest("1125899906842624", chunk("1"), chunk("1")), MANIFEST),
                json("with chunks that are none", manifest("2", "[]", "{}"), MANIFEST));
    }

    private static final Ask FETCH =
            api -> {
                api.fetchMany(VAULT, List.of(HASH), fetched -> {});
                return "";
            };

    private static byte[] frames(Object... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object frame : frames) {
            boolean raw = frame instanceof byte[];
            byte[] body = raw ? (byte[]) frame : frame.toString().getBytes(UTF_8);
            out.writeBytes(ByteBuffer.allocate(5).putInt(body.length + 1).put((byte) (raw ? 3 : 1)).array());
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    private static Lie fetch(String name, byte[] body) {
        return new Lie(name, BundleReader.MEDIA_TYPE, body, FETCH);
    }

    static Stream<Lie> fetches() {
        byte[] right = {'x'};
        SmallContent other = SmallContent.of("other".getBytes(UTF_8));
        String named = "{\"content\":{\"id\":\"" + HASH + "\",\"size\":1}}";
        String end = "{\"end\":{\"contents\":1}}";
        return Stream.of(
                fetch("other bytes", frames(named, new byte[] {'y'}, end)),
                fetch("more bytes", frames(named, new byte[] {'x', 'x'}, end)),
                fetch("fewer bytes", frames(named, new byte[0], end)),
                fetch("another size", frames(named.replace("\"size\":1", "\"size\":2"), right, end)),
                fetch(
                        "what nobody asked for",
                        frames(
                                named.replace(HASH.hex(), other.ref().id().hex()).replace(":1}", ":5}"),
                                other.bytes(),
                                end)),
                fetch("the same twice", frames(named, right, named, right, "{\"end\":{\"contents\":2}}")),
                fetch("nothing", frames("{\"end\":{\"contents\":0}}")),
                fetch("another count", frames(named, right, "{\"end\":{\"contents\":2}}")),
                fetch("without an end", frames(named, right)),
                fetch("bytes without a name", frames(right, end)),
                fetch("a name without bytes", frames(named, end)),
                fetch("a frame of four gigabytes", new byte[] {-1, -1, -1, -1, 1}),
                fetch("a frame of nothing", new byte[] {0, 0, 0, 0, 1}),
                fetch("a frame of a kind nobody knows", new byte[] {0, 0, 0, 1, 9}),
                fetch("a name of a megabyte", frames("[".repeat(1 << 20))));
    }

    @ParameterizedTest
    @MethodSource({"texts", "logs", "snapshots", "commits", "manifests", "fetches"})
    void itIsNoAnswer(Lie lie) throws IOException {
        refused(new FakeServer(exchange -> FakeServer.answer(exchange, 200, lie.type(), lie.body())), lie.ask());
    }

    /** Without this, a slip in a table above would make every lie in it a success. */
    @ParameterizedTest
    @MethodSource("truths")
    void theSameWithoutTheLieIsOne(Lie truth) throws IOException {
        try (FakeServer server =
                        new FakeServer(exchange -> FakeServer.answer(exchange, 200, truth.type(), truth.body()));
                ServerApi api = server.api()) {
            assertDoesNotThrow(() -> truth.ask().of(api));
        }
    }

    static Stream<Lie> truths() {
        String named = "{\"content\":{\"id\":\"" + HASH + "\",\"size\":1}}";
        return Stream.of(
                json("me", me("1"), ME),
                json("info", info(1), ServerApi::info),
                json("wait", wait("8"), HostileAnswersTest::wait),
                json("log", log(9, true, event("8", file("\"a\"", "1", ",\"mode\":\"755\""))), LOG),
                lines("snapshot", SNAPSHOT, SNAPSHOT_HEAD, file("\"a\"", "1", ""), SNAPSHOT_END),
                lines(
                        "commit",
                        api -> api.commit(VAULT, AT, EPOCH, MUTATIONS, SmallContents.NONE).head().orElseThrow(),
                        applied(OP, 8, view(ITEM)),
                        applied(NEXT, 9, view(ITEM)),
                        end(2, 9)),
                fetch("fetch", frames(named, new byte[] {'x'}, "{\"end\":{\"contents\":1}}")));
    }

    // What has no end.

    /** Writes until the client has enough; answers how much that was. */
    private static long writtenBefore(String type, String once, String again, Ask ask) throws IOException {
        AtomicLong written = new AtomicLong();
        FakeServer server =
                new FakeServer(
                        exchange -> {
                            OutputStream out = endless(exchange, type);
                            out.write(once.getBytes(UTF_8));
                            byte[] more = again.repeat(1 + 8_000 / again.length()).getBytes(UTF_8);
                            while (true) {
                                out.write(more);
                                written.addAndGet(more.length);
                            }
                        });
        refused(server, ask);
        return written.get();
    }

    private static OutputStream endless(HttpExchange exchange, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    /** More than this lay in buffers, or was read in vain. */
    private static final long BUFFERED_MAX = 8 << 20;

    private static void bounded(String type, String once, String again, int attempts, Ask ask) throws IOException {
        long written = writtenBefore(type, once, again, ask);
        long most = attempts * (HEAP_MAX / 6 + BUFFERED_MAX);
        assertTrue(written < most, written + " bytes were read of " + again);
    }

    @Test
    void textWithoutAnEndIsReadInBounds() throws IOException {
        bounded(Call.JSON, "{\"a\":\"", "x", 1, ME);
        bounded(Call.JSON, "{\"a\":[", "[],", 1, ME);
        bounded(Call.JSON, "", " ", 1, ME);
    }

    @Test
    void aLogWithoutAnEndIsReadInBounds() throws IOException {
        // It is asked for again, with ever fewer events: of a thousand, a hundred, ten, one.
        bounded(Call.JSON, log(8, false).replace("],\"more\":false}", ""), event("8") + ",", 4, LOG);
    }

    @Test
    void aSnapshotWithoutAnEndIsReadInBounds() throws IOException {
        bounded(Ndjson.MEDIA_TYPE, snapshotHead(VAULT, "1000000000") + "\n", view(ITEM) + "\n", 5, SNAPSHOT);
        bounded(Ndjson.MEDIA_TYPE, SNAPSHOT_HEAD + "\n", "[", 5, SNAPSHOT);
    }

    @Test
    void resultsWithoutAnEndAreReadInBounds() throws IOException {
        // Before a line is weighed it has to end.
        bounded(Ndjson.MEDIA_TYPE, "{\"op_id\":[", "[],", 1 + 2, HostileAnswersTest::commit);
        bounded(Ndjson.MEDIA_TYPE, applied(OP, 8) + "\n", applied(NEXT, 9) + "\n", 1, HostileAnswersTest::commit);
    }

    @Test
    void aLineOfManyValuesIsNotParsed() throws IOException {
        String line = "{\"op_id\":[" + "[],".repeat(1 << 16) + "[]]}\n";
        RemoteException heavy = refused(FakeServer.saying(200, Ndjson.MEDIA_TYPE, line), HostileAnswersTest::commit);
        assertEquals(ErrorCode.BODY_TOO_LARGE, ((Refusal) heavy.getCause()).code());
    }

    @Test
    void aChunkAnswerWithoutAnEndIsReadInBounds() throws IOException {
        bounded(
                Call.JSON,
                "",
                " ",
                3,
                api -> {
                    api.putChunk(VAULT, HASH, ByteBuffer.wrap(new byte[] {'x'}));
                    return "";
                });
    }

    @Test
    void anAnswerThatDripsIsGivenUp() {
        AtomicLong nanos = new AtomicLong();
        // A clock on which a minute passes between two bytes: that nothing stands still must not save it.
        BodyStream slow = new BodyStream(Duration.ofMinutes(5), Traffic.FREE, () -> nanos.addAndGet(60_000_000_000L));
        slow.onSubscribe(new Nobody());
        for (int i = 0; i < 10; i++) {
            slow.onNext(List.of(ByteBuffer.wrap(new byte[] {' '})));
        }
        IOException given = assertThrows(IOException.class, slow::readAllBytes);
        assertTrue(given.getMessage().startsWith("only "), given.getMessage());
    }

    private static final class Nobody implements Flow.Subscription {
        @Override
        public void request(long n) {
            // What comes is there already.
        }

        @Override
        public void cancel() {
            // Nobody sends.
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) throws IOException {
        try (FakeServer elsewhere = FakeServer.saying(200, Call.JSON, me("1"))) {
            refused(
                    new FakeServer(
                            exchange -> {
                                exchange.getResponseHeaders().set("Location", elsewhere.base() + "/v1/me");
                                FakeServer.answer(exchange, status, Call.JSON, new byte[0]);
                            }),
                    ME);
            assertTrue(elsewhere.asked().isEmpty(), "the token must not get there");
        }
    }
}
