package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.content.Manifest;
import tinysync.tree.Fingerprint;

import java.util.Optional;

/** What came of reading one file. */
public sealed interface HashOutcome {
    /**
     * Read whole, and the stat before and after was the same.
     *
     * @param manifest the chunks, where there is more than one
     * @param trusted false when the file had changed so recently that an equal stat later proves nothing
     */
    record Hashed(Fingerprint fingerprint, ContentRef content, Optional<Manifest> manifest, boolean trusted)
            implements HashOutcome {}

    /** A writer has it open, or it changed while it was read. */
    record Busy() implements HashOutcome {}

    /** No file is at that path (now). */
    record Gone() implements HashOutcome {}

    /** It could not be read. */
    record Unreadable(String reason) implements HashOutcome {}
}
