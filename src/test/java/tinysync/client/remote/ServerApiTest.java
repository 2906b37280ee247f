package tinysync.client.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.content.Chunk;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.tree.Cursor;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.VaultId;
import tinysync.wire.BundleEvent;
import tinysync.wire.BundleReader;
import tinysync.wire.ErrorBody;
import tinysync.wire.ErrorCode;
import tinysync.wire.FetchReader.Fetched;
import tinysync.wire.FetchWriter;
import tinysync.wire.LogCodec;
import tinysync.wire.LogPage;
import tinysync.wire.ManifestCodec;
import tinysync.wire.Ndjson;
import tinysync.wire.Registration;
import tinysync.wire.ResultCodec;
import tinysync.wire.ResultLine;
import tinysync.wire.Samples;
import tinysync.wire.SmallContent;
import tinysync.wire.SnapshotCodec;
import tinysync.wire.SnapshotPage;
import tinysync.wire.StrictJson;
import tinysync.wire.WaitCodec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Every call against a server of our own making, good and bad. The time limit only ends a test that would hang. */
@Timeout(60)
class ServerApiTest {
    private static final String NDJSON = Ndjson.MEDIA_TYPE;

    private final Samples samples = new Samples(1);
    private final VaultId vault = samples.vault();
    private final Cursor cursor = new Cursor(samples.uuid(), 7, "0123456789abcdef");

    @FunctionalInterface
    private interface ApiCall<T> {
        T on(ServerApi api) throws RemoteException;
    }

    private static <T> T ask(FakeServer server, ApiCall<T> call) throws RemoteException {
        try (server;
                ServerApi api = server.api()) {
            return call.on(api);
        }
    }

    private static <E extends RemoteException> E fails(Class<E> as, FakeServer server, ApiCall<?> call) {
        return assertThrows(as, () -> ask(server, call));
    }

    private static FakeServer json(JsonObject body) throws IOException {
        return FakeServer.saying(200, Call.JSON, body.toString());
    }

    private static FakeServer bytes(String type, byte[] body) throws IOException {
        return new FakeServer(exchange -> FakeServer.answer(exchange, 200, type, body));
    }

    private static byte[] lines(JsonObject... lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (JsonObject line : lines) {
            Ndjson.write(out, line);
        }
        return out.toByteArray();
    }

    // --- what every call does ---

    @Test
    void theTokenTravelsInTheHeaderOnly() throws Exception {
        FakeServer server = json(new JsonObject().add("x", 1));
        assertEquals(1, ask(server, api -> api.call("GET", "/v1/me", Optional.empty())).getInt("x", 0));
        assertEquals("GET /v1/me", server.asked());
        assertEquals("Bearer " + FakeServer.TOKEN.format(), server.authorization());
    }

    @Test
    void aRefusalIsHandedOnWithAllItSays() throws Exception {
        ErrorBody body = new ErrorBody("rate_limited", "slower", Optional.of("7"), Optional.of(samples.item()));
        FakeServer server =
                new FakeServer(
                        exchange -> {
                            exchange.getResponseHeaders().set("Retry-After", "9");
                            FakeServer.answer(exchange, 429, Call.JSON, StrictJson.utf8(body.encode()));
                        });
        RemoteException.Refused refused = fails(RemoteException.Refused.class, server, ServerApi::me);
        assertTrue(refused.is(ErrorCode.RATE_LIMITED));
        assertEquals(429, refused.status());
        assertEquals("slower", refused.getMessage());
        assertEquals(body.item(), refused.item());
        assertEquals(Optional.of(Duration.ofSeconds(9)), refused.retryAfter());
    }

    @Test
    void aCodeOfANewerServerIsKeptAsItIs() throws Exception {
        String body = "{\"error\":{\"code\":\"moon_phase\",\"message\":\"full\"}}";
        FakeServer server = FakeServer.saying(409, "application/json; charset=utf-8", body);
        RemoteException.Refused refused = fails(RemoteException.Refused.class, server, ServerApi::me);
        assertEquals("moon_phase", refused.code());
        assertEquals(Optional.empty(), refused.known());
    }

