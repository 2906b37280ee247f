package tinysync.hostile;

import com.eclipsesource.json.JsonObject;

import tinysync.client.ipc.IpcClient;
import tinysync.e2e.FolderTree;
import tinysync.e2e.Jar;
import tinysync.e2e.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A device whose daemon runs in a cage, with 64 MiB of heap: all of the system is read-only to it but its folder, its
 * home and {@link #outside}, which is writable, so that a file written there by mistake is found, and one anywhere else
 * is an error.
 */
final class CagedDevice implements AutoCloseable {
    private static final String CANARY = "nobody may touch this\n";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Path base;
    private Program daemon;

    /** Joins and starts; {@code base} is the test's own folder. */
    CagedDevice(Path base, String invite) throws IOException {
        this.base = base;
        Files.createDirectories(outside());
        Files.writeString(outside().resolve("canary.txt"), CANARY);
        Jar.run("--home", home().toString(), "join", invite, "--name", "caged", "--folder", folder().toString())
                .mustSucceed();
        start();
    }

    void start() {
        List<String> command = new ArrayList<>(List.of("bwrap", "--die-with-parent", "--ro-bind", "/", "/"));
        command.addAll(List.of("--dev-bind", "/dev", "/dev", "--tmpfs", "/tmp"));
        String jar = System.getProperty("tinysync.jar");
        command.addAll(List.of("--ro-bind", jar, jar));
        for (Path own : List.of(folder(), home(), outside())) {
            command.addAll(List.of("--bind", own.toString(), own.toString()));
        }
        List<String> java = Jar.process("client", "--home", home().toString()).command();
        command.add(java.getFirst());
        command.add("-Xmx64m");
        command.addAll(java.subList(1, java.size()));
        daemon = Program.start(base.resolve("client.log"), new ProcessBuilder(command));
    }

    /** The cage ends with the daemon in it. */
    void restart() {
        stop();
        start();
    }

    void stop() {
        daemon.stopInner();
    }

    Path folder() {
        return base.resolve("folder");
    }

    Path home() {
        return base.resolve("home");
    }

    /** A folder that the daemon could write to, and never should. */
    Path outside() {
        return base.resolve("outside");
    }

    FolderTree tree() {
        return FolderTree.of(folder());
    }

    String log() {
        return daemon.log();
    }

    boolean isAlive() {
        return daemon.isAlive();
    }

    /** True while the folder outside is as it was. */
    boolean isOutsideUntouched() throws IOException {
        try (var files = Files.list(outside())) {
            return files.count() == 1 && Files.readString(outside().resolve("canary.txt")).equals(CANARY);
        }
    }

    JsonObject call(String op) throws IOException {
        try (IpcClient client = connect()) {
            return client.call(op, new JsonObject());
        }
    }

    private IpcClient connect() throws IOException {
        return IpcClient.connect(home(), "test").orElseThrow(() -> new IOException("no daemon: " + log()));
    }

    /** Waits until {@code status} says what is expected of the one folder. */
    JsonObject await(Predicate<JsonObject> expected) throws IOException {
        try (IpcClient client = connect()) {
            while (true) {
                JsonObject status = client.call("status", new JsonObject());
                JsonObject folder = status.get("attachments").asArray().get(0).asObject();
                if (expected.test(folder)) {
                    return folder;
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    @Override
    public void close() {
        daemon.close();
    }
}
