package tinysync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's unison from A to B on one machine: run when something changed. It never waits for the disk. */
final class UnisonPeer implements Peer {
    private Path base;

    @Override
    public String name() {
        return "unison";
    }

    @Override
    public void start(Path folder) throws IOException, InterruptedException {
        base = folder;
        Files.createDirectories(a());
        Files.createDirectories(b());
        changed();
    }

    @Override
    public void changed() throws IOException, InterruptedException {
        Processes.output(
                List.of(
                        "env",
                        "UNISON=" + base.resolve("archive"),
                        "unison",
                        a().toString(),
                        b().toString(),
                        "-batch",
                        "-silent",
                        "-times",
                        "-confirmbigdel=false"));
    }

    @Override
    public Path a() {
        return base.resolve("a");
    }

    @Override
    public Path b() {
        return base.resolve("b");
    }

    @Override
    public void close() {
        // Nothing of it runs between two calls.
    }
}