    @Test
    void whoeverIsNotOurServerIsGarbled() throws Exception {
        String page = "<html>Please log in</html>";
        for (int status : new int[] {200, 302, 404, 511}) {
            fails(RemoteException.Garbled.class, FakeServer.saying(status, "text/html", page), ServerApi::me);
        }
        for (String body : new String[] {"", "[]", "{\"device\":5}", "{", "{\"a\":1,\"a\":2}"}) {
            fails(RemoteException.Garbled.class, FakeServer.saying(200, Call.JSON, body), ServerApi::me);
        }
        fails(RemoteException.Garbled.class, FakeServer.saying(400, Call.JSON, "{\"oops\":1}"), ServerApi::me);
    }

    @Test
    void aProxyWithoutItsServerIsUnreachable() throws Exception {
        fails(RemoteException.Unreachable.class, FakeServer.saying(502, "text/html", "bad gateway"), ServerApi::me);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (FakeServer elsewhere = json(new JsonObject())) {
            FakeServer server =
                    new FakeServer(
                            exchange -> {
                                exchange.getResponseHeaders().set("Location", elsewhere.base() + "/v1/me");
                                FakeServer.answer(exchange, 307, Call.JSON, new byte[0]);
                            });
            fails(RemoteException.Garbled.class, server, ServerApi::me);
            assertEquals("", elsewhere.asked());
        }
    }

    @Test
    void nobodyThereIsUnreachable() throws Exception {
        URI gone;
        try (FakeServer server = json(new JsonObject())) {
            gone = server.base();
        }
        ServerConnection connection = new ServerConnection(gone, FakeServer.TOKEN, Optional.empty());
        try (ServerApi api = new ServerApi(connection)) {
            assertThrows(RemoteException.Unreachable.class, api::me);
        }
    }

    @Test
    void anAnswerThatNeverBeginsIsUnreachable() throws Exception {
        FakeServer[] self = new FakeServer[1];
        self[0] = new FakeServer(exchange -> self[0].hang());
        stalls(self[0]);
    }

    @Test
    void anAnswerThatStopsHalfwayIsUnreachable() throws Exception {
        FakeServer[] self = new FakeServer[1];
        self[0] =
                new FakeServer(
                        exchange -> {
                            exchange.getResponseHeaders().set("Content-Type", Call.JSON);
                            exchange.sendResponseHeaders(200, 100);
                            OutputStream out = exchange.getResponseBody();
                            out.write('{');
                            out.flush();
                            self[0].hang();
                        });
        stalls(self[0]);
    }

    private static void stalls(FakeServer server) {
        try (server;
                HttpLink link = new HttpLink(server.base(), Optional.empty(), Optional.empty(), Traffic.FREE)) {
            Call call = Call.get("/", Call.JSON).withPatience(Duration.ofMillis(200));
            assertThrows(
                    RemoteException.Unreachable.class, () -> link.call(call, reply -> reply.body().readAllBytes()));
        }
    }

    @Test
    void anAnswerThatBreaksOffIsUnreachable() throws Exception {
        FakeServer server =
                new FakeServer(
                        exchange -> {
                            exchange.getResponseHeaders().set("Content-Type", Call.JSON);
                            exchange.sendResponseHeaders(200, 100);
                            exchange.getResponseBody().write('{');
                            exchange.close();
                        });
        fails(RemoteException.Unreachable.class, server, ServerApi::me);
    }

    @Test
    void anInterruptEndsACallAndStaysSet() throws Exception {
        FakeServer[] self = new FakeServer[1];
        self[0] = new FakeServer(exchange -> self[0].hang());
        try (FakeServer server = self[0];
                ServerApi api = server.api()) {
            Thread.currentThread().interrupt();
            assertThrows(RemoteException.Unreachable.class, api::me);
            assertTrue(Thread.interrupted());
        }
    }

    // --- each call ---

    @Test
    void anotherProductOrProtocolIsGarbled() throws Exception {
        String info =
                "{\"product\":\"PRODUCT\",\"version\":\"9\",\"protocol\":N,\"server_id\":\"" + samples.uuid() + "\"}";
        try (FakeServer server =
                FakeServer.saying(200, Call.JSON, info.replace("PRODUCT", "tinysync").replace("N,", "1,"))) {
            assertEquals("9", ServerApi.info(server.base(), Optional.empty()).version());
            assertEquals("", server.authorization());
        }
        for (String other :
                new String[] {
                    info.replace("PRODUCT", "tinysync").replace("N,", "2,"),
                    info.replace("PRODUCT", "x").replace("N,", "1,")
                }) {
            fails(RemoteException.Garbled.class, FakeServer.saying(200, Call.JSON, other), ServerApi::info);
        }
    }

