package tinysync.cli;

import com.eclipsesource.json.JsonValue;

import tinysync.platform.Screen;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What a command reads from and writes to. Text is UTF-8 both ways, whatever the locale. That the output cannot be
 * written (a full disk, a reader that went away) is an IOException: a command that was not heard has failed.
 *
 * @param columns how wide the screen is on which a person watches, so that progress may rewrite its line; empty where
 *     nobody does, or the screen cannot rewrite a line
 */
record Terminal(
        InputStream in,
        OutputStream out,
        PrintStream err,
        Map<String, String> environment,
        Supplier<OptionalInt> columns) {
    private static final int USUAL_COLUMNS = 80;

    Terminal {
        Objects.requireNonNull(in);
        Objects.requireNonNull(out);
        Objects.requireNonNull(err);
        environment = Map.copyOf(environment);
        Objects.requireNonNull(columns);
    }

    /** That of this process. */
    static Terminal system() {
        return new Terminal(
                System.in,
                new StandardOutput(),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Terminal::screen);
    }

    private static OptionalInt screen() {
        String kind = System.getenv().getOrDefault("TERM", "dumb");
        OptionalInt known = Screen.columns();
        if (kind.equals("dumb") || known.isEmpty()) {
            return OptionalInt.empty();
        }
        return known.getAsInt() > 0 ? known : OptionalInt.of(USUAL_COLUMNS);
    }

    /** Where the others are only told "Broken pipe", this says of what. */
    private static final class StandardOutput extends FilterOutputStream {
        StandardOutput() {
            super(new FileOutputStream(FileDescriptor.out));
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException failed) {
                throw new IOException("the output cannot be written: " + failed.getMessage(), failed);
            }
        }
    }

    /** Text with the line ends it has, out at once. */
    void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** A line, out at once. */
    void line(String text) throws IOException {
        text(text + "\n");
    }

    void lines(List<String> lines) throws IOException {
        for (String line : lines) {
            line(line);
        }
    }

    void json(JsonValue value) throws IOException {
        line(value.toString());
    }

    /** A line of a daemon, which runs on whether somebody listens or not. */
    void announce(String text) {
        try {
            line(text);
        } catch (IOException unheard) {
            warn(unheard.getMessage());
        }
    }

    /** A line on standard error. */
    void warn(String message) {
        err.println("tinysync: " + printable(message));
    }

    /** Names come from others: what would steer a terminal is shown as a question mark. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
