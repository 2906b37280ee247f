package tinysync.server.core;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What content a vault holds. A vault knows only what was uploaded to it, so that a hash learned elsewhere opens
 * nothing. Adding what is there already changes nothing. Methods that add need a write transaction.
 */
public final class ContentRules {
    private static final int CHUNKS_MAX = 1 << 20;
    private static final Bytes NO_BYTES = Bytes.of(new byte[0]);

    private ContentRules() {}

    /** Content by its id, where all of it is here. Empty content is everywhere. */
    public static Optional<StoredContent> find(VaultTx tx, Hash id) {
        Optional<StoredContent> piece = piece(tx, id);
        return piece.isPresent() ? piece : tx.manifest(id).map(m -> new StoredContent.Chunked(id, m));
    }

    /**
     * Content of one chunk, or one chunk of a manifest, by the hash of its bytes: inline or a chunk of the blob store.
     */
    public static Optional<StoredContent> piece(VaultTx tx, Hash hash) {
        if (hash.equals(ContentRef.EMPTY.id())) {
            return Optional.of(new StoredContent.Inline(hash, NO_BYTES));
        }
        Optional<StoredContent> inline = tx.inline(hash).map(bytes -> new StoredContent.Inline(hash, bytes));
        return inline.isPresent() ? inline : tx.chunk(hash).filter(ChunkRow::live).map(StoredContent.Single::new);
    }

    /** Those of {@code ids} (contents, manifests or chunks) that are not here, each once, in their order. */
    public static List<Hash> missing(VaultTx tx, List<Hash> ids) {
        Set<Hash> missing = new LinkedHashSet<>();
        for (Hash id : ids) {
            if (find(tx, id).isEmpty()) {
                missing.add(id);
            }
        }
        return List.copyOf(missing);
    }

    /**
     * Adds small content.
     *
     * @throws Refusal bad_hash when the bytes are others than {@code id} says, limit_exceeded, quota_exceeded
     */
    public static void addInline(VaultTx tx, Hash id, Bytes bytes) {
        if (bytes.length() > Chunking.INLINE_MAX) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "small content has at most " + Chunking.INLINE_MAX + " bytes");
        }
        if (piece(tx, id).isPresent()) {
            return;
        }
        if (!Hash.of(bytes.toArray()).equals(id)) {
            throw new Refusal(ErrorCode.BAD_HASH, "the bytes are not those of " + id);
        }
        count(tx, bytes.length());
        tx.putInline(id, bytes);
    }

    /** Names a chunk whose bytes are durable in the blob store, and were hashed on the way in. */
    public static void addChunk(VaultTx tx, Chunk chunk, String key) {
        Optional<ChunkRow> before = tx.chunk(chunk.hash());
        if (before.filter(ChunkRow::live).isPresent()) {
            return;
        }
        // A condemned row still counts, until its collector removes it.
        if (before.isEmpty()) {
            count(tx, chunk.length());
        }
        tx.putChunk(new ChunkRow(chunk, key, true));
    }

    /**
     * Adds content of several chunks.
     *
     * @throws Refusal bad_hash, limit_exceeded, content_missing (a chunk is not here), bad_request (a wrong length)
     */
    public static void addManifest(VaultTx tx, Hash id, Manifest manifest) {
        if (manifest.chunks().size() > CHUNKS_MAX) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "a manifest has at most " + CHUNKS_MAX + " chunks");
        }
        if (!manifest.id().equals(id)) {
            throw new Refusal(ErrorCode.BAD_HASH, "the manifest is not that of " + id);
        }
        Chunking chunking = VaultRules.state(tx).policy().chunking();
        for (Chunk chunk : manifest.chunks()) {
            if (chunk.length() > chunking.max()) {
                throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "chunks here have at most " + chunking.max() + " bytes");
            }
            StoredContent piece =
                    piece(tx, chunk.hash())
                            .orElseThrow(
                                    () ->
                                            new Refusal(
                                                    ErrorCode.CONTENT_MISSING,
                                                    "chunk " + chunk.hash() + " is not here"));
            if (piece.size() != chunk.length()) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "chunk " + chunk.hash() + " has " + piece.size() + " bytes");
            }
        }
        if (tx.manifest(id).isEmpty()) {
            tx.putManifest(id, manifest);
        }
    }

    private static void count(VaultTx tx, long bytes) {
        VaultState state = VaultRules.state(tx);
        long stored = state.storedBytes() + bytes;
        if (state.policy().quotaBytes().filter(quota -> stored > quota).isPresent()) {
            throw new Refusal(ErrorCode.QUOTA_EXCEEDED, "the vault's quota is used up");
        }
        tx.putState(state.withStoredBytes(stored));
    }
}
