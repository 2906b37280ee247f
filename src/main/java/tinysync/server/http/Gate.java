package tinysync.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import tinysync.platform.SystemRandom;
import tinysync.server.core.Principal;
import tinysync.server.core.StoreException;
import tinysync.server.live.Access;
import tinysync.server.live.Attempts;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origin;
import tinysync.server.live.Origins;
import tinysync.wire.Bearer;
import tinysync.wire.ErrorBody;
import tinysync.wire.ErrorCode;
import tinysync.wire.Features;
import tinysync.wire.Refusal;
import tinysync.wire.ServerInfo;
import tinysync.wire.TruncatedException;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The one way in. Refuses what two programs could read differently and the JDK's server lets through, finds the route,
 * authenticates, and turns whatever comes of a call into an answer. Tokens and contents are never logged. Thread-safe.
 */
final class Gate implements HttpHandler {
    private static final System.Logger LOG = System.getLogger("tinysync.server.http");
    private static final String UNKNOWN_ROUTE = "none";
    private static final int REQUEST_ID_BYTES = 8;
    private static final long RETRY_AFTER_SECONDS = 2;
    private static final Duration ALMOST_A_SECOND = Duration.ofMillis(999);

    private final List<Route> routes;
    private final Access access;
    private final Attempts attempts;
    private final Origins origins;
    private final Metrics metrics;
    private final SystemRandom random;
    private final BodyRoom room;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopping;

    Gate(
            List<Route> routes,
            Access access,
            Attempts attempts,
            Origins origins,
            Metrics metrics,
            SystemRandom random,
            BodyRoom room) {
        this.routes = List.copyOf(routes);
        this.access = access;
        this.attempts = attempts;
        this.origins = origins;
        this.metrics = metrics;
        this.random = random;
        this.room = room;
        metrics.gauge("tinysync_http_running", "Requests that are being answered.", "", running::get);
    }

    /** From now on everything is answered with 503. */
    void stop() {
        stopping = true;
    }

    /** How many requests are being answered. */
    int running() {
        return running.get();
    }

    /** The route of a call, once it is known. */
    private static final class Found {
        private String path = UNKNOWN_ROUTE;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Pace pace = Pace.CURRENT.get();
        pace.headRead();
        String id = HexFormat.of().formatHex(random.bytes(REQUEST_ID_BYTES));
        List<String> forwardedFor = exchange.getRequestHeaders().getOrDefault(Origins.HEADER, List.of());
        Origin origin = origins.of(exchange.getRemoteAddress().getAddress(), forwardedFor);
        Call call = new Call(exchange, origin, id, pace, metrics, room);
        Found found = new Found();
        running.incrementAndGet();
        try {
            answer(exchange, call, found);
        } catch (Error e) {
            // The JDK closes a connection after an IOException; after an Error it would leave it open and silent.
            throw new IOException("request " + id + " broke off", e);
        } finally {
            call.letGo();
            running.decrementAndGet();
            metrics.request(found.path, call.status());
        }
    }

