package tinysync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A peer that is a script: it reads its connections from its standard input, and says lines on its standard output. */
record ProcessPeer(Process process, Transcript said) implements Peer {
    /** Where {@code .ci/fetch-peers} puts it. */
    private static final Path MODULES = Path.of("build/lib-peers/node_modules").toAbsolutePath();

    static final Runtime NODE =
            new Runtime(List.of("node"), "require('ws')", "-e", "nodejs, npm; then .ci/fetch-peers");

    /** Debian's own: another Python in front of it does not see Debian's packages. */
    static final Runtime PYTHON =
            new Runtime(List.of("/usr/bin/python3"), "import websockets", "-c", "python3-websockets");

    /**
     * What runs a script.
     *
     * @param needs the program that shows whether all is there
     * @param flag in front of a program on the command line
     * @param packages what to install otherwise
     */
    record Runtime(List<String> command, String needs, String flag, String packages) {
        ProcessBuilder process(String... arguments) {
            ProcessBuilder process = new ProcessBuilder(Stream.concat(command.stream(), Stream.of(arguments)).toList());
            process.environment().put("NODE_PATH", MODULES.toString());
            return process.redirectErrorStream(true);
        }
    }

    static Optional<String> missing(Runtime runtime) {
        try {
            Process tried = runtime.process(runtime.flag(), runtime.needs()).start();
            tried.getInputStream().readAllBytes();
            return tried.waitFor() == 0 ? Optional.empty() : Optional.of(runtime.packages());
        } catch (IOException absent) {
            return Optional.of(runtime.packages());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static ProcessPeer start(Path folder, Runtime runtime, String script, List<Connection> connections)
            throws IOException {
        Path copy = folder.resolve(script);
        try (InputStream in = ProcessPeer.class.getResourceAsStream(script)) {
            Files.copy(in, copy);
        }
        Process process = runtime.process(copy.toString()).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(Connection.json(connections).toString().getBytes(UTF_8));
        }
        Transcript said = new Transcript();
        Thread.ofVirtual().start(() -> listen(process, said));
        return new ProcessPeer(process, said);
    }

    private static void listen(Process process, Transcript said) {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException ended) {
            said.add("ended: " + ended.getMessage());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
