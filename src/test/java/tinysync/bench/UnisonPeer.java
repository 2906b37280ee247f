package tinysync.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Debian's unison from A to B on one machine: run when something changed. It never waits for the disk. */
final class UnisonPeer implements Peer {
    private Sides sides;
    private Path archive;

    @Override
    public String name() {
        return "unison";
    }

    @Override
    public void start(Sides watched, Path work) throws IOException, InterruptedException {
        sides = watched;
        archive = work.resolve("archive");
        changed();
    }

    @Override
    public void changed() throws IOException, InterruptedException {
        Processes.output(
                List.of(
                        "env",
                        "UNISON=" + archive,
                        "unison",
                        sides.a().toString(),
                        sides.b().toString(),
                        "-batch",
                        "-silent",
                        "-times",
                        "-confirmbigdel=false"));
    }

    @Override
    public void close() {
        // Nothing of it runs between two calls.
    }
}
