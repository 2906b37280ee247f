package tinysync.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;
import tinysync.server.http.HttpTimes;
import tinysync.server.live.AttemptLimit;
import tinysync.server.tls.Handshakes;
import tinysync.server.ws.WakeTimes;
import tinysync.tree.DeviceId;
import tinysync.wire.BundleReader;
import tinysync.wire.DeviceToken;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A real server on a free loopback port, with clients that speak plain HTTP to it. */
public final class RunningServer implements AutoCloseable {
    /** Tests come from one address, and are wrong on purpose more often than anybody else. */
    private static final AttemptLimit ANY_NUMBER = new AttemptLimit(1_000_000, Duration.ofNanos(1));

    static final String SECRET = "5".repeat(64);

    private final Path data;
    private final TinySyncServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(Handshakes.trusting()).build();
    private int ids;

    private RunningServer(Path data, TinySyncServer server) {
        this.data = data;
        this.server = server;
    }

    public static RunningServer start(Path data) throws StartException {
        return start(options(data));
    }

    public static RunningServer start(Path data, HttpTimes http, WakeTimes wake) throws StartException {
        return start(options(data).withLimits(new ServerLimits(http, wake, ANY_NUMBER)));
    }

    /** Where somebody may fail only so often, and a proxy may be in front. */
    public static RunningServer start(Path data, AttemptLimit limit, ServerOptions.Transport transport)
            throws StartException {
        return start(
                options(data)
                        .withTransport(transport)
                        .withLimits(new ServerLimits(HttpTimes.DEFAULT, WakeTimes.DEFAULT, limit)));
    }

    /** With a key that the server makes itself, which its clients here trust blindly. */
    public static RunningServer startOverTls(Path data, WakeTimes wake) throws StartException {
        ServerOptions.Transport tls = new ServerOptions.Transport.SelfMadeTls();
        return start(
                options(data).withLimits(new ServerLimits(HttpTimes.DEFAULT, wake, ANY_NUMBER)).withTransport(tls));
    }

    static RunningServer start(ServerOptions options) throws StartException {
        return new RunningServer(options.data(), TinySyncServer.start(options));
    }

    static ServerOptions options(Path data) {
        return ServerOptions.on(data, new HostPort("127.0.0.1", 0), "0.1.0-test")
                .withLimits(new ServerLimits(HttpTimes.DEFAULT, WakeTimes.DEFAULT, ANY_NUMBER));
    }

    public TinySyncServer server() {
        return server;
    }

    public URI uri(String path) {
        return URI.create(server.url() + path);
    }

    public String adminToken() throws IOException {
        return Files.readString(data.resolve("admin.token")).strip();
    }

    /** A fresh id; no test depends on which. */
    public synchronized UUID id() {
        return UUID.nameUUIDFromBytes((data + "/" + ids++).getBytes(UTF_8));
    }

    /** A device in group everyone, and the vault that it reaches. */
    public Device join(String name) throws IOException, InterruptedException {
        DeviceId id = new DeviceId(id());
        DeviceToken token = new DeviceToken(id, Hash.of((name + id).getBytes(UTF_8)).hex());
        JsonObject body = registration(token, name);
        Answer answer = send("POST", "/v1/devices", adminToken(), body);
        if (answer.status() != 201) {
            throw new IOException("not registered: " + answer.text());
        }
        Answer member = send("PUT", "/v1/groups/everyone/devices/" + id, adminToken(), new JsonObject());
        if (member.status() != 204) {
            throw new IOException("not a member: " + member.text());
        }
        JsonObject vault =
                new Device(this, token, "", "").get("/v1/me").json().get("vaults").asArray().get(0).asObject();
        return new Device(this, token, vault.get("id").asString(), vault.get("root").asString());
    }

    public static JsonObject registration(DeviceToken token, String name) {
        return new JsonObject()
                .add("device_id", token.device().toString())
                .add("secret_sha256", token.secretSha256().hex())
                .add("display_name", name);
    }

    public Answer send(String method, String path, String token, JsonObject body)
            throws IOException, InterruptedException {
        return send(method, path, token, "application/json", BodyPublishers.ofString(body.toString()));
    }

    public Answer send(String method, String path, String token, String type, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", type)
                        .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }

    /** What came back. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), UTF_8);
        }

        public JsonObject json() {
            return Json.parse(text()).asObject();
        }

        public String code() {
            return json().get("error").asObject().get("code").asString();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The objects of an NDJSON body. */
        public List<JsonObject> lines() {
            return text().lines().map(line -> Json.parse(line).asObject()).toList();
        }
    }

    /** A client that is let in. */
    public record Device(RunningServer server, DeviceToken token, String vault, String root) {

        public Answer get(String path, String... headers) throws IOException, InterruptedException {
            return server.send("GET", path, token.format(), "text/plain", BodyPublishers.noBody(), headers);
        }

        public Answer send(String method, String path, JsonObject body) throws IOException, InterruptedException {
            return server.send(method, path, token.format(), body);
        }

        public Answer put(String path, byte[] bytes) throws IOException, InterruptedException {
            return server.send(
                    "PUT", path, token.format(), "application/octet-stream", BodyPublishers.ofByteArray(bytes));
        }

        public String at(String rest) {
            return "/v1/vaults/" + vault + rest;
        }

        public Answer commit(JsonObject... mutations) throws IOException, InterruptedException {
            JsonArray all = new JsonArray();
            for (JsonObject mutation : mutations) {
                all.add(mutation);
            }
            return send("POST", at("/commit"), new JsonObject().add("mutations", all));
        }

        public Answer bundle(byte[] frames) throws IOException, InterruptedException {
            BodyPublisher body = BodyPublishers.ofByteArray(frames);
            return server.send("POST", at("/commit"), token.format(), BundleReader.MEDIA_TYPE, body);
        }

        /** {@code create_folder} under the root. */
        public JsonObject folder(String name) {
            return new JsonObject()
                    .add("op", "create_folder")
                    .add("op_id", server.id() + ":0")
                    .add("item", server.id().toString())
                    .add("parent", root)
                    .add("name", name);
        }

        public String head() throws IOException, InterruptedException {
            JsonObject head = get(at("")).json().get("head").asObject();
            return head.get("epoch").asString() + "." + head.get("seq").asLong() + "." + head.get("tag").asString();
        }

        public String start() throws IOException, InterruptedException {
            return head().substring(0, 36) + ".0.0000000000000000";
        }
    }

    /** Deterministic bytes that no compressor likes. */
    public static byte[] noise(int length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; bytes.size() < length; i++) {
            bytes.writeBytes(Hash.of(("noise " + i).getBytes(UTF_8)).bytes());
        }
        return java.util.Arrays.copyOf(bytes.toByteArray(), length);
    }
}
