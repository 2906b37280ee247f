package tinysync.server.blob;

import tinysync.content.Hash;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Chunks by vault and key. Safe for many threads. */
public interface BlobStore {

    /**
     * Keeps the remaining bytes of {@code chunk}, whose hash the caller has checked. When this returns they survive the
     * loss of power. Putting what is there already changes nothing, unless the bytes there are others by now: then
     * these take their place.
     *
     * @return the key for {@link #open} and {@link #delete}; at most 200 characters of {@code [0-9a-z/._-]}
     */
    String put(VaultId vault, Hash hash, ByteBuffer chunk) throws IOException;

    /**
     * The bytes of a chunk, as they are stored; the caller closes the channel.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    SeekableByteChannel open(VaultId vault, String key) throws IOException;

    /** Removes a chunk; one that is not there is no error. */
    void delete(VaultId vault, String key) throws IOException;

    /** Removes all chunks of a vault. */
    void dropVault(VaultId vault) throws IOException;
}
