package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.server.RunningServer;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.wire.BundleReader;
import tinysync.wire.BundleWriter;
import tinysync.wire.CommitHeader;
import tinysync.wire.DeviceToken;
import tinysync.wire.SmallContent;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A server process with a heap much smaller than what is sent to it at once; running out of memory would end it. */
class SmallHeapTest {
    private static final int AT_ONCE = 16;
    private static final int CONTENTS = 60;
    private static final byte[] NOISE = RunningServer.noise(4 << 20);

    @TempDir Path folder;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DeviceToken token = new DeviceToken(new DeviceId(new UUID(0, 1)), "7".repeat(64));
    private Process server;
    private URI url;
    private String vault;
    private ItemId root;

    @BeforeEach
    void start() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx40m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "tinysync.Main",
                        "server",
                        "--data",
                        folder.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0");
        builder.environment().put("TINYSYNC_NO_REEXEC", "1");
        server = builder.redirectError(folder.resolve("log").toFile()).start();
        BufferedReader lines = server.inputReader();
        String line = lines.readLine();
        while (!line.startsWith("ready ")) {
            line = lines.readLine();
        }
        url = URI.create(line.substring("ready ".length()));
        String admin = Files.readString(folder.resolve("data/admin.token")).strip();
        JsonObject registration = RunningServer.registration(token, "laptop");
        assertEquals(
                201,
                post("/v1/devices", admin, "application/json", registration.toString().getBytes(UTF_8)).statusCode());
        HttpRequest member =
                request("/v1/groups/everyone/devices/" + token.device(), admin)
                        .PUT(BodyPublishers.ofString("{}"))
                        .build();
        assertEquals(204, http.send(member, BodyHandlers.discarding()).statusCode());
        JsonObject reach = me().get("vaults").asArray().get(0).asObject();
        vault = reach.get("id").asString();
        root = ItemId.parse(reach.get("root").asString());
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server.destroy();
        server.waitFor();
    }

    private HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + bearer);
    }

    private HttpResponse<String> post(String path, String bearer, String type, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request =
                request(path, bearer).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build();
        return http.send(request, BodyHandlers.ofString());
    }

    private JsonObject me() throws IOException, InterruptedException {
        HttpRequest request = request("/v1/me", token.format()).build();
        return Json.parse(http.send(request, BodyHandlers.ofString()).body()).asObject();
    }

    private byte[] bundle(int number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CommitHeader header = new CommitHeader(Optional.empty(), Optional.empty(), List.of());
        BundleWriter writer = new BundleWriter(bytes, header);
        for (int i = 0; i < CONTENTS; i++) {
            SmallContent content = SmallContent.of(Arrays.copyOf(NOISE, 60_000 + i));
            Mutation put =
                    new Mutation.PutFile(
                            new OpId(new UUID(1, number), i),
                            new ItemId(new UUID(number + 2, i)),
                            Optional.of(new Place(root, "file " + number + "." + i)),
                            Optional.empty(),
                            content.ref(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of());
            writer.add(put, content);
        }
        writer.end();
        return bytes.toByteArray();
    }

    private static <T> void allAtOnce(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> done : each.invokeAll(tasks)) {
                done.get();
            }
        }
    }

    /** What finds no room in time is told so, and when to come again. */
    private HttpResponse<String> untilTaken(String path, String type, byte[] body) throws Exception {
        HttpResponse<String> answer = post(path, token.format(), type, body);
        while (answer.statusCode() == 503) {
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
            answer = post(path, token.format(), type, body);
        }
        return answer;
    }

    @Test
    void manyLargeBundlesAtOnceAllTakeTheirTurn() throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            byte[] bundle = bundle(i);
            tasks.add(
                    () -> {
                        HttpResponse<String> answer =
                                untilTaken("/v1/vaults/" + vault + "/commit", BundleReader.MEDIA_TYPE, bundle);
                        assertEquals(200, answer.statusCode(), answer.body());
                        assertEquals(CONTENTS + 1, answer.body().lines().count());
                        return 0;
                    });
        }
        allAtOnce(tasks);
        HttpResponse<String> state =
                http.send(request("/v1/vaults/" + vault, token.format()).build(), BodyHandlers.ofString());
        long seq = Json.parse(state.body()).asObject().get("head").asObject().get("seq").asLong();
        assertEquals(AT_ONCE * CONTENTS, seq);
    }

    @Test
    void largeChunksAndJsonThatTakesManyTimesItsBytesTakeTheirTurnToo() throws Exception {
        byte[] nested = ("{\"a\":[" + "[],".repeat(20_000) + "[]]}").getBytes(UTF_8);
        byte[] hopeless = ("{\"a\":[" + "{},".repeat(300_000) + "{}]}").getBytes(UTF_8);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            byte[] chunk = Arrays.copyOf(NOISE, (4 << 20) - i);
            tasks.add(
                    () -> {
                        String path = "/v1/vaults/" + vault + "/chunks/" + Hash.of(chunk).hex();
                        HttpRequest put = request(path, token.format()).PUT(BodyPublishers.ofByteArray(chunk)).build();
                        assertEquals(204, http.send(put, BodyHandlers.discarding()).statusCode());
                        return 0;
                    });
            tasks.add(
                    () -> {
                        assertEquals(400, untilTaken("/v1/devices", "application/json", nested).statusCode());
                        assertEquals(413, untilTaken("/v1/devices", "application/json", hopeless).statusCode());
                        return 0;
                    });
        }
        allAtOnce(tasks);
        assertEquals("laptop", me().get("device").asObject().get("name").asString());
    }
}
