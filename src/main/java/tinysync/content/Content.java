package tinysync.content;

import java.util.Objects;

/** Content as one pass over its bytes found it. */
public sealed interface Content {

    /** Id and size, as the wire names them. */
    ContentRef ref();

    /** No bytes, or one chunk: the id is the SHA-256 of the bytes. */
    record Single(ContentRef ref) implements Content {

        public Single {
            if (ref.size() > Chunking.MAX_CHUNK) {
                throw new IllegalArgumentException("more than one chunk: " + ref.size());
            }
        }
    }

    /** Two chunks or more: the id is that of the manifest, computed anew by each call of {@link #ref}. */
    record Chunked(Manifest manifest) implements Content {

        public Chunked {
            Objects.requireNonNull(manifest);
        }

        @Override
        public ContentRef ref() {
            return manifest.ref();
        }
    }
}
