package tinysync.server.http;

import com.eclipsesource.json.JsonObject;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import tinysync.content.Hash;
import tinysync.server.core.Principal;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origin;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Fields;
import tinysync.wire.JsonWeight;
import tinysync.wire.Refusal;
import tinysync.wire.ServerInfo;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** One request with its answer, as a handler sees it. For one thread. */
final class Call {
    static final String JSON = "application/json";
    private static final int JSON_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.jsonBytes());
    private static final int JSON_OF_STRANGERS_MAX = 64 << 10;
    private static final long BODY_MAX = ServerInfo.Limits.DEFAULT.bodyBytes();
    private static final int BUFFER = 16 << 10;

    /** About what a connection costs anyway. */
    private static final int UNCOUNTED_MAX = 64 << 10;

    private final HttpExchange exchange;
    private final Origin origin;
    private final String requestId;
    private final Pace pace;
    private final Metrics metrics;
    private final BodyRoom room;
    private final PacedStreams.Input body;
    private Target target = new Target(List.of(), Map.of());
    private Map<String, String> parameters = Map.of();
    private Optional<Principal> principal = Optional.empty();
    private Optional<MemoryBudget.Share> held = Optional.empty();
    private boolean answered;

    Call(HttpExchange exchange, Origin origin, String requestId, Pace pace, Metrics metrics, BodyRoom room) {
        this.exchange = exchange;
        this.origin = origin;
        this.requestId = requestId;
        this.pace = pace;
        this.metrics = metrics;
        this.room = room;
        this.body = new PacedStreams.Input(exchange.getRequestBody(), pace, BODY_MAX, metrics::received);
    }

    void routed(Target to, Map<String, String> values) {
        target = to;
        parameters = values;
    }

    void authenticated(Principal who) {
        principal = Optional.of(who);
    }

    /** Where it comes from. */
    Origin origin() {
        return origin;
    }

    String requestId() {
        return requestId;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** The value of a header that may come once only. */
    Optional<String> header(String name) {
        List<String> values = exchange.getRequestHeaders().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "the header " + name + " comes more than once");
        }
        return values.stream().findFirst();
    }

    /** Whoever made the call; only behind a route that needs somebody. */
    Principal who() {
        return principal.orElseThrow(() -> new IllegalStateException("the route lets everybody in"));
    }

    Optional<Principal> whoIfAnyone() {
        return principal;
    }

    /** The device that made the call; only behind a route that needs one. */
    DeviceId device() {
        return switch (who()) {
            case Principal.Device device -> device.id();
            case Principal.Admin admin -> throw new IllegalStateException("the route lets the admin in");
        };
    }

    String parameter(String name) {
        return parameters.get(name);
    }

    /** What a parameter names; where it cannot be an id, there is no such thing. */
    private <T> T parameter(String name, Function<String, Optional<T>> parse) {
        return parse.apply(parameter(name)).orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such thing"));
    }

    /** Whether the path has what may be the id of a vault. */
    boolean namesVault() {
        return VaultId.tryParse(parameter("v")).isPresent();
    }

    VaultId vault() {
        return parameter("v", VaultId::tryParse);
    }

    DeviceId deviceParameter() {
        return parameter("d", text -> ItemId.tryParse(text).map(id -> new DeviceId(id.value())));
    }

    UUID uuid(String name) {
        return parameter(name, ItemId::tryParse).value();
    }

    Hash hash(String name) {
        return Hash.tryParse(parameter(name))
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_HASH, "a hash is 64 lower-case hex digits"));
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(target.query().get(name));
    }

    /** A number of 1 to {@code max} in the query; a larger one is cut to it. */
    int limit(int usual, int max) {
        Optional<String> text = query("limit");
        if (text.isEmpty()) {
            return usual;
        }
        if (!text.get().matches("[1-9][0-9]{0,8}")) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "limit must be a number from 1 on");
        }
        return Math.min(max, Integer.parseInt(text.get()));
    }

    /** The id behind which a page begins. */
    Optional<UUID> after() {
        return query("after")
                .map(
                        text ->
                                ItemId.tryParse(text)
                                        .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "after must be an id"))
                                        .value());
    }

    /** The media type of the body, without parameters; empty where none is said. */
    Optional<String> mediaType() {
        return header("Content-Type").map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /** The announced length of the body; empty when it comes in chunks. */
    Optional<Long> length() {
        Headers headers = exchange.getRequestHeaders();
        return headers.containsKey("Transfer-Encoding")
                ? Optional.empty()
                : Optional.of(header("Content-Length").map(Long::parseLong).orElse(0L));
    }

    /** Keeps something outside of memory; whoever asks for it closes it. */
    Spill spill() {
        return room.spill();
    }

    /**
     * Takes memory for the body and what comes of it, until the answer begins or {@link #letGo}; once for each request.
     *
     * @throws Refusal unavailable or body_too_large
     */
    void hold(long bytes) {
        if (held.isPresent()) {
            throw new IllegalStateException("who holds memory does not wait for more");
        }
        if (bytes > UNCOUNTED_MAX) {
            held = Optional.of(room.memory().take(bytes));
        }
    }

    /** Nothing of the body is needed any more. */
    void letGo() {
        held.ifPresent(MemoryBudget.Share::close);
        held = Optional.empty();
    }

    /**
     * Reads the body to its end, at most {@code max} bytes, or to where the peer breaks it off; then that is what comes
     * back.
     *
     * @throws Refusal body_too_large
     */
    Optional<IOException> receive(Spill into, long max) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int got = body.read(buffer); got >= 0; got = body.read(buffer)) {
                into.write(buffer, 0, got);
                if (into.size() > max) {
                    throw tooLarge(max);
                }
            }
            return Optional.empty();
        } catch (IOException broken) {
            return Optional.of(broken);
        }
    }

    private void receiveWhole(Spill into, long max) throws IOException {
        Optional<IOException> broken = receive(into, max);
        if (broken.isPresent()) {
            throw broken.get();
        }
    }

    private static Refusal tooLarge(long max) {
        return new Refusal(ErrorCode.BODY_TOO_LARGE, "the body of this call has at most " + max + " bytes");
    }

    /** The body as it is; twice its length is held for it. */
    byte[] bytes(int max) throws IOException {
        long announced = length().orElse((long) max);
        if (announced > max) {
            throw tooLarge(max);
        }
        held = length().isPresent() ? room.memory().tryTakeForPeer(2 * announced) : Optional.empty();
        if (held.isPresent()) {
            byte[] bytes = new byte[(int) announced];
            int got = body.readNBytes(bytes, 0, bytes.length);
            return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
        }
        try (Spill kept = spill()) {
            receiveWhole(kept, max);
            hold(2 * kept.size());
            try (InputStream in = kept.read()) {
                return in.readNBytes((int) kept.size());
            }
        }
    }

    /** The body as one JSON object; of somebody unknown only a small one. */
    Fields json() throws IOException {
        return json(principal.isPresent() ? JSON_MAX : JSON_OF_STRANGERS_MAX);
    }

    Fields json(int bytesMax) throws IOException {
        mediaType()
                .filter(type -> !type.equals(JSON))
                .ifPresent(
                        type -> {
                            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body of this call is " + JSON);
                        });
        try (Spill text = spill()) {
            receiveWhole(text, bytesMax);
            try (InputStream in = text.read()) {
                hold(JsonWeight.of(in));
            }
            try (InputStream in = text.read()) {
                return Fields.of(StrictJson.readObject(in, bytesMax));
            }
        }
    }

    /** As {@link #json}, where no body at all counts as an empty object. */
    Fields jsonOrNothing() throws IOException {
        boolean none = length().equals(Optional.of(0L));
        return none ? Fields.of(new JsonObject()) : json();
    }

    /** The rest of the body is not read, and the connection ends with the answer. */
    void abandonBody() {
        body.abandon();
    }

    /** Whether the answer has begun, so that no other can be given. */
    boolean answered() {
        return answered;
    }

    void setHeader(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    void answer(int status, JsonObject json) throws IOException {
        answer(status, JSON, StrictJson.utf8(json));
    }

    void answer(int status, String mediaType, byte[] bytes) throws IOException {
        try (OutputStream out = answerStream(status, mediaType, Optional.of((long) bytes.length))) {
            out.write(bytes);
        }
    }

    /** Makes the body of an answer. */
    interface Making {
        void to(OutputStream out) throws IOException;
    }

    /**
     * Answers with 200 and what is made for it, which is made whole and only then sent: so a slow peer holds up a file,
     * not the rows that its answer was made of. Nothing of them may be referred to from outside of {@code making}.
     */
    void answerKept(String mediaType, Making making) throws IOException {
        try (Spill kept = spill()) {
            making.to(kept);
            send(mediaType, kept);
        }
    }

    /** Answers with 200 and what was kept. */
    void send(String mediaType, Spill kept) throws IOException {
        try (OutputStream out = answerStream(200, mediaType, Optional.of(kept.size()))) {
            kept.copyTo(out);
        }
    }

    void answerNothing(int status) throws IOException {
        begin();
        pace.transfer(
                () -> {
                    exchange.sendResponseHeaders(status, -1);
                    return 0;
                });
    }

    /** An answer to HEAD, or one that is not modified: what the headers say, and no body. */
    void answerHead(int status, String mediaType, long length) throws IOException {
        setHeader("Content-Type", mediaType);
        setHeader("Content-Length", Long.toString(length));
        answerNothing(status);
    }

    /**
     * Begins an answer; the caller writes it and closes the stream, or throws without closing it, and then the
     * connection breaks off, so that nobody takes a part for the whole. With a length, exactly so much is to be
     * written.
     */
    OutputStream answerStream(int status, String mediaType, Optional<Long> length) throws IOException {
        setHeader("Content-Type", mediaType);
        if (method().equals("HEAD")) {
            answerHead(status, mediaType, length.orElse(0L));
            return OutputStream.nullOutputStream();
        }
        if (length.equals(Optional.of(0L))) {
            answerNothing(status);
            return OutputStream.nullOutputStream();
        }
        begin();
        // 0 is how the JDK spells a length that is not known.
        pace.transfer(
                () -> {
                    exchange.sendResponseHeaders(status, length.orElse(0L));
                    return 0;
                });
        return new PacedStreams.Output(exchange.getResponseBody(), pace, metrics::sent);
    }

    private void begin() throws IOException {
        letGo();
        if (!body.drain()) {
            setHeader("Connection", "close");
        }
        setHeader("Cache-Control", "no-store");
        setHeader("X-Content-Type-Options", "nosniff");
        setHeader("X-Request-Id", requestId);
        answered = true;
    }

    /** The status that was sent; -1 before. */
    int status() {
        return exchange.getResponseCode();
    }
}
