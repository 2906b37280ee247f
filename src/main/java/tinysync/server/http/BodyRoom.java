package tinysync.server.http;

import java.nio.file.Path;
import java.util.Objects;

/** Where bodies are kept: in memory as far as the budget goes, in files of a folder beyond it. */
record BodyRoom(MemoryBudget memory, Path folder) {
    BodyRoom {
        Objects.requireNonNull(memory);
        Objects.requireNonNull(folder);
    }

    /** A new, empty one; whoever asks for it closes it. */
    Spill spill() {
        return new Spill(folder);
    }
}
