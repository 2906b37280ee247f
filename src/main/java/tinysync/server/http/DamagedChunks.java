package tinysync.server.http;

import tinysync.content.Chunk;
import tinysync.content.Hash;
import tinysync.server.core.ChunkRow;
import tinysync.server.core.StoredContent;
import tinysync.tree.VaultId;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chunks that were found damaged since the server started, and have not come again since. Who is about to send what
 * needs one of them is asked for it, as if it were missing; for everybody else they stay what they are, since bytes
 * that are bad today may have been read badly. Thread-safe.
 */
final class DamagedChunks {
    /** A disk with more of them than this does not need asking, but its backup. */
    private static final int COUNT_MAX = 10_000;

    private record Place(VaultId vault, Hash chunk) {}

    private final Set<Place> known = ConcurrentHashMap.newKeySet();

    void found(VaultId vault, Hash chunk) {
        if (known.size() < COUNT_MAX) {
            known.add(new Place(vault, chunk));
        }
    }

    /** Good bytes of it are stored. */
    void healed(VaultId vault, Hash chunk) {
        known.remove(new Place(vault, chunk));
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whether some of this content cannot be had. */
    boolean spoil(VaultId vault, StoredContent content) {
        return switch (content) {
            case StoredContent.Inline inline -> false;
            case StoredContent.Single(ChunkRow row) -> known.contains(new Place(vault, row.chunk().hash()));
            case StoredContent.Chunked chunked ->
                    chunked.manifest().chunks().stream()
                            .map(Chunk::hash)
                            .anyMatch(hash -> known.contains(new Place(vault, hash)));
        };
    }
}
