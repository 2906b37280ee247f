package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.Optional;

/**
 * One change to the user's folder. Every one says what it expects to find, so that a user who was faster is noticed:
 * then nothing is done ({@link DiskResult.Stale}), or what came out unexpectedly is kept beside it.
 */
public sealed interface DiskOp {
    ItemId item();

    /** Makes a folder; that one is there already is as good. */
    record MakeFolder(ItemId item, Slot slot, int mode) implements DiskOp {}

    /**
     * Puts fetched content at a place, atomically.
     *
     * @param expected the image that is to be replaced; empty: nothing may be there
     * @param expectedContent what was read from the replaced file, if it was: before it is given up for good, it is
     *     read once more, since a file can change without a trace in its image
     * @param keepAs the replaced file is kept beside it under this name (a conflict copy) instead of being displaced
     */
    record PlaceFile(
            ItemId item,
            Slot slot,
            ContentRef content,
            int mode,
            Instant mtime,
            Optional<Fingerprint> expected,
            Optional<ContentRef> expectedContent,
            Optional<String> keepAs)
            implements DiskOp {}

    /** Puts a symlink at a place, atomically; as {@link PlaceFile}. */
    record PlaceSymlink(
            ItemId item,
            Slot slot,
            String target,
            Optional<Fingerprint> expected,
            Optional<ContentRef> expectedContent,
            Optional<String> keepAs)
            implements DiskOp {}

    /**
     * Renames within the root.
     *
     * @param expected what must be at {@code from}, by identity
     * @param exchange with the identity of what must be at {@code to}: the two swap places; empty: {@code to} must be
     *     free
     */
    record Move(ItemId item, Slot from, Slot to, Fingerprint expected, Optional<Fingerprint> exchange)
            implements DiskOp {}

    /** Sets mode, and for files the time stamp. */
    record SetMeta(ItemId item, Slot slot, Fingerprint expected, int mode, Optional<Instant> mtime) implements DiskOp {}

    /**
     * Moves a file or symlink out of sight into the displaced area, from where it is removed only when it is safe.
     *
     * @param expectedContent as in {@link PlaceFile}
     */
    record RemoveFile(ItemId item, Slot slot, Fingerprint expected, Optional<ContentRef> expectedContent)
            implements DiskOp {}

    /** Removes a folder if it is empty. */
    record RemoveFolder(ItemId item, Slot slot, Fingerprint expected) implements DiskOp {}
}
