package tinysync.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A device whose client is {@code drive_client.py}, which shares no code with ours. */
final class ForeignClient {
    private final Path home;
    private final Path script;

    ForeignClient(Path base) {
        home = base.resolve("home");
        script = base.resolve("drive_client.py");
        try {
            Files.createDirectories(base);
            for (String name : List.of("drive_client.py", "drive_protocol.py")) {
                try (InputStream in = ForeignClient.class.getResourceAsStream(name)) {
                    Files.copy(in, base.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ForeignClient register(String invite) {
        run("register", invite, "--name", "foreign").mustSucceed();
        return this;
    }

    ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), "--home", home.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Runs a command to its end. */
    Jar.Result run(String... arguments) {
        return Jar.run(process(arguments));
    }

    /** Lets the next command begin with a snapshot. */
    void forgetTrees() {
        try (DirectoryStream<Path> trees = Files.newDirectoryStream(home, "tree-*.json")) {
            for (Path tree : trees) {
                Files.delete(tree);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
