package tinysync.client.remote;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.tree.Cursor;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.VaultId;
import tinysync.wire.AdminToken;
import tinysync.wire.BundleReader;
import tinysync.wire.CommitHeader;
import tinysync.wire.CommonCodec;
import tinysync.wire.CommonPoint;
import tinysync.wire.DeviceToken;
import tinysync.wire.ErrorCode;
import tinysync.wire.FetchReader;
import tinysync.wire.FetchReader.Fetched;
import tinysync.wire.Fields;
import tinysync.wire.HashListCodec;
import tinysync.wire.InfoCodec;
import tinysync.wire.InviteCodec;
import tinysync.wire.JsonWeight;
import tinysync.wire.LogCodec;
import tinysync.wire.LogPage;
import tinysync.wire.ManifestCodec;
import tinysync.wire.Me;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.Registration;
import tinysync.wire.ServerInfo;
import tinysync.wire.SessionChange;
import tinysync.wire.SnapshotCodec;
import tinysync.wire.SnapshotPage;
import tinysync.wire.StrictJson;
import tinysync.wire.VaultView;
import tinysync.wire.WaitCodec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The calls of the protocol (version 1) to one server. Each blocks until its answer was read and checked as a whole,
 * and throws a {@link RemoteException} otherwise; an interrupt ends it as unreachable, with the interrupt status set.
 * No call has a limit on its whole time: it ends when nothing moved for a minute, or too little for longer.
 *
 * <p>Thread-safe; one HTTP client whose connections all calls share. Closing breaks off what is under way.
 */
public final class ServerApi implements AutoCloseable {
    private static final int JSON_MAX = 16 << 20;
    private static final int LOG_MAX = 64 << 20;

    /** A page of the server's has fewer, unless it is asked for more. */
    private static final int SNAPSHOT_ITEMS = 2_000;

