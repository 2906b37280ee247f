package tinysync.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tinysync.client.remote.FakeWake;
import tinysync.content.Hash;
import tinysync.e2e.FolderTree;
import tinysync.hostile.LyingServer.Lie;
import tinysync.hostile.LyingServer.Said;
import tinysync.server.RunningServer;
import tinysync.tree.Mutation;
import tinysync.wire.BundleEvent;
import tinysync.wire.BundleReader;
import tinysync.wire.SmallContent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One device in its cage, and a server that lies to it in one way after the other. After each lie the folder is as it
 * was byte by byte, nothing outside was touched, {@code status} tells what is wrong; and with a server that is honest
 * again all is well. The time limit only ends a test that would hang.
 */
@Timeout(120)
class HostileServerTest {
    @TempDir static Path base;

    private static final Forger forger = new Forger();
    private static final Map<String, String> ids = new HashMap<>();
    private static RunningServer real;
    private static RunningServer.Device peer;
    private static LyingServer server;
    private static CagedDevice device;
    private static int pokes;

    private FolderTree before;

    @BeforeAll
    static void join() throws Exception {
        real = RunningServer.start(base.resolve("data"));
        server = new LyingServer(real);
        peer = real.join("peer");
        ids.put("root", peer.root());
        commit(peer.folder("docs"));
        commit(put("docs", "b.txt", "bee"));
        commit(put("root", "a.txt", "aye"));
        JsonObject everyone = new JsonObject().add("group", "everyone");
        String invite = real.send("POST", "/v1/invites", real.adminToken(), everyone).json().getString("invite", "");
        device = new CagedDevice(base.resolve("device"), server.url() + invite.substring(invite.indexOf("/join#")));
        device.await(HostileServerTest::isSynced);
    }