    @Test
    void registeringNeedsNoToken() throws Exception {
        Registration.Request request =
                new Registration.Request(
                        FakeServer.TOKEN.device(), FakeServer.TOKEN.secretSha256(), "laptop", Optional.empty());
        Registration.Answer answer = new Registration.Answer(request.device(), List.of());
        try (FakeServer server = FakeServer.saying(201, Call.JSON, Registration.encode(answer).toString())) {
            assertEquals(answer, ServerApi.register(server.base(), Optional.empty(), Optional.empty(), request));
            assertEquals("", server.authorization());
            assertEquals(Registration.encode(request).toString(), new String(server.body(), UTF_8));
        }
    }

    private LogPage page(long... seqs) {
        List<LogEvent> events = new ArrayList<>();
        for (long seq : seqs) {
            events.add(samples.event(seq));
        }
        return new LogPage(new Cursor(cursor.epoch(), 9, cursor.tag()), 1, events, false);
    }

    @Test
    void aLogWithoutGapsIsHandedOn() throws Exception {
        LogPage page = page(8, 9);
        FakeServer server = json(LogCodec.encode(page));
        assertEquals(page, ask(server, api -> api.log(vault, cursor, 10)));
        assertEquals("GET /v1/vaults/" + vault + "/log?cursor=" + cursor.query() + "&limit=10", server.asked());
    }

    @Test
    void aLogWithAGapIsGarbled() throws Exception {
        for (LogPage page : List.of(page(9), page(8, 8), page(8, 9, 10))) {
            fails(RemoteException.Garbled.class, json(LogCodec.encode(page)), api -> api.log(vault, cursor, 10));
        }
    }

    @Test
    void aSnapshotPageWithoutItsClosingLineIsUnreachable() throws Exception {
        SnapshotPage page = new SnapshotPage(vault, cursor, Optional.of(3L), samples.items(), Optional.of("a b&c"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(out, page);
        FakeServer server = bytes(NDJSON, out.toByteArray());
        assertEquals(page, ask(server, api -> api.snapshot(vault, Optional.of("a b&c"))));
        assertTrue(server.asked().endsWith("/snapshot?limit=2000&page=a+b%26c"));
        byte[] cut = lines(SnapshotCodec.header(vault, cursor, Optional.empty()));
        fails(RemoteException.Unreachable.class, bytes(NDJSON, cut), api -> api.snapshot(vault, Optional.empty()));
        fails(
                RemoteException.Garbled.class,
                bytes(NDJSON, out.toByteArray()),
                api -> api.snapshot(new VaultId(new Samples(9).uuid()), Optional.empty()));
    }

    @Test
    void waitingEndsWithTheHeadsThatMovedOrWithNone() throws Exception {
        Map<VaultId, Cursor> heads = Map.of(vault, cursor);
        FakeServer moved = json(WaitCodec.encodeHeads(heads));
        assertEquals(heads, ask(moved, api -> api.await(heads, Duration.ofSeconds(50))));
        FakeServer quiet = new FakeServer(exchange -> exchange.sendResponseHeaders(204, -1));
        assertEquals(Map.of(), ask(quiet, api -> api.await(heads, Duration.ofSeconds(50))));
    }

    @Test
    void theSessionTellsBothInstances() throws Exception {
        FakeServer server = json(new JsonObject());
        ask(
                server,
                api -> {
                    api.session(Optional.empty(), FakeServer.TOKEN.device().value());
                    return true;
                });
        assertEquals("{\"new\":\"" + FakeServer.TOKEN.device() + "\"}", new String(server.body(), UTF_8));
    }

    @Test
    void whatIsMissingIsAskedInPortions() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FakeServer server =
                new FakeServer(
                        exchange -> {
                            String missing =
                                    "{\"missing\":[\"" + Hash.of(new byte[] {(byte) calls.incrementAndGet()}) + "\"]}";
                            FakeServer.answer(exchange, 200, Call.JSON, missing.getBytes(UTF_8));
                        });
        List<Hash> ids = new ArrayList<>();
        for (int i = 0; i < 10_001; i++) {
            ids.add(samples.hash());
        }
        List<Hash> missing = ask(server, api -> api.missing(vault, ids));
        assertEquals(List.of(Hash.of(new byte[] {1}), Hash.of(new byte[] {2})), missing);
    }

    @Test
    void chunksGoUpAsTheyAreAndAreCounted() throws Exception {
        byte[] chunk = new byte[100_000];
        chunk[99_999] = 7;
        AtomicInteger up = new AtomicInteger();
        Traffic counting =
                new Traffic() {
                    @Override
                    public void up(int bytes) {
                        up.addAndGet(bytes);
                    }

                    @Override
                    public void down(int bytes) {}
                };
        try (FakeServer server = FakeServer.saying(201, Call.JSON, "{}");
                ServerApi api =
                        new ServerApi(
                                new ServerConnection(server.base(), FakeServer.TOKEN, Optional.empty()), counting)) {
            Hash hash = Hash.of(chunk);
            api.putChunk(vault, hash, ByteBuffer.wrap(chunk));
            assertArrayEquals(chunk, server.body());
            assertEquals("PUT /v1/vaults/" + vault + "/chunks/" + hash, server.asked());
            assertEquals(chunk.length, up.get());
            api.putContent(vault, Hash.of(new byte[0]), ByteBuffer.allocate(0));
            assertEquals(0, server.body().length);
        }
    }

    @Test
    void aManifestMustHaveItsId() throws Exception {
        Manifest manifest = Manifest.of(List.of(new Chunk(samples.hash(), 5), new Chunk(samples.hash(), 7)));
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(manifest, Optional.empty()));
        assertEquals(manifest, ask(json(body), api -> api.manifest(vault, manifest.id())));
        fails(RemoteException.Garbled.class, json(body), api -> api.manifest(vault, samples.hash()));
        FakeServer server = FakeServer.saying(201, Call.JSON, "{}");
        ask(
                server,
                api -> {
                    api.putManifest(vault, manifest);
                    return true;
                });
        assertEquals(body.toString(), new String(server.body(), UTF_8));
    }