    private void answer(HttpExchange exchange, Call call, Found found) throws IOException {
        try {
            if (stopping) {
                call.abandonBody();
                throw new Refusal(ErrorCode.UNAVAILABLE, "the server is stopping");
            }
            checkHead(exchange, call);
            dispatch(exchange, call, found);
        } catch (Refusal refusal) {
            refuse(call, refusal);
        } catch (TruncatedException truncated) {
            refuse(call, new Refusal(ErrorCode.BAD_REQUEST, truncated.getMessage()));
        } catch (StoreException e) {
            refuse(call, refusal(e, call));
        } catch (OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, "request " + call.requestId() + " ran out of memory", e);
            refuse(call, new Refusal(ErrorCode.UNAVAILABLE, "the server ran out of memory; try again"));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "request " + call.requestId() + " failed", e);
            refuse(call, new Refusal(ErrorCode.INTERNAL, "this went wrong here; the log knows it by the request id"));
        }
    }

    /** What a peer learns of trouble with storage; the log learns the rest. */
    static Refusal refusal(StoreException e, Call call) {
        LOG.log(System.Logger.Level.WARNING, "request " + call.requestId() + ": storage: " + e.trouble(), e);
        return switch (e.trouble()) {
            case BUSY -> new Refusal(ErrorCode.UNAVAILABLE, "storage is busy; try again");
            case FULL -> new Refusal(ErrorCode.NO_SPACE, "the server's disk is full");
            case BROKEN ->
                    new Refusal(ErrorCode.INTERNAL, "storage is broken here; the log knows it by the request id");
        };
    }

    private void refuse(Call call, Refusal refusal) throws IOException {
        if (call.answered()) {
            // Breaking off is the only way to say so.
            throw new IOException("request " + call.requestId() + " broke off: " + refusal.code().wire());
        }
        switch (refusal.code()) {
            case RATE_LIMITED -> {
                long seconds = attempts.patience(call.origin()).plus(ALMOST_A_SECOND).toSeconds();
                call.setHeader("Retry-After", Long.toString(Math.max(RETRY_AFTER_SECONDS, seconds)));
            }
            case UNAVAILABLE, NO_SPACE, QUOTA_EXCEEDED ->
                    call.setHeader("Retry-After", Long.toString(RETRY_AFTER_SECONDS));
            case UNAUTHENTICATED, INVITE_INVALID, DEVICE_REVOKED -> call.setHeader("WWW-Authenticate", "Bearer");
            default -> LOG.log(System.Logger.Level.DEBUG, "request {0} refused", call.requestId());
        }
        ErrorBody body = ErrorBody.of(refusal, Optional.of(call.requestId()));
        call.answer(refusal.code().status(), body.encode());
    }

    /** RFC 9112, where the JDK is more lenient than a proxy in front may be. */
    private static void checkHead(HttpExchange exchange, Call call) {
        Headers headers = exchange.getRequestHeaders();
        String protocol = exchange.getProtocol();
        if (!protocol.equals("HTTP/1.1") && !protocol.equals("HTTP/1.0")) {
            throw malformed(call, "HTTP/1.1 is spoken here");
        }
        List<String> hosts = headers.getOrDefault("Host", List.of());
        boolean oneHost = hosts.size() == 1 && hosts.getFirst().matches("[0-9A-Za-z.:_\\[\\]%-]+");
        if (!oneHost && !(hosts.isEmpty() && protocol.equals("HTTP/1.0"))) {
            throw malformed(call, "a request has one Host");
        }
        boolean plain = headers.values().stream().flatMap(List::stream).allMatch(Gate::isPlain);
        if (!plain) {
            throw malformed(call, "a header has a control character");
        }
        checkFraming(headers, protocol, call);
        if (headers.containsKey("Content-Encoding")) {
            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a body is sent as it is, without Content-Encoding");
        }
    }

    /** Where the body ends has to be told in one way only. */
    private static void checkFraming(Headers headers, String protocol, Call call) {
        // Two lengths, or a length and chunks, are refused by the JDK.
        if (headers.containsKey("Transfer-Encoding") && protocol.equals("HTTP/1.0")) {
            throw malformed(call, "HTTP/1.0 has no chunks");
        }
        List<String> lengths = headers.getOrDefault("Content-Length", List.of());
        if (!lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}"))) {
            throw malformed(call, "Content-Length is a number");
        }
        if (lengths.stream().anyMatch(length -> Long.parseLong(length) > ServerInfo.Limits.DEFAULT.bodyBytes())) {
            call.abandonBody();
            throw new Refusal(
                    ErrorCode.BODY_TOO_LARGE,
                    "a request body has at most " + ServerInfo.Limits.DEFAULT.bodyBytes() + " bytes");
        }
    }

    private static boolean isPlain(String value) {
        return value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f);
    }

    /** What comes behind such a head cannot be told from another request. */
    private static Refusal malformed(Call call, String message) {
        call.abandonBody();
        return new Refusal(ErrorCode.BAD_REQUEST, message);
    }

    private void dispatch(HttpExchange exchange, Call call, Found found) throws IOException {
        Target target = Target.parse(exchange.getRequestURI());
        List<Route> there = routes.stream().filter(route -> route.match(target.segments()).isPresent()).toList();
        if (there.isEmpty()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "no such call");
        }
        found.path = there.getFirst().path();
        Optional<Route> route = there.stream().filter(r -> r.method().equals(call.method())).findFirst();
        if (route.isEmpty()) {
            call.setHeader("Allow", there.stream().map(Route::method).distinct().collect(Collectors.joining(", ")));
            throw new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "this call has another method");
        }
        Map<String, String> parameters = route.get().match(target.segments()).orElseThrow();
        call.routed(target, parameters);
        call.header(Features.HEADER)
                .map(Features::parseHeader)
                .ifPresent(names -> Features.check(names, Features.KNOWN));
        authenticate(call, route.get());
        route.get().handler().handle(call);
    }

    private void authenticate(Call call, Route route) {
        Route.Need need = route.need();
        Optional<String> header = call.header("Authorization");
        if (need == Route.Need.NOBODY || need == Route.Need.OPTIONAL && header.isEmpty()) {
            return;
        }
        if (header.isEmpty()) {
            throw needsToken();
        }
        String token = Bearer.fromHeader(header.get()).map(Bearer::format).orElseThrow(() -> noToken(call));
        Principal who = attempts.guard(call.origin(), token, () -> authenticate(call, route, token));
        boolean admin = who instanceof Principal.Admin;
        if (need == Route.Need.DEVICE && admin) {
            throw new Refusal(ErrorCode.FORBIDDEN, "this call is for devices");
        }
        if (need == Route.Need.ADMIN && !admin) {
            throw new Refusal(ErrorCode.FORBIDDEN, "this call needs the admin token");
        }
        call.authenticated(who);
    }

    private static Refusal needsToken() {
        return new Refusal(ErrorCode.UNAUTHENTICATED, "this call needs a token");
    }

    private Refusal noToken(Call call) {
        attempts.failed(call.origin());
        return needsToken();
    }

    /** One look into the registry tells who it is and what he may do. A path without a vault's id is for nobody. */
    private Principal authenticate(Call call, Route route, String token) {
        if (route.role().isPresent() && call.namesVault()) {
            return access.authenticate(token, call.vault(), route.role().get());
        }
        return access.authenticate(token);
    }
}
