package tinysync.server.http;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where bodies are kept: in memory as far as its budget goes, in files of a folder beyond it, as far as that one goes.
 */
record BodyRoom(MemoryBudget memory, DiskBudget disk, Path folder) {
    BodyRoom {
        Objects.requireNonNull(memory);
        Objects.requireNonNull(disk);
        Objects.requireNonNull(folder);
    }

    /** A new, empty one; whoever asks for it closes it. */
    Spill spill() {
        return new Spill(folder, disk);
    }
}
