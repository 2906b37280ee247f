package tinysync.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A long-running server or client, started, and stopped in one of the ways in which a program ends. */
public final class Program implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final Path log;
    private final Map<String, String> said = new HashMap<>();

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the program and reads its standard output up to the line that begins with {@code ready}. */
    static Program start(Path log, String... arguments) {
        return start(log, Jar.process(arguments));
    }

    /** As {@link #start(Path, String...)}, with a command that was prepared elsewhere. */
    public static Program start(Path log, ProcessBuilder command) {
        try {
            Files.createDirectories(log.getParent());
            Process process = command.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            Program program = new Program(process, log);
            program.readUntilReady();
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readUntilReady() throws IOException {
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            said.put(words[0], words.length > 1 ? words[1] : "");
            if (words[0].equals("ready")) {
                return;
            }
        }
        throw new AssertionError("ended before it was ready: " + Files.readString(log));
    }

    /** What stood behind a first word of the start-up lines. */
    String said(String word) {
        String value = said.get(word);
        if (value == null) {
            throw new AssertionError("never said " + word + ": " + said);
        }
        return value;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing of the program runs any more when this returns. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM; answers the exit code. */
    public int stop() {
        process.destroy();
        return await();
    }

    private int await() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not stop: " + Files.readString(log));
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM to whatever the program runs, and waits until it has ended with that; answers the exit code. */
    public int stopInner() {
        process.descendants().forEach(ProcessHandle::destroy);
        return await();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
