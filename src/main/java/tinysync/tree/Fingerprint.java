package tinysync.tree;

import java.time.Instant;
import java.util.Objects;

/**
 * What a disk says about one entry without its bytes being read. Two equal fingerprints are a strong hint that nothing
 * changed, never a proof: see {@link LocalNode#trusted()}.
 *
 * @param identity the local identity of the file (inode and generation), which survives a rename and is not reused
 * @param size bytes; 0 for folders
 * @param mode nine permission bits
 */
public record Fingerprint(String identity, long size, Instant mtime, Instant ctime, int mode) {
    public Fingerprint {
        Objects.requireNonNull(identity);
        Objects.requireNonNull(mtime);
        Objects.requireNonNull(ctime);
    }

    /** Same file with same bytes as far as a stat can tell; ctime is left out, because our own rename changes it. */
    public boolean sameImage(Fingerprint other) {
        return identity.equals(other.identity) && size == other.size && mtime.equals(other.mtime);
    }
}
