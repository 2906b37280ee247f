package tinysync.cli;

import com.eclipsesource.json.JsonValue;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * What a command reads from and writes to. Text is UTF-8 both ways, whatever the locale.
 *
 * @param interactive a person watches: progress may rewrite its line
 */
record Terminal(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean interactive) {
    Terminal {
        Objects.requireNonNull(in);
        Objects.requireNonNull(out);
        Objects.requireNonNull(err);
        environment = Map.copyOf(environment);
    }

    /** That of this process. */
    static Terminal system() {
        return new Terminal(
                System.in,
                new PrintStream(
                        new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                System.console() != null && System.console().isTerminal());
    }

    /** A line, out at once. */
    void line(String text) {
        out.print(text + "\n");
        out.flush();
    }

    void json(JsonValue value) {
        line(value.toString());
    }
}
