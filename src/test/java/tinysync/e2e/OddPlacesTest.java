package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Environments that nobody meant: each ends with one sentence that says what is wrong, and nothing worse. */
class OddPlacesTest {
    @TempDir Path base;

    /** One line on stderr that names the place or the cure, and no stack trace. */
    private static void refusedClearly(Jar.Result result, String word) {
        assertEquals(1, result.exit(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("tinysync: ") && result.err().contains(word), result.err());
        assertFalse(result.err().contains("Exception"), result.err());
    }

    private static Jar.Result run(Map<String, String> environment, String... arguments) {
        ProcessBuilder command = Jar.process(arguments);
        command.environment().clear();
        command.environment().putAll(environment);
        return Jar.run(command);
    }

    @Test
    void withoutAnEnvironmentTheHomeIsTheAccounts() {
        refusedClearly(run(Map.of(), "status"), "has not joined");
    }

    @Test
    void aHomeThatIsNoPathIsIgnored() {
        Map<String, String> odd = Map.of("HOME", "", "XDG_DATA_HOME", "relative", "XDG_RUNTIME_DIR", "/nowhere");
        refusedClearly(run(odd, "status"), "has not joined");
        assertFalse(Files.exists(Path.of("relative")));
    }

    @Test
    void aHomeThatIsReadOnlyIsNamed() throws IOException {
        Path home = Files.createDirectory(base.resolve("home"));
        ProcessBuilder inside = Jar.process("client", "--home", home.toString());
        List<String> caged = new ArrayList<>(List.of("bwrap", "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev"));
        caged.addAll(inside.command());
        refusedClearly(Jar.run(inside.command(caged)), "Read-only file system");
    }

    @Test
    void aHomeThatIsAFileIsNamed() throws IOException {
        Path file = Files.createFile(base.resolve("file"));
        refusedClearly(Jar.run("client", "--home", file.toString()), file.toString());
    }

    /** Packages, and people, replace a jar by renaming a new one over it. What runs goes on with the old one. */
    @Test
    void aDaemonGoesOnWhenItsJarIsReplaced() throws IOException {
        Path jar = Files.copy(Path.of(System.getProperty("tinysync.jar")), base.resolve("own.jar"));
        try (Drive drive = new Drive(base.resolve("drive"))) {
            Device device = drive.join("a");
            ProcessBuilder command = Jar.process("client", "--home", device.homePath().toString());
            command.command()
                    .replaceAll(word -> word.equals(System.getProperty("tinysync.jar")) ? jar.toString() : word);
            try (Program client = Program.start(base.resolve("client.log"), command)) {
                device.sync();
                Path next = Files.writeString(base.resolve("next.jar"), "of another version");
                Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(device.folder().resolve("small.txt"), "small");
                Files.write(device.folder().resolve("large.bin"), new byte[3_000_000]);
                device.sync();
                for (String ask : List.of("status", "events", "conflicts", "pause", "resume")) {
                    device.run(ask).mustSucceed();
                }
                assertFalse(client.log().contains("NoClassDefFoundError"), client.log());
                assertEquals(0, client.stop());
            }
        }
    }
}