    @AfterAll
    static void end() {
        Stream.of(device, server, real).filter(Objects::nonNull).forEach(HostileServerTest::close);
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @BeforeEach
    void remember() throws IOException {
        before = device.tree();
    }

    /** The server is honest again: what was there is there, and what comes comes. */
    @AfterEach
    void findsBack() throws Exception {
        server.beHonest();
        assertEquals(Optional.empty(), server.fault());
        String last = poke();
        device.call("rescan");
        device.await(status -> isSynced(status) && Files.exists(device.folder().resolve(last)));
        assertEquals(Optional.empty(), differenceWithoutPokes(before, device.tree()));
        assertTrue(device.isOutsideUntouched());
        assertFalse(device.log().contains("Read-only file system"), device.log());
    }

    private static Optional<String> differenceWithoutPokes(FolderTree a, FolderTree b) {
        return withoutPokes(a).differenceTo(withoutPokes(b));
    }

    private static FolderTree withoutPokes(FolderTree tree) {
        Map<String, String> rest = new TreeMap<>(tree.entries());
        rest.keySet().removeIf(name -> name.startsWith("poke-"));
        return new FolderTree(rest);
    }

    // What another device does, honestly.

    private static void commit(JsonObject mutation) throws Exception {
        RunningServer.Answer answer = peer.commit(mutation);
        JsonObject result = answer.lines().getFirst();
        assertEquals("applied", result.getString("result", ""), answer.text());
        ids.put(mutation.getString("name", ""), mutation.getString("item", ""));
    }

    private static JsonObject put(String parent, String name, String text) throws Exception {
        byte[] bytes = text.getBytes(UTF_8);
        String hash = Hash.of(bytes).hex();
        peer.put(peer.at("/content/" + hash), bytes);
        return peer.folder(name)
                .set("op", "put_file")
                .set("parent", ids.get(parent))
                .add("content", new JsonObject().add("alg", "sha256").add("id", hash).add("size", bytes.length));
    }

    /** Makes the client look: answers the name of a file that is new at the server. */
    private static String poke() throws Exception {
        String name = "poke-" + pokes++;
        commit(put("root", name, name));
        return name;
    }

    // What status says.

    private static boolean isSynced(JsonObject status) {
        return status.getString("state", "").equals("synced") && status.getInt("parked_total", -1) == 0;
    }

    private static Predicate<JsonObject> parked(String path, String code) {
        return status ->
                status.get("parked").asArray().values().stream()
                        .map(JsonValue::asObject)
                        .anyMatch(
                                one ->
                                        one.getString("path", "-").equals(path)
                                                && one.getString("code", "").equals(code));
    }

    private static Predicate<JsonObject> vault(String code) {
        return parked("", code);
    }

    // Lies in the log.

    /** A log that goes on with what is not there, and what is said of it. */
    record Story(String name, Predicate<JsonObject> report, JsonObject... items) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Story inconsistent(String name, JsonObject... items) {
        return new Story(name, vault("server_inconsistent"), items);
    }

    private static Story garbled(String name, JsonObject... items) {
        return new Story(name, vault("bad_answer"), items);
    }

    private static JsonObject dead(JsonObject item) {
        return item.set("deleted", true);
    }

    private static JsonObject without(JsonObject item, String member) {
        return item.remove(member);
    }

    static Stream<Story> stories() {
        String root = ids.get("root");
        String docs = ids.get("docs");
        String file = ids.get("a.txt");
        String link = forger.id();
        String one = forger.id();
        String two = forger.id();
        return Stream.of(
                inconsistent("an orphan", Forger.file(forger.id(), forger.id(), "orphan", "x")),
                inconsistent("a child of a file", Forger.file(forger.id(), file, "child", "x")),
                inconsistent(
                        "a child of a symlink that leads out",
                        Forger.symlink(link, root, "link", device.outside().toString()),
                        Forger.file(forger.id(), link, "canary.txt", "evil")),
                inconsistent(
                        "a child of a file that comes with it",
                        Forger.file(two, root, "two", "x"),
                        Forger.folder(forger.id(), two, "child")),
                inconsistent(
                        "a ring",
                        Forger.folder(one, root, "one"),
                        Forger.folder(docs, one, "docs"),
                        Forger.folder(one, docs, "one")),
                inconsistent("a folder in itself", Forger.folder(docs, docs, "docs")),
                inconsistent("the root in a folder", Forger.folder(root, docs, "root")),
                inconsistent("no root", dead(without(Forger.folder(root, docs, ""), "parent"))),
                inconsistent("no root where it never was", dead(Forger.folder(root, docs, "root"))),
                inconsistent("a second root", without(Forger.folder(forger.id(), docs, ""), "parent")),
                inconsistent("a file that becomes a folder", Forger.folder(file, root, "a.txt")),
                inconsistent("a folder that becomes a file", Forger.file(docs, root, "docs", "bee")),
                inconsistent("a file that becomes a symlink", Forger.symlink(file, root, "a.txt", "/etc/passwd")),
                inconsistent(
                        "two of one name",
                        Forger.folder(forger.id(), root, "same"),
                        Forger.folder(forger.id(), root, "same")),
                inconsistent(
                        "two that differ by case",
                        Forger.folder(forger.id(), root, "case"),
                        Forger.folder(forger.id(), root, "CASE")),
                inconsistent("our own folder", Forger.folder(forger.id(), root, ".tinysync")),
                inconsistent("our own folder in capitals", Forger.folder(forger.id(), root, ".TINYSYNC")),
                garbled("a name that leads up", Forger.file(forger.id(), docs, "..", "x")),
                garbled("a path for a name", Forger.file(forger.id(), root, "../outside/canary.txt", "evil")),
                garbled("an absolute name", Forger.file(forger.id(), root, device.outside() + "/canary.txt", "evil")),
                garbled("a mode that sets the user", Forger.file(forger.id(), root, "su", "x").set("mode", "4755")),
                new Story(
                        "a petabyte",
                        parked("petabyte", "not_found"),
                        Forger.file(forger.id(), root, "petabyte", "0".repeat(64), 1L << 50)));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void aStoryIsNotBelieved(Story story) throws Exception {
        tell(story.items());
        poke();
        device.await(story.report());
        assertEquals(Optional.empty(), differenceWithoutPokes(before, device.tree()));
    }

    /**
     * The log goes on with these, and stays there: of a place that was forged, the real server would say that it is
     * none.
     */
    private static void tell(JsonObject... items) {
        AtomicReference<JsonObject> told = new AtomicReference<>();
        server.lie(
                (asked, truth) -> {
                    if (!asked.is("GET", "/log")) {
                        return Optional.empty();
                    }
                    JsonObject page = truth.json();
                    if (page.get("events") != null && !page.get("events").asArray().isEmpty()) {
                        told.set(forger.extend(page, items));
                        return Optional.of(Said.json(told.get()));
                    }
                    return Optional.ofNullable(told.get())
                            .map(before -> Said.json(Forger.copy(before).set("events", new JsonArray())));
                });
    }

    // Names that look dangerous and are only names.

    @Test
    void namesThatLeadNowhereAreOnlyNames() throws Exception {
        String[] names = {
            "%2e%2e", "..\\..\\x", "C:\\x", "\\etc\\passwd", "...", "-rf", "a\nb", "~", "$HOME", "\u202Etxt"
        };
        for (String name : names) {
            commit(put("root", name, name));
        }
        String last = poke();
        device.await(status -> isSynced(status) && Files.exists(device.folder().resolve(last)));
        for (String name : names) {
            assertEquals(name, Files.readString(device.folder().resolve(name)));
        }
        assertTrue(device.isOutsideUntouched());
        before = device.tree();
    }

    @Test
    void noModeGivesOthersMoreThanThisDeviceWould() throws Exception {
        commit(put("root", "open.sh", "x").add("mode", "777"));
        Path file = device.folder().resolve("open.sh");
        device.await(status -> isSynced(status) && Files.exists(file));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        before = device.tree();
    }

    // Content.

    private static final int LARGE = 100_000;

    private static Lie about(String part, Function<byte[], Said> change) {
        return (asked, truth) ->
                asked.path().contains(part) ? Optional.of(change.apply(truth.get())) : Optional.empty();
    }

    private static Said bytes(byte[] bytes) {
        return Said.of(200, "application/octet-stream", bytes);
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[bytes.length / 2] ^= 1;
        return flipped;
    }

    /** A large file comes, and its content is not what it should be; the right one comes later. */
    private void contentLie(String name, Lie lie) throws Exception {
        byte[] bytes = RunningServer.noise(LARGE + pokes);
        server.lie(lie);
        String text = new String(bytes, ISO_8859_1);
        commit(put("root", name, text));
        while (server.liesTold() < 3) {
            Thread.onSpinWait();
        }
        assertFalse(Files.exists(device.folder().resolve(name)), "nothing wrong is ever shown");
        server.beHonest();
        device.await(status -> isSynced(status) && Files.exists(device.folder().resolve(name)));
        assertEquals(text, Files.readString(device.folder().resolve(name)));
        before = device.tree();
    }

    @Test
    void otherBytesAreNeverShown() throws Exception {
        contentLie("other", about("/content/", truth -> bytes(flipped(truth))));
    }

    @Test
    void contentThatIsTooShortIsNeverShown() throws Exception {
        contentLie("short", about("/content/", truth -> bytes(Arrays.copyOf(truth, truth.length / 2))));
    }

    @Test
    void contentThatIsTooLongIsNeverShown() throws Exception {
        contentLie("long", about("/content/", truth -> bytes(Arrays.copyOf(truth, truth.length + 1))));
    }

    @Test
    void contentWithoutAnEndIsNotReadToIt() throws Exception {
        contentLie(
                "endless",
                about(
                        "/content/",
                        truth ->
                                new Said(
                                        200,
                                        Map.of("Content-Type", "application/octet-stream"),
                                        Optional.of(1L << 50),
                                        out -> {
                                            while (true) {
                                                out.write(truth);
                                            }
                                        })));
    }

    // Delete all.

    @Test
    void anEmptyVaultDeletesNothingUnasked() throws Exception {
        for (int i = 0; i < 120; i++) {
            Files.writeString(device.folder().resolve("docs/many-" + i), "mine " + i);
        }
        device.await(status -> isSynced(status) && status.getInt("items", 0) > 120);
        before = device.tree();
        tell(dead(Forger.folder(ids.get("docs"), ids.get("root"), "docs")));
        poke();
        JsonObject held = device.await(status -> status.get("held") != null).get("held").asObject();
        assertEquals("down", held.getString("direction", ""));
        assertEquals("mass_delete", held.getString("reason", ""));
        assertEquals(Optional.empty(), differenceWithoutPokes(before, device.tree()));
    }

    // Snapshots without an end.

    @Test
    void aBillionItemsAreNotWaitedFor() throws Exception {
        server.lie(
                (asked, truth) -> {
                    if (asked.is("GET", "/log")) {
                        return Optional.of(
                                Said.of(
                                        410,
                                        "application/json",
                                        "{\"error\":{\"code\":\"cursor_expired\",\"message\":\"gone\"}}"));
                    }
                    return asked.is("GET", "/snapshot") ? Optional.of(endlessPage(asked, truth)) : Optional.empty();
                });
        poke();
        device.await(vault("vault_too_large"));
        assertEquals(Optional.empty(), differenceWithoutPokes(before, device.tree()));
        assertTrue(device.isAlive());
    }

    /** Page after page of items that nobody made. */
    private static Said endlessPage(LyingServer.Asked asked, LyingServer.Truth truth) throws IOException {
        JsonObject head = Json.parse(new String(truth.get(), UTF_8).lines().findFirst().orElseThrow()).asObject();
        boolean known = asked.path().contains("page=");
        JsonObject snapshot = known ? firstPage.get("snapshot").asObject() : head.get("snapshot").asObject();
        firstPage = new JsonObject().add("snapshot", snapshot.set("items", 1_000_000_000L));
        StringBuilder page = new StringBuilder(firstPage + "\n");
        for (int i = 0; i < 2_000; i++) {
            page.append(Forger.folder(forger.id(), ids.get("root"), "n" + forger.id())).append('\n');
        }
        page.append(new JsonObject().add("page", "p" + forger.id())).append('\n');
        return Said.of(200, "application/x-ndjson", page.toString());
    }

    private static JsonObject firstPage = new JsonObject();

    // Answers to what this device sends.

    @Test
    void resultsThatLieLoseNothing() throws Exception {
        server.lie(
                (asked, truth) -> {
                    if (asked.is("POST", "/commit")) {
                        return Optional.of(appliedFarAway(asked));
                    }
                    return Optional.empty();
                });
        Files.writeString(device.folder().resolve("mine.txt"), "mine");
        while (server.liesTold() < 3) {
            Thread.onSpinWait();
        }
        assertEquals("mine", Files.readString(device.folder().resolve("mine.txt")));
        server.beHonest();
        device.await(HostileServerTest::isSynced);
        assertEquals(
                1, peer.get(peer.at("/children?parent=" + peer.root())).text().split("\"mine.txt\"", -1).length - 1);
        before = device.tree();
    }

    private static JsonObject applied(Mutation mutation, long seq) {
        String item = mutation instanceof Mutation.PutFile put ? put.item().toString() : forger.id();
        JsonObject view = Forger.at(seq, Forger.file(item, peer.root(), "mine.txt", "mine"));
        return new JsonObject()
                .add("op_id", mutation.opId().toString())
                .add("result", "applied")
                .add("seq", seq)
                .add("items", new JsonArray().add(view));
    }

    /** Says that all was applied, at a place of the log that never comes. */
    private static Said appliedFarAway(LyingServer.Asked asked) throws IOException {
        long seq = 1L << 52;
        StringBuilder lines = new StringBuilder();
        int count = 0;
        var reader = new BundleReader(new ByteArrayInputStream(asked.body()), 10_000);
        for (var event = reader.next(); event.isPresent(); event = reader.next()) {
            if (event.get() instanceof BundleEvent.Content(Mutation mutation, SmallContent _)) {
                lines.append(applied(mutation, seq)).append('\n');
                count++;
            }
        }
        JsonObject head = Forger.cursor(peer.root(), seq);
        lines.append(new JsonObject().add("end", new JsonObject().add("mutations", count).add("head", head)))
                .append('\n');
        return Said.of(200, "application/x-ndjson", lines.toString());
    }

    // Answers that are none.

    @Test
    void aServerThatSpeaksOnlyRubbishIsOffline() throws Exception {
        server.lie((asked, truth) -> Optional.of(Said.of(200, "text/html", "<html>log in</html>")));
        device.restart();
        device.await(status -> status.getString("state", "").equals("offline"));
        assertEquals(Optional.empty(), differenceWithoutPokes(before, device.tree()));
    }

    @Test
    void whatIsNoLogIsReportedUntilItIsOne() throws Exception {
        server.lie(
                (asked, truth) ->
                        asked.is("GET", "/log")
                                ? Optional.of(Said.of(200, "application/json", "[".repeat(1 << 20)))
                                : Optional.empty());
        poke();
        device.await(status -> status.getString("state", "").equals("error") && vault("bad_answer").test(status));
    }

    // A wake socket that means no good.

    @Test
    void aFloodOfHeadsIsSwallowedAndAHugeFrameEndsIt() throws Exception {
        try (FakeWake wake = new FakeWake()) {
            // While nobody runs who could connect there and then be ended.
            device.stop();
            server.wakeAt(Optional.of(wake.address()));
            device.start();
            wake.accept("tinysync.v1");
            wake.readText();
            wake.text("{\"type\":\"ready\",\"device\":\"" + peer.root() + "\"}");
            for (int i = 0; i < 20_000; i++) {
                String vault = i % 10 == 0 ? peer.vault() : forger.id();
                wake.text(
                        new JsonObject()
                                .add("type", i % 7 == 0 ? "moon" : "head")
                                .add("vault", vault)
                                .add("head", Forger.cursor(peer.root(), (1L << 53) - 1 - i))
                                .toString());
            }
            wake.text("x".repeat(60_000));
            assertThrows(IOException.class, wake::readText, "the client leaves");
            assertTrue(device.isAlive());
        } finally {
            server.wakeAt(Optional.empty());
        }
    }

    // A folder that is swapped while something is written below it.

    @Test
    void aFolderThatIsSwappedForALinkLeadsNowhere() throws Exception {
        commit(peer.folder("swapped"));
        Path folder = device.folder().resolve("swapped");
        device.await(status -> isSynced(status) && Files.exists(folder));
        Path aside = base.resolve("device/aside");
        Path link = Files.createSymbolicLink(base.resolve("device/link"), device.outside());
        for (int i = 0; i < 40; i++) {
            commit(put("swapped", "evil-" + i, "evil " + i));
        }
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(folder, aside, link, stop));
        for (int i = 40; i < 120; i++) {
            commit(put("swapped", "evil-" + i, "evil " + i));
        }
        stop.set(true);
        swapper.join();
        assertTrue(device.isOutsideUntouched(), () -> Arrays.toString(device.outside().toFile().list()));
        device.await(HostileServerTest::isSynced);
        assertTrue(device.isOutsideUntouched());
        before = device.tree();
    }

    /** Whatever the client makes of it meanwhile: what is not where it was is left alone. */
    private static void swap(Path folder, Path aside, Path link, AtomicBoolean stop) {
        while (!stop.get()) {
            move(folder, aside);
            move(link, folder);
            move(folder, link);
            move(aside, folder);
        }
    }

    private static void move(Path from, Path to) {
        boolean ready = Files.exists(from, LinkOption.NOFOLLOW_LINKS) && !Files.exists(to, LinkOption.NOFOLLOW_LINKS);
        if (ready && !from.toFile().renameTo(to.toFile())) {
            Thread.onSpinWait();
        }
    }
}
