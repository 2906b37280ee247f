package tinysync.client.folder;

import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Slot;
import tinysync.content.ChunkSink;
import tinysync.content.Chunking;
import tinysync.content.Content;
import tinysync.content.ContentReader;
import tinysync.content.Manifest;
import tinysync.platform.Dir;
import tinysync.platform.Errno;
import tinysync.platform.FileStat;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.tree.Fingerprint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads and hashes single files of a root, in one pass. Thread-safe; a call blocks for as long as the reading takes.
 */
public final class FileHasher {
    /**
     * How old the last change must be for an equal stat to mean equal bytes: the coarsest time stamps in use (FAT) have
     * steps of two seconds, in which a second change could hide.
     */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Root root;
    private final Supplier<Instant> clock;

    /**
     * @param clock the time of day, as the file system's stamps have it
     */
    public FileHasher(Root root, Supplier<Instant> clock) {
        this.root = Objects.requireNonNull(root);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Hashes the file at a place. Never fails: what went wrong is in the answer.
     *
     * @param patient do not mind a program that has the file open for writing, as long as nothing changes while reading
     */
    public HashOutcome hash(Slot slot, boolean patient, Chunking chunking) {
        return hash(slot, patient, chunking, ChunkSink.NONE);
    }

    /** As {@link #hash(Slot, boolean, Chunking)}, giving every chunk to {@code sink}; an error of the sink ends it. */
    public HashOutcome hash(Slot slot, boolean patient, Chunking chunking, ChunkSink sink) {
        try (Dir folder = root.folder().resolve(slot.folder());
                OpenFile file = folder.openRead(slot.name())) {
            FileStat stat = file.stat();
            if (!patient && hasWriter(file, stat)) {
                return new HashOutcome.Busy();
            }
            Instant now = clock.get();
            Fingerprint before = Images.of(file);
            Content content = ContentReader.read(file.inputStream(), chunking, sink);
            Fingerprint after = Images.of(file);
            boolean quiet =
                    before.sameImage(after)
                            && before.ctime().equals(after.ctime())
                            && content.ref().size() == after.size();
            return quiet ? hashed(after, content, now) : new HashOutcome.Busy();
        } catch (FsException failed) {
            return failed(failed);
        } catch (IOException failed) {
            return new HashOutcome.Unreadable("io_error");
        }
    }

    /** The lease is given back at once: a program that wants to write must not wait until a large file is read. */
    private boolean hasWriter(OpenFile file, FileStat stat) throws FsException {
        if (!root.leaseTells(stat.uid())) {
            return false;
        }
        boolean granted = file.tryReadLease();
        file.releaseLease();
        return !granted;
    }

    private static HashOutcome hashed(Fingerprint fingerprint, Content content, Instant now) {
        Optional<Manifest> manifest =
                switch (content) {
                    case Content.Single _ -> Optional.empty();
                    case Content.Chunked chunked -> Optional.of(chunked.manifest());
                };
        Instant changed = fingerprint.mtime().isAfter(fingerprint.ctime()) ? fingerprint.mtime() : fingerprint.ctime();
        boolean trusted = !changed.isAfter(now.minus(SETTLED));
        return new HashOutcome.Hashed(fingerprint, content.ref(), manifest, trusted);
    }

    private static HashOutcome failed(FsException failed) {
        if (failed.errno() == Errno.EAGAIN) {
            return new HashOutcome.Busy();
        }
        // Not a regular file any more is as good as gone: the listing tells what it is now.
        boolean gone = Reasons.isGone(failed) || failed.errno() == Errno.EINVAL;
        return gone ? new HashOutcome.Gone() : new HashOutcome.Unreadable(Reasons.of(failed));
    }
}
