package tinysync.server.core;

import tinysync.content.Chunk;

import java.util.Objects;

/**
 * A chunk in the blob store.
 *
 * @param key by which the blob store knows it
 * @param live false once a collector condemned it; a condemned chunk counts as absent
 */
public record ChunkRow(Chunk chunk, String key, boolean live) {
    public ChunkRow {
        Objects.requireNonNull(chunk);
        Objects.requireNonNull(key);
    }
}
