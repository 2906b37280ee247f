package tinysync.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** TinySync as installed: a server and two daemons, A to server to B. */
final class TinySyncPeer implements Peer {
    private final List<Process> running = new ArrayList<>();
    private Path log;

    @Override
    public String name() {
        return "tinysync";
    }

    @Override
    public void start(Sides sides, Path work) throws IOException, InterruptedException {
        log = work.resolve("log");
        String invite = program("server", "--data", work.resolve("data").toString(), "--listen", "127.0.0.1:0");
        device(invite, sides.a(), work.resolve("home-a"));
        device(invite, sides.b(), work.resolve("home-b"));
    }

    private void device(String invite, Path folder, Path home) throws IOException, InterruptedException {
        Processes.output(command("join", invite, "--folder", folder.toString(), "--home", home.toString()));
        program("client", "--hold-deletes", "off", "--home", home.toString());
        Processes.output(command("sync-once", "--home", home.toString()));
    }

    /** Starts a daemon, waits until it is ready, and answers its invite, if it prints one. */
    private String program(String... arguments) throws IOException {
        Process process =
                new ProcessBuilder(command(arguments))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        running.addFirst(process);
        String invite = "";
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            invite = line.startsWith("invite ") ? line.substring("invite ".length()) : invite;
            if (line.startsWith("ready")) {
                return invite;
            }
        }
        throw new IOException(Files.readString(log));
    }

    private static List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-jar",
                                System.getProperty("tinysync.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void close() {
        running.forEach(Processes::stop);
    }
}
