package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client in another language, which shares no code with ours, speaks to the real server. */
class FormatsTest {
    @TempDir Path base;

    @Test
    void aForeignClientFindsEveryFormatAsPromised() throws IOException, InterruptedException {
        Path script = base.resolve("formats_client.py");
        try (InputStream in = FormatsTest.class.getResourceAsStream("formats_client.py")) {
            Files.copy(in, script);
        }
        try (Drive drive = new Drive(base)) {
            Process client =
                    new ProcessBuilder("python3", script.toString(), drive.invite()).redirectErrorStream(true).start();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            client.waitFor(1, TimeUnit.MINUTES);
            assertEquals("all as promised", said.strip());
        }
    }
}
