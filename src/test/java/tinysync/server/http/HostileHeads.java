package tinysync.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Request lines, headers, addresses and framing that no good client sends, for any call. */
final class HostileHeads {
    private final Example example;
    private final RawRequest good;
    private final List<Hostile> cases = new ArrayList<>();

    private HostileHeads(Example example) {
        this.example = example;
        this.good = example.request();
    }

    static List<Hostile> of(Example example) {
        HostileHeads heads = new HostileHeads(example);
        heads.hosts();
        heads.lines();
        heads.headers();
        heads.lengths();
        heads.methods();
        heads.addresses();
        heads.segments();
        heads.tokens();
        heads.sizes();
        if (example.isRead()) {
            heads.oddities();
        }
        if (example.json().isPresent()) {
            heads.mediaTypes();
        }
        return heads.cases;
    }

    private void add(String name, RawRequest request, Hostile.Fate fate) {
        cases.add(Hostile.of(name, request, fate));
    }

    private void refused(String name, RawRequest request) {
        add(name, request, Hostile.Fate.REFUSED);
    }

    private void turnedAway(String name, RawRequest request) {
        add(name, request, Hostile.Fate.TURNED_AWAY);
    }

    private void hosts() {
        RawRequest none = good.without("Host");
        refused("no Host", none);
        refused("two Hosts", good.with("Host: other"));
        refused("the same Host twice", good.with("Host: drive"));
        for (String host : List.of("", "a b", "a/b", "user@drive", "drive,other", "drive\"", "dr\u00e4ive")) {
            refused("Host " + host, none.with("Host: " + host));
        }
    }

    private void lines() {
        for (String version : List.of("HTTP/9.9", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "http/1.1", "HTTP/1.1 x", "x")) {
            refused("version " + version, good.version(version));
        }
        turnedAway("no version", good.version(""));
        turnedAway("two spaces", good.target(" " + good.target()));
        turnedAway("not HTTP", new RawRequest("\u0016\u0003\u0001", "\u0000", "\u0000", List.of(), ""));
    }

    private void headers() {
        for (char control : new char[] {0, 1, 8, 0x0b, 0x1b, 0x7f}) {
            refused("character " + (int) control + " in a header", good.with("X-A: b" + control + "c"));
        }
        turnedAway("no colon", good.with("Nonsense"));
        turnedAway("no name", good.with(": x"));
        turnedAway("space before the colon", good.with("X-A : b"));
        turnedAway("space in a name", good.with("X A: b"));
        turnedAway("NUL in a name", good.with("X\u0000A: b"));
        refused("a feature that is not known", good.with("TinySync-Requires: telepathy"));
        refused("features said twice", good.with("TinySync-Requires: fetch").with("TinySync-Requires: fetch"));
    }

    private void lengths() {
        RawRequest none = good.unframed("abc");
        for (String length : List.of("+3", "0x3", "3 3", "3, 3", "3.0", "-1", "99999999999999999999", "", "three")) {
            turnedAway("Content-Length " + length, none.with("Content-Length: " + length));
        }
        refused("16 GiB announced", none.with("Content-Length: 17179869184"));
        refused("16 MiB and a byte announced", none.with("Content-Length: 16777217"));
        turnedAway("two lengths", none.with("Content-Length: 3").with("Content-Length: 5"));
        turnedAway("the same length twice", none.with("Content-Length: 3").with("Content-Length: 3"));
        RawRequest chunked = none.unframed("0\r\n\r\n");
        String coding = "Transfer-Encoding: ";
        turnedAway("length and chunks", chunked.with("Content-Length: 5").with(coding + "chunked"));
        turnedAway("chunks and length", chunked.with(coding + "chunked").with("Content-Length: 5"));
        refused("chunks in HTTP/1.0", chunked.version("HTTP/1.0").with(coding + "chunked"));
        turnedAway("chunked with a space", chunked.with("Transfer-Encoding : chunked"));
        for (String other : List.of("xchunked", "identity", "gzip, chunked", "chunked, chunked", "chunked;x", "")) {
            turnedAway("coding " + other, chunked.with(coding + other));
        }
        turnedAway("two codings", chunked.with(coding + "chunked").with(coding + "chunked"));
        if (!example.isRead() && !good.body().isEmpty()) {
            chunks();
        }
    }

