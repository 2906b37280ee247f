package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

class ProgressTest {
    private static final int MEGA = 1 << 20;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long now = 1;

    private Progress progress(OptionalInt columns) {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        () -> columns);
        return new Progress(terminal, "put", () -> now);
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    /** What the line shows now. */
    private String line() {
        String all = err.toString(StandardCharsets.UTF_8);
        return all.substring(all.lastIndexOf("\r\033[K") + 4);
    }

    @Test
    void theLineTellsWhatIsDoneHowFastAndHowLongTheRestTakes() {
        Progress progress = progress(OptionalInt.of(80));
        progress.expect(3, 100 * MEGA);
        progress.next("a.bin", 60 * MEGA);
        assertEquals("put  1 of 3, 0 B of 100.0 MiB  a.bin", line());
        pass(2_000);
        progress.at(20 * MEGA);
        assertEquals("put  1 of 3, 20.0 MiB of 100.0 MiB, 10.0 MiB/s, 8 s left  a.bin", line());
        pass(1_000);
        progress.next("b.bin", 40 * MEGA);
        assertEquals("put  2 of 3, 60.0 MiB of 100.0 MiB, 20.0 MiB/s, 2 s left  b.bin", line());
        progress.close();
        assertEquals("", line());
    }

    @Test
    void aPauseShowsInTheRate() {
        Progress progress = progress(OptionalInt.of(80));
        progress.next("a.bin", 0);
        pass(1_000);
        progress.at(50 * MEGA);
        pass(10_000);
        progress.at(50 * MEGA);
        assertEquals("put  50.0 MiB  a.bin", line());
    }

    @Test
    void itIsRewrittenCalmly() {
        Progress progress = progress(OptionalInt.of(80));
        progress.next("a.bin", 10);
        pass(99);
        progress.at(5);
        assertTrue(line().contains("0 B"), line());
        pass(1);
        progress.at(6);
        assertTrue(line().contains("6 B"), line());
    }

    @Test
    void aNarrowScreenIsNeverOverrun() {
        Progress progress = progress(OptionalInt.of(12));
        progress.next("a.bin", 10);
        assertEquals("put  0 B  a", line());
        assertEquals("日本", Progress.cut("日本語", 5));
        assertEquals("e\u0301e\u0301", Progress.cut("e\u0301e\u0301e\u0301", 2));
    }

    @Test
    void whereNobodyWatchesNothingIsWritten() {
        Progress progress = progress(OptionalInt.empty());
        assertFalse(progress.isWatched());
        progress.next("a.bin", 10);
        pass(5_000);
        progress.at(10);
        progress.say("more");
        progress.close();
        assertEquals(0, err.size());
    }

    @Test
    void theRestIsToldAsWellAsItIsKnown() {
        assertEquals("1 s left", Progress.rest(1, 100));
        assertEquals("59 s left", Progress.rest(59, 1));
        assertEquals("1 min 20 s left", Progress.rest(80, 1));
        assertEquals("12 min left", Progress.rest(750, 1));
        assertEquals("2 h left", Progress.rest(7_300, 1));
        assertEquals("3 s left", Progress.rest(3, 0));
    }

    @Test
    void namesDoNotSteerTheTerminal() {
        Progress progress = progress(OptionalInt.of(80));
        progress.next("a\033[2Jb", 10);
        assertEquals("put  0 B  a?[2Jb", line());
    }
}
