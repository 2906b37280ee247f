package tinysync.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code tinysync.jar} with the Java that runs the tests. */
public final class Jar {
    private static final long COMMAND_MINUTES = 10;

    private Jar() {}

    /** What a finished command left: its exit code and all it wrote. */
    public record Result(int exit, String out, String err) {
        public Result mustSucceed() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\nstdout: " + out + "\nstderr: " + err);
            }
            return this;
        }
    }

    public static ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(System.getProperty("tinysync.jar"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("TINYSYNC_HOME");
        return builder;
    }

    /** Runs a command to its end. */
    public static Result run(String... arguments) {
        return run(process(arguments));
    }

    public static Result run(ProcessBuilder command) {
        try {
            Path out = Files.createTempFile("tinysync-out", ".txt");
            Path err = Files.createTempFile("tinysync-err", ".txt");
            Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "hangs: " + String.join(" ", command.command()) + "\n" + Files.readString(err));
            }
            Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
