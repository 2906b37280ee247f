package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Progress on a real terminal: a pseudo-terminal of {@code script} from util-linux. */
class ScreenTest {
    private static final String REWRITE = "\r\033[K";

    @TempDir Path base;

    /** All that a terminal of so many columns got to see of a command. */
    private String watched(int columns, String kind, String... arguments) {
        Path seen = base.resolve("seen");
        String command =
                "stty cols "
                        + columns
                        + " && exec "
                        + String.join(
                                " ", Jar.process(arguments).command().stream().map(word -> "'" + word + "'").toList());
        ProcessBuilder script = new ProcessBuilder(List.of("script", "-qec", command, seen.toString()));
        script.environment().put("TERM", kind);
        script.environment().remove("TINYSYNC_HOME");
        Jar.run(script).mustSucceed();
        try {
            return Files.readString(seen);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aTerminalSeesOneLineAndAPipeNone() throws IOException {
        Path file = base.resolve("a-name-that-is-quite-long.bin");
        Files.write(file, new byte[3_000_000]);
        try (Drive drive = new Drive(base)) {
            Device a = drive.join("a");
            String home = base.resolve("a/home").toString();
            String[] put = {"put", file.toString(), "main:/", "--home", home};
            String wide = watched(80, "xterm", put);
            assertTrue(wide.contains(REWRITE + "put  0 B of 2.9 MiB  a-name-that-is-quite-long.bin"), wide);
            String narrow = watched(20, "xterm", put);
            assertTrue(narrow.contains(REWRITE + "put  0 B of 2.9 MiB" + REWRITE), narrow);
            assertFalse(watched(80, "dumb", put).contains("\r\033"), "a dumb terminal cannot rewrite a line");
            Jar.Result piped = a.run("put", file.toString(), "main:/").mustSucceed();
            assertEquals("", piped.out() + piped.err());
        }
    }
}