    @Test
    void contentComesWholeOrInTheRangeThatWasAsked() throws Exception {
        FakeServer whole = bytes(Call.BYTES, "hello".getBytes(UTF_8));
        assertEquals("hello", ask(whole, api -> read(api.content(vault, samples.hash()))));
        FakeServer part =
                new FakeServer(
                        exchange -> {
                            assertEquals("bytes=1-3", exchange.getRequestHeaders().getFirst("Range"));
                            exchange.getResponseHeaders().set("Content-Range", "bytes 1-3/5");
                            FakeServer.answer(exchange, 206, Call.BYTES, "ell".getBytes(UTF_8));
                        });
        assertEquals("ell", ask(part, api -> read(api.content(vault, samples.hash(), 1, 3))));
    }

    @Test
    void anotherRangeThanTheOneAskedIsGarbled() throws Exception {
        fails(
                RemoteException.Garbled.class,
                bytes(Call.BYTES, "hello".getBytes(UTF_8)),
                api -> api.content(vault, samples.hash(), 1, 3));
        FakeServer shifted =
                new FakeServer(
                        exchange -> {
                            exchange.getResponseHeaders().set("Content-Range", "bytes 0-2/5");
                            FakeServer.answer(exchange, 206, Call.BYTES, "hel".getBytes(UTF_8));
                        });
        fails(RemoteException.Garbled.class, shifted, api -> api.content(vault, samples.hash(), 1, 3));
    }

