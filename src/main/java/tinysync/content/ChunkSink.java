package tinysync.content;

import java.io.IOException;

/** Takes the chunks of a {@link ContentReader} in order, each once. */
@FunctionalInterface
public interface ChunkSink {

    /** For who wants only hashes. */
    ChunkSink NONE = (chunk, buffer, offset) -> {};

    /**
     * The bytes are {@code chunk.length()} of {@code buffer} from {@code offset}; they are the reader's, may only be
     * read, and only until this call returns. An exception ends the reading.
     */
    void chunk(Chunk chunk, byte[] buffer, int offset) throws IOException;
}
