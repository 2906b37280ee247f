package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A disk with a device on it is copied, and both copies are used. The time limit ends a test that would hang, and one
 * where a copy is noticed only at the next look around, which comes once a minute.
 */
@Timeout(55)
class ClonedDeviceTest extends AtServer {
    private Path folder;

    @BeforeEach
    void join() throws Exception {
        folder = temp.resolve("folder");
        join(folder, Optional.empty());
        Files.writeString(folder.resolve("shared.txt"), "as it was");
        SyncOnce.run(home, Optional.empty(), Optional.empty(), "test", Map.of());
    }

    private static Daemon start(Home of) throws Exception {
        Daemon daemon = Daemon.start(of, HoldLimit.DEFAULT, "test");
        daemon.openSocket(Map.of());
        return daemon;
    }

    /** Everything but what is of one run only; the folder is another one, as it were on another disk. */
    private Home copy() throws IOException {
        copy(temp.resolve("folder"), temp.resolve("folder 2"));
        copy(temp.resolve("home/vaults"), temp.resolve("home 2/vaults"));
        String identity = Files.readString(temp.resolve("home/identity.json"));
        Files.writeString(
                temp.resolve("home 2/identity.json"),
                identity.replace(folder.toString(), temp.resolve("folder 2").toString()));
        return Home.open(temp.resolve("home 2"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** The contents of a folder by name. */
    private static Map<String, String> files(Path of) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(of)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static void sync(Home of) throws IOException {
        try (IpcClient client = IpcClient.connect(of.path(), "test").orElseThrow()) {
            assertEquals("synced", client.call("sync", new JsonObject()).getString("outcome", ""));
        }
    }

    /** Once both folders show the same. */
    private Map<String, String> agreed(Home one, Home two) throws IOException {
        Map<String, String> here = Map.of();
        Map<String, String> there = Map.of("nothing", "yet");
        while (!here.equals(there)) {
            sync(one);
            sync(two);
            here = files(folder);
            there = files(temp.resolve("folder 2"));
        }
        return here;
    }

    private List<String> contents(Map<String, String> files) {
        return files.values().stream().sorted().toList();
    }

    private static String device(Home of) throws IOException {
        return of.identities().getFirst().device().toString();
    }

    private int devices() throws Exception {
        try (ServerApi api = operator()) {
            return api.call("GET", "/v1/devices", Optional.empty()).get("devices").asArray().size();
        }
    }

    @Test
    void ofTwoCopiesTheSecondBecomesADeviceOfItsOwn() throws Exception {
        Files.writeString(folder.resolve("unsent.txt"), "in both copies");
        Home second = copy();
        Files.writeString(folder.resolve("shared.txt"), "edited here");
        Files.writeString(temp.resolve("folder 2/shared.txt"), "edited there");
        String before = device(home);
        try (Daemon _ = start(home)) {
            sync(home);
            try (Daemon _ = start(second)) {
                Files.writeString(folder.resolve("one.txt"), "one");
                Files.writeString(temp.resolve("folder 2/two.txt"), "two");
                Map<String, String> all = agreed(home, second);
                assertEquals(List.of("edited here", "edited there", "in both copies", "one", "two"), contents(all));
            }
        }
        assertEquals(before, device(home));
        assertNotEquals(before, device(second));
        assertEquals(2, devices());
        SyncOnce.run(second, Optional.empty(), Optional.empty(), "test", Map.of());
        assertEquals(2, devices(), "one that has its own identity keeps it");
    }

    @Test
    void whoRunsWhileItsCopyStartsBecomesADeviceOfItsOwn() throws Exception {
        String before;
        Home second;
        try (Daemon _ = start(home)) {
            sync(home);
            before = device(home);
            second = copy();
            try (Daemon _ = start(second)) {
                sync(second);
                Files.writeString(folder.resolve("one.txt"), "one");
                Files.writeString(temp.resolve("folder 2/two.txt"), "two");
                Map<String, String> all = agreed(home, second);
                assertEquals(List.of("as it was", "one", "two"), contents(all));
            }
        }
        assertEquals(before, device(second));
        assertNotEquals(before, device(home));
        assertEquals(2, devices());
    }
}