    /**
     * What one answer may take of the heap. No answer of a sound server comes near it but logs and snapshots of
     * extraordinary items, and of these fewer can be asked for; what a hostile one sends must not end this process.
     */
    private static final long ANSWER_HEAP_MAX = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 3);

    private static final String POST = "POST";

    private final HttpLink link;
    private final ServerConnection connection;
    private final long answerHeapMax;

    public ServerApi(ServerConnection connection) {
        this(connection, Traffic.FREE);
    }

    /** {@code traffic} is told of the bytes of content and of all answers. */
    public ServerApi(ServerConnection connection, Traffic traffic) {
        this(connection, traffic, ANSWER_HEAP_MAX);
    }

    /** As one with a heap so small that {@code answerHeapMax} bytes of it are what one answer may take. */
    ServerApi(ServerConnection connection, Traffic traffic, long answerHeapMax) {
        this.link = new HttpLink(connection.base(), Optional.of(connection.token()), connection.pin(), traffic);
        this.connection = connection;
        this.answerHeapMax = answerHeapMax;
    }

    /** What a server says of itself to someone who has no token yet. */
    public static ServerInfo info(URI base, Optional<Hash> pin) throws RemoteException {
        try (HttpLink link = new HttpLink(base, Optional.empty(), pin, Traffic.FREE)) {
            return info(link, ANSWER_HEAP_MAX);
        }
    }

    /**
     * Makes a device known to a server; the same request again is answered as the first was.
     *
     * @param operator in place of an invite
     */
    public static Registration.Answer register(
            URI base, Optional<Hash> pin, Optional<AdminToken> operator, Registration.Request request)
            throws RemoteException {
        try (HttpLink link = new HttpLink(base, operator.map(token -> token), pin, Traffic.FREE)) {
            Call call = Call.json(POST, "/v1/devices", Registration.encode(request), Call.JSON);
            Registration.Answer answer =
                    link.call(call, reply -> Registration.decode(fields(reply, JSON_MAX, ANSWER_HEAP_MAX)));
            expect(answer.device().equals(request.device()), "the server registered another device");
            return answer;
        }
    }

    public ServerConnection connection() {
        return connection;
    }

    public ServerInfo info() throws RemoteException {
        return info(link, answerHeapMax);
    }

    public Me me() throws RemoteException {
        return get("/v1/me", Me::decode);
    }

    public VaultView vault(VaultId vault) throws RemoteException {
        return get(path(vault), VaultView::decode);
    }

    /** Tells the server that instance {@code next} of this device runs now, after {@code previous}. */
    public void session(Optional<UUID> previous, UUID next) throws RemoteException {
        call(POST, "/v1/session", Optional.of(new SessionChange(previous, next).encode()));
    }

    /**
     * Makes a device of its own of this copy of one; the same request again is answered as the first was.
     *
     * @param request without an invite
     */
    public void cloneDevice(Registration.Request request) throws RemoteException {
        Call call = Call.json(POST, "/v1/devices/clone", Registration.encode(request), Call.JSON);
        Registration.Answer answer = link.call(call, reply -> Registration.decode(fields(reply, JSON_MAX)));
        expect(answer.device().equals(request.device()), "the server registered another device");
    }

    /** A page of at most {@code limit} events right after {@code after}, checked to be gap-free. */
    public LogPage log(VaultId vault, Cursor after, int limit) throws RemoteException {
        try {
            return logPage(vault, after, limit);
        } catch (RemoteException.Garbled failed) {
            // Events of a thousand moves each: fewer of them fit.
            if (limit > 1 && isTooLarge(failed)) {
                return log(vault, after, Math.max(1, limit / 10));
            }
            throw failed;
        }
    }

    private static boolean isTooLarge(RemoteException.Garbled failed) {
        return failed.getCause() instanceof Refusal refusal && refusal.code() == ErrorCode.BODY_TOO_LARGE;
    }

    /** The first page of the tree as a whole, or the one that {@code page} (of the one before) names. */
    public SnapshotPage snapshot(VaultId vault, Optional<String> page) throws RemoteException {
        return snapshot(vault, page, SNAPSHOT_ITEMS);
    }

    private SnapshotPage snapshot(VaultId vault, Optional<String> page, int limit) throws RemoteException {
        String query = "?limit=" + limit + page.map(token -> "&page=" + encoded(token)).orElse("");
        try {
            SnapshotPage read =
                    link.call(
                            Call.get(path(vault) + "/snapshot" + query, Ndjson.MEDIA_TYPE),
                            reply -> SnapshotCodec.read(JsonWeight.bounded(reply.body(), answerHeapMax), limit));
            expect(read.vault().equals(vault), "a snapshot of another vault");
            return read;
        } catch (RemoteException.Garbled failed) {
            if (limit > 1 && isTooLarge(failed)) {
                return snapshot(vault, page, Math.max(1, limit / 10));
            }
            throw failed;
        }
    }

    /** Where the history that {@code checkpoints} tell of and the server's part ways. */
    public CommonPoint common(VaultId vault, List<Cursor> checkpoints) throws RemoteException {
        return post(path(vault) + "/log/common", CommonCodec.encodeRequest(checkpoints), CommonCodec::decode);
    }

    /**
     * Waits on the server until one of the vaults moves on from its cursor, at most {@code timeout} (in whole seconds,
     * up to 50).
     *
     * @return the heads that moved; none when the time was up
     */
    public Map<VaultId, Cursor> await(Map<VaultId, Cursor> cursors, Duration timeout) throws RemoteException {
        JsonObject body = WaitCodec.encode(new WaitCodec.Request(cursors, timeout));
        Call call = Call.json(POST, "/v1/wait", body, Call.JSON).withPatience(Call.STALL.plus(timeout));
        return link.call(
                call,
                reply ->
                        reply.status() == Reply.NO_CONTENT ? Map.of() : WaitCodec.decodeHeads(fields(reply, JSON_MAX)));
    }

    /**
     * Sends mutations, with the small contents that {@code contents} has, and reads what came of them. An answer that
     * breaks off after some results is returned as far as it came.
     *
     * @param at where this client is in the vault's log
     * @throws UncheckedIOException when {@code contents} failed; what was sent before may have taken effect
     */
    public CommitReply commit(VaultId vault, Cursor at, UUID instance, List<Mutation> mutations, SmallContents contents)
            throws RemoteException {
        CommitHeader header = new CommitHeader(Optional.of(at), Optional.of(instance), List.of());
        BundlePieces bundle = new BundlePieces(header, mutations, contents);
        Call call =
                new Call(
                        POST,
                        path(vault) + "/commit",
                        Upload.of(bundle, link.traffic()),
                        Map.of("Content-Type", BundleReader.MEDIA_TYPE),
                        Ndjson.MEDIA_TYPE,
                        Call.STALL);
        try (Reply reply = link.open(call)) {
            return new CommitAnswer(mutations, answerHeapMax).read(reply.body());
        } catch (RemoteException failed) {
            if (bundle.fault().isPresent()) {
                throw new UncheckedIOException(bundle.fault().get());
            }
            throw failed;
        }
    }

    /** Which of these contents and chunks the server does not have for this vault. */
    public List<Hash> missing(VaultId vault, List<Hash> ids) throws RemoteException {
        List<Hash> missing = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += HashListCodec.HASHES_MAX) {
            List<Hash> some = ids.subList(from, Math.min(ids.size(), from + HashListCodec.HASHES_MAX));
            missing.addAll(
                    post(
                            path(vault) + "/content/missing",
                            HashListCodec.encodeIds(some),
                            HashListCodec::decodeMissing));
        }
        return missing;
    }

    /** Sends the remaining bytes of {@code data}, whose SHA-256 is {@code hash}. */
    public void putChunk(VaultId vault, Hash hash, ByteBuffer data) throws RemoteException {
        put(path(vault) + "/chunks/" + hash, data);
    }

    /** Sends content of one chunk or of no bytes at all; {@code id} is its SHA-256. */
    public void putContent(VaultId vault, Hash id, ByteBuffer data) throws RemoteException {
        put(path(vault) + "/content/" + id, data);
    }

    /** Makes content of chunks that the server has. */
    public void putManifest(VaultId vault, Manifest manifest) throws RemoteException {
        JsonObject body = ManifestCodec.encode(new ManifestCodec.Body(manifest, Optional.empty()));
        Call call = Call.json("PUT", path(vault) + "/manifests/" + manifest.id(), body, Call.JSON);
        link.call(call, ServerApi::drained);
    }

    /** The chunks of content that has at least two, checked against its id. */
    public Manifest manifest(VaultId vault, Hash id) throws RemoteException {
        Manifest manifest = get(path(vault) + "/manifests/" + id, ManifestCodec::decode).manifest();
        expect(manifest.id().equals(id), "the manifest of " + id + " has another id");
        return manifest;
    }

    /** Content as a whole; the caller verifies and closes. */
    public RemoteContent content(VaultId vault, Hash id) throws RemoteException {
        Reply reply = link.open(Call.get(path(vault) + "/content/" + id, Call.BYTES));
        return sized(reply, reply.status() == 200, Optional.empty());
    }

    /** {@code length} bytes (at least one) of content from {@code from}; the caller verifies and closes. */
    public RemoteContent content(VaultId vault, Hash id, long from, long length) throws RemoteException {
        if (from < 0 || length < 1) {
            throw new IllegalArgumentException("not a range: " + length + " bytes from " + from);
        }
        long last = from + length - 1;
        Call call = Call.get(path(vault) + "/content/" + id, Call.BYTES).with("Range", "bytes=" + from + "-" + last);
        Reply reply = link.open(call);
        boolean asked =
                reply.status() == 206
                        && reply.headers()
                                .firstValue("Content-Range")
                                .filter(range -> range.startsWith("bytes " + from + "-" + last + "/"))
                                .isPresent();
        return sized(reply, asked, Optional.of(length));
    }

    /**
     * Fetches many small contents in one stream and hands each on as it comes, verified. Content of more than 64 KiB
     * counts as missing here.
     */
    public void fetchMany(VaultId vault, List<Hash> ids, Consumer<Fetched> each) throws RemoteException {
        Set<Hash> open = new HashSet<>(ids);
        Call call =
                Call.json(POST, path(vault) + "/content/fetch", HashListCodec.encodeIds(ids), BundleReader.MEDIA_TYPE);
        link.call(
                call,
                reply -> {
                    FetchReader reader = new FetchReader(reply.body());
                    for (Optional<Fetched> next = reader.next(); next.isPresent(); next = reader.next()) {
                        expect(open.remove(next.get().id()), "content that nobody asked for");
                        each.accept(next.get());
                    }
                    expect(open.isEmpty(), "an answer without some of what was asked for");
                    return reply;
                });
    }

    public InviteCodec.Minted mintInvite(InviteCodec.Request request) throws RemoteException {
        return post("/v1/invites", InviteCodec.encode(request), InviteCodec::decode);
    }

    /**
     * Any other call that speaks JSON.
     *
     * @param path from the base on, with its query, such as {@code /v1/vaults}
     * @return the answer, an empty object where there is none
     */
    public JsonObject call(String method, String path, Optional<JsonValue> body) throws RemoteException {
        Call call =
                body.map(json -> Call.json(method, path, json, Call.JSON))
                        .orElseGet(() -> new Call(method, path, Upload.none(), Map.of(), Call.JSON, Call.STALL));
        return link.call(
                call,
                reply -> {
                    byte[] answer = JsonWeight.bounded(reply.body(), answerHeapMax).readNBytes(JSON_MAX + 1);
                    return answer.length == 0 ? new JsonObject() : StrictJson.parseObject(answer, JSON_MAX);
                });
    }

    /**
     * The WebSocket that tells when vaults move on, not connected yet.
     *
     * @param address as {@link ServerInfo#wake} says
     * @throws IllegalStateException when this is the operator's connection: only devices are woken
     */
    public WakeSocket wake(URI address, UUID instance) {
        return switch (connection.token()) {
            case DeviceToken device -> new WakeSocket(link.client(), address, device, instance);
            case AdminToken _ -> throw new IllegalStateException("only devices are woken");
        };
    }

    @Override
    public void close() {
        link.close();
    }

    private static ServerInfo info(HttpLink link, long heapMax) throws RemoteException {
        ServerInfo info =
                link.call(Call.get("/v1/info", Call.JSON), reply -> InfoCodec.decode(fields(reply, JSON_MAX, heapMax)));
        expect(info.product().equals(ServerInfo.PRODUCT), "another product answers");
        expect(info.protocol() == ServerInfo.PROTOCOL, "the server speaks protocol " + info.protocol());
        return info;
    }

    private LogPage logPage(VaultId vault, Cursor after, int limit) throws RemoteException {
        LogPage page = get(path(vault) + "/log?cursor=" + after.query() + "&limit=" + limit, LOG_MAX, LogCodec::decode);
        long seq = after.seq();
        for (LogEvent event : page.events()) {
            seq++;
            expect(event.seq() == seq, "the log has a gap before " + seq);
        }
        expect(page.head().seq() >= seq, "the log goes beyond its head");
        expect(!page.more() || !page.events().isEmpty(), "the log promises more and gives none");
        return page;
    }

    private <T> T get(String path, Function<Fields, T> decode) throws RemoteException {
        return get(path, JSON_MAX, decode);
    }

    private <T> T get(String path, int maxBytes, Function<Fields, T> decode) throws RemoteException {
        return link.call(Call.get(path, Call.JSON), reply -> decode.apply(fields(reply, maxBytes)));
    }

    private <T> T post(String path, JsonObject body, Function<Fields, T> decode) throws RemoteException {
        return link.call(Call.json(POST, path, body, Call.JSON), reply -> decode.apply(fields(reply, JSON_MAX)));
    }

    private void put(String path, ByteBuffer data) throws RemoteException {
        link.call(Call.put(path, data, link.traffic()), ServerApi::drained);
    }

    /** Reads an answer that says nothing but yes, so that its connection can be used again. */
    private static Reply drained(Reply reply) throws IOException, RemoteException {
        expect(reply.body().readNBytes(JSON_MAX).length < JSON_MAX, "an endless answer");
        return reply;
    }

    private static RemoteContent sized(Reply reply, boolean asAsked, Optional<Long> expected) throws RemoteException {
        OptionalLong length = reply.headers().firstValueAsLong("Content-Length");
        boolean right = length.isPresent() && expected.map(e -> e == length.getAsLong()).orElse(true);
        if (!asAsked || !right) {
            reply.close();
            throw new RemoteException.Garbled("other bytes of the content than those asked for");
        }
        return new RemoteContent(reply, length.getAsLong());
    }

    private Fields fields(Reply reply, int maxBytes) throws IOException {
        return fields(reply, maxBytes, answerHeapMax);
    }

    private static Fields fields(Reply reply, int maxBytes, long heapMax) throws IOException {
        return Fields.of(StrictJson.readObject(JsonWeight.bounded(reply.body(), heapMax), maxBytes));
    }

    private static void expect(boolean holds, String otherwise) throws RemoteException {
        if (!holds) {
            throw new RemoteException.Garbled(otherwise);
        }
    }

    private static String path(VaultId vault) {
        return "/v1/vaults/" + vault;
    }

    private static String encoded(String token) {
        return URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
}