    /** Chunks of which what comes before the fault is harmless, as the fault is met before the end. */
    private void chunks() {
        String part = good.body().substring(0, Math.min(5, good.body().length()));
        for (String line :
                List.of("-1", "-5", "FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFF", "80000000", "x", "", "0x5", "5 5")) {
            RawRequest bad = good.unframed(line + "\r\n" + part + "\r\n0\r\n\r\n").with("Transfer-Encoding: chunked");
            cases.add(Hostile.cutOff("a chunk of " + line, bad));
        }
        RawRequest chunked = good.with("Transfer-Encoding: chunked").without("Content-Length");
        cases.add(Hostile.cutOff("a chunk that goes on", chunked.unframed("5\r\n" + part + "XX0\r\n\r\n")));
        cases.add(Hostile.cutOff("a long chunk line", chunked.unframed("5;" + "x".repeat(100_000) + "\r\n" + part)));
        cases.add(Hostile.cutOff("half a chunk", chunked.unframed("50\r\n" + part)));
        cases.add(Hostile.cutOff("no last chunk", chunked.unframed("5\r\n" + part + "\r\n")));
        cases.add(Hostile.cutOff("half a body", good.unframed(part).with("Content-Length: 1000")));
    }

    private void methods() {
        for (String method : List.of("TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "G\u0000T", "X".repeat(200))) {
            refused("method " + method, good.method(method).body(""));
        }
        RawRequest forged = good.method("TRACE").body("");
        refused("a method over another one", forged.with("X-HTTP-Method-Override: " + good.method()));
    }

    private void addresses() {
        String path = good.target();
        refused("absolute address", good.target("http://drive" + path));
        refused("absolute address of another", good.target("http://evil.example" + path));
        refused("a folder up", good.target("/x/.." + path));
        refused("a dot", good.target("/." + path));
        refused("a folder up, escaped", good.target("/x/%2e%2e" + path));
        refused("an empty segment", good.target("/x/" + path));
        turnedAway("two slashes", good.target("/" + path));
        refused("a slash at the end", good.target(path.replaceFirst("(\\?|$)", "/$1")));
        refused(
                "other letters",
                good.target(
                        path.replace("/v1/", "/V1/")
                                .replace("/healthz", "/Healthz")
                                .replace("/readyz", "/Readyz")
                                .replace("/metrics", "/Metrics")
                                .replace("/join", "/Join")));
        turnedAway("no slash", good.target(path.substring(1)));
        turnedAway("a star", good.target("*"));
        turnedAway("an authority", good.target("drive:80"));
        turnedAway("a fragment", good.target(path + "#x"));
        String more = path + (path.contains("?") ? "&" : "?");
        refused("a query twice", good.target(more + "x=1&x=2"));
        refused("NUL in the query", good.target(more + "x=%00"));
        refused("half an escape in the query", good.target(more + "x=%ff"));
        refused("a long query", good.target(more + "x=" + "y".repeat(5_000)));
        turnedAway("a broken escape in the query", good.target(more + "x=%4"));
    }

    /** Each parameter of the path. */
    private void segments() {
        String[] pattern = example.path().split("/");
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) {
                segment(i, pattern[i]);
            }
        }
    }

    private void segment(int index, String name) {
        List<String> bad =
                List.of(
                        "..",
                        ".",
                        "%2e%2e",
                        "%00",
                        "a%00b",
                        "a%2fb",
                        "a%5cb",
                        "%ff",
                        "%c0%ae",
                        "%0d%0aX:%20y",
                        "%1b",
                        "%7f",
                        "%ed%a0%80",
                        "",
                        "x".repeat(5_000));
        for (String segment : bad) {
            refused(name + " is " + segment, good.target(withSegment(index, segment)));
        }
        for (String segment : List.of("%", "%zz", "%4", "[", "\\", "{x}", "a\u0000b", "%u002e")) {
            turnedAway(name + " is " + segment, good.target(withSegment(index, segment)));
        }
    }

    private String withSegment(int index, String segment) {
        String[] parts = good.target().split("\\?", 2);
        String[] segments = parts[0].split("/");
        segments[index] = segment;
        return String.join("/", segments) + (parts.length > 1 ? "?" + parts[1] : "");
    }

    private void tokens() {
        RawRequest none = good.without("Authorization");
        boolean anyone = none.headers().equals(good.headers());
        Hostile.Fate fate = anyone ? Hostile.Fate.HARMLESS : Hostile.Fate.REFUSED;
        String token = anyone ? "tsadm_" + "0".repeat(64) : token();
        List<String> bad =
                List.of(
                        "",
                        "Bearer",
                        "Bearer ",
                        "Bearer null",
                        "Bearer undefined",
                        "Bearer " + token + token,
                        token,
                        "Basic " + token,
                        "Bearer " + token + ", Bearer " + token,
                        "Bearer \"" + token + "\"",
                        "Bearer " + token.toUpperCase(java.util.Locale.ROOT),
                        "Bearer " + "x".repeat(20_000),
                        "Bearer tsdev_" + "0".repeat(32) + "_" + "0".repeat(64),
                        "Bearer tsadm_" + "0".repeat(64),
                        "Bearer tsinv_" + "0".repeat(32) + "_" + "0".repeat(64),
                        "Bearer \u00ff");
        for (String value : bad) {
            add("Authorization: " + value, none.with("Authorization: " + value), fate);
        }
        add("no token", none, fate);
        RawRequest twice = none.with("Authorization: Bearer " + token).with("Authorization: Bearer " + token);
        add("two tokens", twice, fate);
        add(
                "a token in the address",
                none.target(none.target() + (none.target().contains("?") ? "&" : "?") + "access_token=" + token),
                fate);
        add("a token in a cookie", none.with("Cookie: token=" + token), fate);
    }

    private String token() {
        return good.headers().stream()
                .filter(line -> line.startsWith("Authorization: Bearer "))
                .findFirst()
                .orElseThrow()
                .substring("Authorization: Bearer ".length());
    }

    private void sizes() {
        turnedAway("64 KiB of address", good.target("/" + "a".repeat(65_536)));
        turnedAway("5,000 bytes of address", good.target("/" + "a".repeat(5_000)));
        turnedAway("a megabyte in a header", good.with("X-A: " + "a".repeat(1 << 20)));
        turnedAway("a megabyte of name", good.with("a".repeat(1 << 20) + ": b"));
        RawRequest many = good;
        for (int i : IntStream.range(0, 300).toArray()) {
            many = many.with("X-" + i + ": y");
        }
        turnedAway("300 headers", many);
    }

    private void mediaTypes() {
        RawRequest none = good.without("Content-Type");
        for (String type :
                List.of(
                        "text/plain",
                        "text/json",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data; boundary=x",
                        "application/jsonx",
                        "application/xml",
                        "application/octet-stream",
                        ";",
                        "\"application/json\"",
                        "application/json, text/plain",
                        "application/x-tinysync-bundles")) {
            refused("Content-Type " + type, none.with("Content-Type: " + type));
        }
        refused("two types", good.with("Content-Type: application/json"));
        refused("compressed", good.with("Content-Encoding: gzip"));
    }

    /** What a read may pass over, or refuse: nothing hangs on it. */
    private void oddities() {
        List<UnaryOperator<RawRequest>> odd =
                List.of(
                        request -> request.with("X-A: b\r\n c"),
                        request -> request.with("X-A: b\nX-C: d"),
                        request -> request.with("X-HTTP-Method-Override: DELETE"),
                        request -> request.with("X-Method-Override: PUT").with("X-HTTP-Method: PATCH"),
                        request -> request.with("Expect: 100-continue"),
                        request -> request.with("Expect: a miracle"),
                        request -> request.with("Upgrade: h2c").with("HTTP2-Settings: AAMAAABkAAQAAP__"),
                        request -> request.with("Upgrade: websocket").with("Sec-WebSocket-Version: 13"),
                        request -> request.with("X-Forwarded-For: 127.0.0.1").with("X-Original-URL: /v1/admin"),
                        request -> request.with("TE: trailers, deflate;q=0.5").with("Trailer: Host"),
                        request -> request.with("Accept-Encoding: " + "gzip,".repeat(1_000)),
                        request -> request.with("If-Match: *").with("If-None-Match: \"x\""),
                        request -> request.with("If-None-Match: *"),
                        request -> request.with("If-None-Match: " + "\"x\", ".repeat(2_000)),
                        request -> request.with("If-Modified-Since: never").with("If-Unmodified-Since: 0"),
                        request -> request.with("If-Range: \"x\"").with("Range: bytes=0-0"),
                        request -> request.with("User-Agent: ${jndi:ldap://x/a} <script>"),
                        request -> request.body("a body where none belongs"));
        for (int i = 0; i < odd.size(); i++) {
            add("oddity " + i, odd.get(i).apply(good), Hostile.Fate.HARMLESS);
        }
    }
}
