package tinysync.server.http;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.CorruptContentException;
import tinysync.content.Hash;
import tinysync.content.Hasher;
import tinysync.content.Manifest;
import tinysync.server.blob.BlobStore;
import tinysync.server.core.ChunkRow;
import tinysync.server.core.ContentRules;
import tinysync.server.core.StoredContent;
import tinysync.server.live.VaultService;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads stored content for sending. A chunk is hashed as a whole before any byte of it goes out, and is then read
 * again: so damage is never served as good, and a slow reader holds a buffer, not a chunk.
 */
final class ChunkSource {
    private static final int BUFFER = 64 << 10;

    private final VaultService vault;
    private final BlobStore blobs;
    private final DamagedChunks damaged;

    ChunkSource(VaultService vault, BlobStore blobs, DamagedChunks damaged) {
        this.vault = vault;
        this.blobs = blobs;
        this.damaged = damaged;
    }

    /** {@code length} bytes from {@code from} of one piece: of small content, or of a chunk. */
    record Part(StoredContent piece, int from, int length) {}

    /** What has to be sent for a range, in order; chunks of a manifest are looked up when they are due. */
    List<Manifest.Piece> pieces(StoredContent.Chunked content, ByteRange range) {
        return content.manifest().covering(range.offset(), range.length());
    }

    /** The stored piece behind a chunk of a manifest. */
    Part part(Manifest.Piece piece) throws CorruptContentException {
        Optional<StoredContent> stored = vault.read(tx -> ContentRules.piece(tx, piece.chunk().hash()));
        return new Part(
                stored.orElseThrow(() -> new CorruptContentException("chunk " + piece.chunk().hash() + " is not here")),
                piece.from(),
                piece.length());
    }

    /** Throws {@link CorruptContentException} unless the bytes are what their hash says. */
    void verify(Part part) throws IOException {
        switch (part.piece()) {
            case StoredContent.Inline inline -> {
                if (!Hash.of(inline.bytes().toArray()).equals(inline.id())) {
                    throw new CorruptContentException("content " + inline.id() + " is damaged");
                }
            }
            case StoredContent.Single single -> verify(single.chunk());
            case StoredContent.Chunked chunked -> throw new IllegalArgumentException("a piece is no manifest");
        }
    }

    private void verify(ChunkRow row) throws IOException {
        Chunk chunk = row.chunk();
        Hasher hasher = new Hasher();
        long left = chunk.length();
        try (SeekableByteChannel channel = blobs.open(vault.id(), row.key())) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            int got = channel.read(buffer);
            while (got > 0) {
                hasher.update(buffer.array(), 0, got);
                left -= got;
                buffer.clear();
                got = channel.read(buffer);
            }
        } catch (NoSuchFileException lost) {
            damaged.found(vault.id(), chunk.hash());
            throw new CorruptContentException("chunk " + chunk.hash() + " is lost");
        }
        if (left != 0 || !hasher.finish().equals(chunk.hash())) {
            damaged.found(vault.id(), chunk.hash());
            throw new CorruptContentException("chunk " + chunk.hash() + " is damaged");
        }
    }

    /** Writes a verified part. */
    void send(Part part, OutputStream out) throws IOException {
        switch (part.piece()) {
            case StoredContent.Inline inline -> out.write(inline.bytes().toArray(), part.from(), part.length());
            case StoredContent.Single single -> send(single.chunk(), part, out);
            case StoredContent.Chunked chunked -> throw new IllegalArgumentException("a piece is no manifest");
        }
    }

    private void send(ChunkRow row, Part part, OutputStream out) throws IOException {
        int left = part.length();
        try (SeekableByteChannel channel = blobs.open(vault.id(), row.key())) {
            channel.position(part.from());
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (left > 0) {
                buffer.clear().limit(Math.min(BUFFER, left));
                int got = channel.read(buffer);
                if (got < 0) {
                    throw new CorruptContentException("chunk " + row.chunk().hash() + " became shorter");
                }
                out.write(buffer.array(), 0, got);
                left -= got;
            }
        }
    }

    /** All bytes of small content, verified; empty for what is larger. */
    Optional<byte[]> small(StoredContent content) throws IOException {
        return switch (content) {
            case StoredContent.Inline inline -> Optional.of(inline.bytes().toArray());
            case StoredContent.Single single when single.size() <= Chunking.INLINE_MAX -> {
                verify(single.chunk());
                try (SeekableByteChannel channel = blobs.open(vault.id(), single.chunk().key())) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) single.size());
                    int got = 0;
                    while (bytes.hasRemaining() && got >= 0) {
                        got = channel.read(bytes);
                    }
                    yield Optional.of(Arrays.copyOf(bytes.array(), bytes.position()));
                }
            }
            case StoredContent.Single single -> Optional.empty();
            case StoredContent.Chunked chunked -> Optional.empty();
        };
    }
}
