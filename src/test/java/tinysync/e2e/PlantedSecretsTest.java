package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server and a device that log all they can, under umask 0, through what works and what is refused: their secrets are
 * in the two files that are made for them and nowhere else, and what they keep is nobody else's from the first moment.
 */
@EnabledOnOs(OS.LINUX)
class PlantedSecretsTest {
    private static final Pattern SECRET = Pattern.compile("ts(dev_[0-9a-f]{32}|adm|inv_[0-9a-f]{32})_([0-9a-f]{64})");
    private static final String LOG_ALL =
            """
            handlers=java.util.logging.ConsoleHandler
            .level=INFO
            tinysync.level=ALL
            java.util.logging.ConsoleHandler.level=ALL
            """;

    private static final Path FRESH_SOCKET = Path.of("daemon.sock~", "s");

    @TempDir Path base;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<String> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch watched = new CountDownLatch(1);
    private final List<String> said = new ArrayList<>();
    private Thread watcher;
    private Program server;
    private Program overTls;
    private Program client;
    private String invite;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(base.resolve("logging.properties"), LOG_ALL);
        watcher = Thread.ofPlatform().start(this::watch);
        server = Program.start(base.resolve("server.log"), loud("server", "--data", data(), "--listen", "127.0.0.1:0"));
        invite = server.said("invite");
        Path kept = Files.writeString(base.resolve("invite"), invite);
        said.add(run(0, "register", "--home", home(), "--invite", kept.toString()));
        overTls =
                Program.start(
                        base.resolve("tls.log"),
                        loud("server", "--data", tls(), "--listen", "127.0.0.1:0", "--tls", "self"));
        Files.writeString(kept, overTls.said("invite"));
        said.add(run(0, "register", "--home", base.resolve("home of tls").toString(), "--invite", kept.toString()));
        Files.delete(kept);
        said.add(run(0, "attach", "--home", home(), "--vault", "main", "--folder", base.resolve("folder").toString()));
        client = Program.start(base.resolve("client.log"), loud("client", "--home", home()));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        overTls.close();
        server.close();
        http.close();
        watched.countDown();
        watcher.join();
    }

    private String data() {
        return base.resolve("data").toString();
    }

    private String tls() {
        return base.resolve("data of tls").toString();
    }

    private String home() {
        return base.resolve("home").toString();
    }

    /** A process that logs everything, and whose files would be open to all. */
    private ProcessBuilder loud(String... arguments) {
        ProcessBuilder plain = Jar.process(arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"));
        command.addAll(plain.command());
        plain.environment()
                .put("JAVA_TOOL_OPTIONS", "-Djava.util.logging.config.file=" + base.resolve("logging.properties"));
        return plain.command(command);
    }

    /** Runs a command and answers all that it said. */
    private String run(int exit, String... arguments) {
        Jar.Result result = Jar.run(loud(arguments));
        assertEquals(exit, result.exit(), result::err);
        return result.out() + result.err();
    }

    /** Looks again and again whether anything of ours is open to others, also for a moment. */
    private void watch() {
        try {
            while (!watched.await(1, TimeUnit.MILLISECONDS)) {
                lookAround();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void lookAround() {
        for (String root : List.of(data(), tls(), home())) {
            for (Path one : all(Path.of(root))) {
                if (one.endsWith(FRESH_SOCKET)) {
                    // No system makes one with fewer rights than the umask leaves: its folder keeps others out.
                    continue;
                }
                try {
                    String mode =
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(one, LinkOption.NOFOLLOW_LINKS));
                    String own = Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) ? "rwx------" : "rw-------";
                    if (!mode.equals(own) && Files.exists(one, LinkOption.NOFOLLOW_LINKS)) {
                        open.add(mode + " " + one);
                    }
                } catch (NoSuchFileException gone) {
                    // It was only for a moment, and nothing else can be said of it.
                    continue;
                } catch (IOException unreadable) {
                    open.add(unreadable.toString());
                }
            }
        }
    }

    /** The tree as far as it can be walked while it changes. */
    private static List<Path> all(Path root) {
        List<Path> found = new ArrayList<>();
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            found.add(root);
        }
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> inside = Files.list(root)) {
                inside.toList().forEach(one -> found.addAll(all(one)));
            } catch (IOException | java.io.UncheckedIOException gone) {
                // It was there a moment ago; what comes in its place is looked at next time.
                return found;
            }
        }
        return found;
    }

    private static String secret(String text) {
        Matcher matcher = SECRET.matcher(text);
        assertTrue(matcher.find());
        return matcher.group(2);
    }

    /** Asks, and keeps what came back. */
    private int ask(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.said("ready") + path))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        said.add(answer.statusCode() + " " + answer.headers() + " " + answer.body());
        return answer.statusCode();
    }

    /** Says something to the wake socket, and keeps what came back. */
    private void wake(String text) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        WebSocket.Listener ears =
                new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence frame, boolean last) {
                        said.add(frame.toString());
                        from.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        said.add(code + reason);
                        closed.countDown();
                        return null;
                    }
                };
        WebSocket socket =
                http.newWebSocketBuilder()
                        .subprotocols("tinysync.v1")
                        .buildAsync(URI.create(server.said("wake")), ears)
                        .join();
        socket.sendText(text, true).join();
        closed.await();
    }

    private void everyKindOfAnswer(String device, String admin) throws Exception {
        String code = invite.substring(invite.indexOf('#') + 1);
        String id = "00000000-0000-4000-8000-000000000001";
        String newcomer =
                "{\"device_id\":\"%s\",\"secret_sha256\":\"%s\",\"display_name\":\"x\",\"invite\":\"%s\""
                        .formatted(id, "0".repeat(64), code);
        assertEquals(200, ask("GET", "/v1/me", device, ""));
        assertEquals(200, ask("GET", "/v1/groups", admin, ""));
        assertEquals(200, ask("GET", "/v1/me?token=" + device, device, ""));
        assertEquals(200, ask("GET", "/metrics", "", ""));
        assertEquals(400, ask("GET", "/v1/me?token=" + device + "&token=" + device, device, ""));
        assertEquals(400, ask("POST", "/v1/devices", "", newcomer));
        assertEquals(400, ask("POST", "/v1/devices", "", newcomer + ",\"invite\":\"" + code + "\"}"));
        assertEquals(400, ask("POST", "/v1/session", device, "{\"new\":\"" + device + "\"}"));
        assertEquals(401, ask("GET", "/v1/me", device + "0", ""));
        assertEquals(401, ask("POST", "/v1/devices", "", newcomer.replace(code, code + "0") + "}"));
        assertEquals(403, ask("GET", "/v1/me", admin, ""));
        assertEquals(404, ask("GET", "/v1/" + device, device, ""));
        assertEquals(404, ask("GET", "/v1/vaults/" + admin, admin, ""));
        assertEquals(404, ask("POST", "/v1/invites", device, "{\"group\":\"" + code + "\"}"));
        assertEquals(405, ask("PATCH", "/v1/me", device, ""));
        wake("{\"type\":\"auth\",\"token\":\"" + device + "x\",\"instance\":\"y\"}");
        wake("{\"type\":\"auth\",\"token\":\"" + admin + "\",\"instance\":\"" + id + "\"}");
        // What the server cannot do without: a fault of its own, with the secret in its hands.
        Files.delete(base.resolve("data/tmp"));
        String large = newcomer + ",\"note\":\"" + "x".repeat(60_000) + "\"}";
        assertEquals(500, ask("POST", "/v1/devices", "", large));
        assertTrue(server.log().contains("Exception"), "the log tells of the fault");
    }

    private void everyKindOfCommand(String identity, String admin) throws Exception {
        Path token = Files.writeString(base.resolve("token"), admin + "x");
        String url = server.said("ready");
        said.add(run(0, "status", "--json", "--home", home()));
        said.add(run(0, "admin", "device", "list", "--json", "--data", data()));
        said.add(run(1, "admin", "device", "list", "--json", "--server", url, "--token-file", token.toString()));
        Files.writeString(token, "tsadm_" + "0".repeat(64));
        said.add(run(5, "admin", "device", "list", "--json", "--server", url, "--token-file", token.toString()));
        Files.writeString(token, invite + "0");
        said.add(run(1, "register", "--json", "--home", base.resolve("none").toString(), "--invite", token.toString()));
        Path broken = Files.createDirectory(base.resolve("broken"));
        Files.writeString(broken.resolve("identity.json"), identity.substring(1));
        said.add(run(1, "status", "--json", "--home", broken.toString()));
        Files.writeString(broken.resolve("identity.json"), identity.replace("tsdev_", "tsdev"));
        said.add(run(1, "client", "--home", broken.toString()));
    }

    @Test
    void secretsAreInTheirFilesAndNowhereElseAndThoseAreNobodyElses() throws Exception {
        String identity = Files.readString(base.resolve("home/identity.json"));
        String admin = Files.readString(base.resolve("data/admin.token")).strip();
        Matcher device = SECRET.matcher(identity);
        assertTrue(device.find());
        Files.writeString(base.resolve("folder/a.txt"), "content");
        said.add(run(0, "sync-once", "--home", home()));
        String minted = run(0, "invite", "--home", home());
        everyKindOfCommand(identity, admin);
        everyKindOfAnswer(device.group(), admin);
        Map<String, String> places = places();
        assertTrue(places.get("server log").contains("tinysync"), "it logs");
        assertTrue(places.get("client log").contains("FINER"), "it logs all");
        PrivateKey key = tlsKey();
        Map<String, String> secrets =
                Map.of(
                        "device secret", secret(identity),
                        "admin secret", secret(admin),
                        "first invite", secret(invite),
                        "second invite", secret(minted),
                        "what the device registered with", Hash.of(secret(identity).getBytes(ISO_8859_1)).hex(),
                        "TLS key", "%064x".formatted(((ECPrivateKey) key).getS()),
                        "TLS key as others write it", HexFormat.of().formatHex(key.getEncoded()),
                        "file of the TLS key", HexFormat.of().formatHex(Files.readAllBytes(keyFile())));
        assertTrue(places.remove(base.resolve("home/identity.json").toString()).contains(secret(identity)));
        assertTrue(places.remove(base.resolve("data/admin.token").toString()).contains(secret(admin)));
        assertFalse(places.remove(keyFile().toString()).isEmpty());
        secrets.forEach((what, secret) -> places.forEach((where, text) -> mustNotTell(what, secret, where, text)));
        assertEquals(List.of(), List.copyOf(open), "open to others, if only for a moment");
    }

    private Path keyFile() {
        return base.resolve("data of tls/tls/key.p12");
    }

    private PrivateKey tlsKey() throws Exception {
        // The password is in the source: the file's mode is what protects it.
        char[] password = "no secret: see the folder's mode".toCharArray();
        KeyStore store = KeyStore.getInstance(keyFile().toFile(), password);
        return (PrivateKey) store.getKey("tinysync", password);
    }

    private static void mustNotTell(String what, String secret, String where, String text) {
        byte[] bytes = HexFormat.of().parseHex(secret);
        assertFalse(text.contains(secret), () -> what + " is in " + where);
        assertFalse(text.contains(new String(bytes, ISO_8859_1)), () -> what + " in " + where);
        assertFalse(text.contains(Base64.getEncoder().encodeToString(bytes)), () -> what + " in " + where);
    }

    /** Everything that somebody else might come to see, by where it is. */
    private Map<String, String> places() throws IOException {
        Map<String, String> places = new TreeMap<>();
        for (String root : List.of(data(), tls(), home())) {
            for (Path one : all(Path.of(root))) {
                if (Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)) {
                    places.put(one.toString(), Files.readString(one, ISO_8859_1));
                }
            }
        }
        places.put("server log", server.log());
        places.put("TLS log", overTls.log());
        places.put("client log", client.log());
        for (Program program : List.of(server, overTls, client)) {
            for (String file : List.of("cmdline", "environ")) {
                Path of = Path.of("/proc", Long.toString(program.pid()), file);
                String text = Files.readString(of, ISO_8859_1);
                assertNotEquals("", text);
                places.put(of.toString(), text);
            }
        }
        for (int i = 0; i < said.size(); i++) {
            places.put(
                    "answer " + i + ": " + said.get(i).substring(0, Math.min(60, said.get(i).length())), said.get(i));
        }
        return places;
    }
}