    @Test
    void closingContentEarlyEndsItsConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        FakeServer endless =
                new FakeServer(
                        exchange -> {
                            exchange.getResponseHeaders().set("Content-Type", Call.BYTES);
                            exchange.sendResponseHeaders(200, Long.MAX_VALUE);
                            try {
                                while (true) {
                                    exchange.getResponseBody().write(new byte[1 << 16]);
                                }
                            } catch (IOException closed) {
                                ended.countDown();
                            }
                        });
        try (FakeServer server = endless;
                ServerApi api = server.api()) {
            try (RemoteContent content = api.content(vault, samples.hash())) {
                assertEquals(0, content.read());
            }
            ended.await();
        }
    }

    @Test
    void contentOfAnotherLengthThanAnnouncedIsAnError() throws Exception {
        for (int length : new int[] {4, 6}) {
            Reply reply =
                    new Reply(
                            200,
                            HttpHeaders.of(Map.of(), (name, value) -> true),
                            new ByteArrayInputStream(new byte[5]));
            try (RemoteContent content = new RemoteContent(reply, length)) {
                assertThrows(IOException.class, content::readAllBytes, length + " were announced");
            }
        }
    }

    private static String read(RemoteContent content) {
        try (content) {
            return new String(content.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void manyContentsComeInOneAnswer() throws Exception {
        SmallContent content = samples.smallContent();
        Hash missing = samples.hash();
        List<Fetched> expected = List.of(new Fetched.Found(content), new Fetched.Missing(missing));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FetchWriter writer = new FetchWriter(out);
        writer.content(content);
        writer.missing(missing);
        writer.end();
        List<Hash> ids = List.of(content.ref().id(), missing);
        List<Fetched> got = new ArrayList<>();
        ask(
                bytes(BundleReader.MEDIA_TYPE, out.toByteArray()),
                api -> {
                    api.fetchMany(vault, ids, got::add);
                    return true;
                });
        assertEquals(expected, got);
        fails(
                RemoteException.Garbled.class,
                bytes(BundleReader.MEDIA_TYPE, out.toByteArray()),
                api -> {
                    api.fetchMany(vault, List.of(missing), fetched -> {});
                    return true;
                });
    }

    // --- commit ---

    private final SmallContent small = SmallContent.of("hello".getBytes(UTF_8));
    private final List<Mutation> mutations =
            List.of(
                    samples.create(small.ref()),
                    new Mutation.Delete(samples.opId(), samples.itemId(), 1, 2),
                    new Mutation.Delete(samples.opId(), samples.itemId(), 3, 4));

    private final Cursor after = new Cursor(cursor.epoch(), 10, cursor.tag());

    private CommitReply commit(ServerApi api, SmallContents contents) throws RemoteException {
        return api.commit(vault, cursor, FakeServer.TOKEN.device().value(), mutations, contents);
    }

    private JsonObject result(int n) {
        return ResultCodec.encode(new MutationResult.Applied(mutations.get(n).opId(), 8 + n, List.of()));
    }

    private JsonObject end(long n) {
        return ResultCodec.encode(new ResultLine.End(n, after));
    }

    @Test
    void aCommitSendsABundleAndReadsAResultForEach() throws Exception {
        FakeServer server = bytes(NDJSON, lines(result(0), result(1), result(2), end(3)));
        CommitReply reply = ask(server, api -> commit(api, ref -> Optional.of(small)));
        assertEquals(3, reply.results().size());
        assertEquals(Optional.of(after), reply.head());
        List<BundleEvent> events = new ArrayList<>();
        BundleReader reader = new BundleReader(new ByteArrayInputStream(server.body()), 3);
        for (Optional<BundleEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        assertTrue(events.contains(new BundleEvent.Content(mutations.getFirst(), small)));
        assertEquals(new BundleEvent.End(3), events.getLast());
    }

    @Test
    void anAnswerThatBreaksOffKeepsTheResultsBefore() throws Exception {
        CommitReply cut = ask(bytes(NDJSON, lines(result(0), result(1))), api -> commit(api, SmallContents.NONE));
        assertEquals(2, cut.results().size());
        assertTrue(cut.broken().orElseThrow() instanceof RemoteException.Unreachable);
        ErrorBody error = new ErrorBody("no_space", "full", Optional.empty(), Optional.empty());
        CommitReply failed =
                ask(bytes(NDJSON, lines(result(0), error.encode())), api -> commit(api, SmallContents.NONE));
        assertTrue(failed.broken().orElseThrow() instanceof RemoteException.Refused r && r.is(ErrorCode.NO_SPACE));
    }

    @Test
    void anAnswerToAnotherCommitIsGarbled() throws Exception {
        for (byte[] answer :
                List.of(lines(result(1)), lines(end(0)), lines(new JsonObject()), "garbage\n".getBytes(UTF_8))) {
            fails(RemoteException.Garbled.class, bytes(NDJSON, answer), api -> commit(api, SmallContents.NONE));
        }
        for (byte[] answer :
                List.of(
                        lines(result(0), end(1)),
                        lines(result(0), result(1), result(2), end(2)),
                        lines(result(0), result(1), result(2), end(3), end(3)))) {
            CommitReply reply = ask(bytes(NDJSON, answer), api -> commit(api, SmallContents.NONE));
            assertTrue(reply.broken().orElseThrow() instanceof RemoteException.Garbled);
        }
    }

    @Test
    void contentThatChangedMeanwhileIsNotSent() throws Exception {
        FakeServer server = bytes(NDJSON, lines(result(0), result(1), result(2), end(3)));
        SmallContent other = SmallContent.of("other".getBytes(UTF_8));
        assertThrows(UncheckedIOException.class, () -> ask(server, api -> commit(api, ref -> Optional.of(other))));
    }
}
