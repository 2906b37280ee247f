package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.content.Manifest;

import java.util.Objects;

/** Content that a vault holds whole, and where its bytes are. */
public sealed interface StoredContent {

    /** In bytes. */
    long size();

    /** At most {@link tinysync.content.Chunking#INLINE_MAX} bytes, in the database itself. */
    record Inline(Hash id, Bytes bytes) implements StoredContent {
        public Inline {
            Objects.requireNonNull(id);
            Objects.requireNonNull(bytes);
        }

        @Override
        public long size() {
            return bytes.length();
        }
    }

    /** One chunk of the blob store; the chunk's hash is the content's id. */
    record Single(ChunkRow chunk) implements StoredContent {
        public Single {
            Objects.requireNonNull(chunk);
        }

        @Override
        public long size() {
            return chunk.chunk().length();
        }
    }

    /** Several chunks; each is found by {@link ContentRules#piece}. */
    record Chunked(Hash id, Manifest manifest) implements StoredContent {
        public Chunked {
            Objects.requireNonNull(id);
            Objects.requireNonNull(manifest);
        }

        @Override
        public long size() {
            return manifest.size();
        }
    }
}
