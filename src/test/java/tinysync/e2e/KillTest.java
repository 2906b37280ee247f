package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * {@code kill -9} of server and clients at random moments while files are written: afterwards everything is there,
 * equal on both devices, and no conflict copy was made where nobody disagreed.
 */
class KillTest {
    private static final int FILES = 1_500;
    private static final int ROUNDS = 20;
    private static final long SEED = Long.getLong("tinysync.seed", 20261121L);

    @TempDir Path base;

    private final Random random = new Random(SEED);
    private final Map<String, String> written = new TreeMap<>();
    private Drive drive;
    private Device a;
    private Device b;

    @BeforeEach
    void start() {
        drive = new Drive(base);
        a = drive.join("a").start();
        b = drive.join("b").start();
    }

    @AfterEach
    void stop() {
        drive.close();
    }

    @Test
    void nothingIsLostWhenAnyPartyIsKilledAtAnyMoment() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            int moment = random.nextInt(FILES / ROUNDS);
            for (int n = 0; n < FILES / ROUNDS; n++) {
                write(round, n);
                if (n == moment) {
                    killSomebody();
                }
            }
        }
        drive.mustConverge("with seed " + SEED);
        assertEquals(written, texts(b.folder()), "what was written, seed " + SEED);
    }

    /** Each device has folders of its own, so that nobody disagrees with anybody. */
    private void write(int round, int n) throws IOException {
        Device writer = random.nextBoolean() ? a : b;
        String folder = (writer == a ? "a/" : "b/") + "folder " + random.nextInt(10);
        String path = folder + "/" + random.nextInt(FILES / 2) + ".txt";
        String text = "round " + round + " file " + n + "\n" + "x".repeat(random.nextInt(4_000));
        Path file = writer.folder().resolve(path);
        Files.createDirectories(file.getParent());
        if (random.nextInt(3) == 0) {
            // Editors save so: a temporary file, renamed over the old one.
            Path temporary = file.resolveSibling(".~" + file.getFileName());
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        }
        written.put(path, text);
    }

    private void killSomebody() {
        switch (random.nextInt(3)) {
            case 0 -> {
                drive.server().kill();
                drive.startServer();
            }
            case 1 -> {
                a.kill();
                a.start();
            }
            default -> {
                b.kill();
                b.start();
            }
        }
    }

    private static Map<String, String> texts(Path root) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (var all = Files.walk(root)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(path).toString();
                if (!name.startsWith(".tinysync/")) {
                    texts.put(name, Files.readString(path, StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }
}
