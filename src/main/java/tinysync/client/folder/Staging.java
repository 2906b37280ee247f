package tinysync.client.folder;

import tinysync.content.ContentRef;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.platform.RenameMode;
import tinysync.tree.ItemId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Downloads on their way to their places: {@code .tinysync/stage/ITEM-CONTENTID.part} while bytes come in, {@code
 * .whole} once all are there and verified.
 *
 * <p>Nothing here is durable until {@link Applier} makes it so; therefore {@link #recover} turns every {@code .whole}
 * of an earlier run back into a {@code .part}, whose bytes the next fetch verifies before it builds on them.
 * Thread-safe for different contents; one content is written by one thread at a time.
 */
public final class Staging {
    private static final String PART = ".part";
    private static final String WHOLE = ".whole";
    static final int PRIVATE_FILE = 0600;

    private final Root root;
    private final Dir stage;

    public Staging(Root root) {
        this.root = Objects.requireNonNull(root);
        this.stage = root.stage();
    }

    /**
     * Opens what is staged of a content for reading and writing, or begins it. Bytes found in it come from an earlier
     * try and are unverified, unless it is {@link #isComplete}.
     */
    public StagedFile stage(ItemId item, ContentRef content) throws IOException {
        String part = name(item, content) + PART;
        if (isComplete(item, content)) {
            stage.rename(name(item, content) + WHOLE, stage, part, RenameMode.REPLACE);
        }
        Optional<DirEntry.Seen> found = stage.find(part);
        if (found.isPresent() && found.get().stat().kind() != FileKind.FILE) {
            throw new FsException(Errno.EEXIST, "stage '" + part + "', which is no regular file");
        }
        if (found.isEmpty()) {
            stage.createNew(part, PRIVATE_FILE).close();
        } else if (found.get().stat().mode() != PRIVATE_FILE) {
            // An earlier try has given it its final mode, which may forbid to write.
            stage.chmod(part, PRIVATE_FILE);
        }
        // The handle of the folder opens no existing file for writing. By path only a file that is there is opened, and
        // no link; should the path lead elsewhere by now, the folder's handle will not find the bytes at placing.
        Path path = root.stagePath().resolve(part);
        FileChannel channel =
                FileChannel.open(
                        path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        return new StagedFile(this, item, content, channel);
    }

    /** Stages verified content that is at hand as a whole. */
    public void stageSmall(ItemId item, ContentRef content, byte[] bytes) throws FsException {
        if (bytes.length != content.size()) {
            throw new IllegalArgumentException(bytes.length + " bytes for content of " + content.size());
        }
        drop(item, content);
        String whole = name(item, content) + WHOLE;
        boolean written = false;
        try (OpenFile file = stage.createNew(whole, PRIVATE_FILE)) {
            file.write(ByteBuffer.wrap(bytes));
            written = true;
        } finally {
            if (!written) {
                SmallFile.unlinkIfThere(stage, whole);
            }
        }
    }

    /** Whether all bytes are staged and were verified in this run. */
    public boolean isComplete(ItemId item, ContentRef content) throws FsException {
        return stage.find(name(item, content) + WHOLE)
                .map(DirEntry.Seen::stat)
                .filter(stat -> stat.kind() == FileKind.FILE && stat.size() == content.size())
                .isPresent();
    }

    /** Gives up what is staged of a content, if anything is. */
    public void drop(ItemId item, ContentRef content) throws FsException {
        SmallFile.unlinkIfThere(stage, name(item, content) + PART);
        SmallFile.unlinkIfThere(stage, wholeName(item, content));
    }

    /**
     * Call once at start-up, before anything is fetched.
     *
     * @param keep how long an unfinished download is worth being resumed; older ones are removed
     */
    public void recover(Instant now, Duration keep) throws FsException {
        for (DirEntry entry : stage.list()) {
            if (entry instanceof DirEntry.Seen(String name, var stat, _) && stat.kind() != FileKind.FOLDER) {
                if (stat.mtime().isBefore(now.minus(keep)) && stat.ctime().isBefore(now.minus(keep))) {
                    stage.unlink(name);
                } else if (name.endsWith(WHOLE)) {
                    String part = name.substring(0, name.length() - WHOLE.length()) + PART;
                    stage.rename(name, stage, part, RenameMode.REPLACE);
                }
            }
        }
    }

    /** Called when the last byte is written and verified. */
    void complete(ItemId item, ContentRef content) throws FsException {
        stage.rename(name(item, content) + PART, stage, wholeName(item, content), RenameMode.REPLACE);
    }

    /** The name in {@link Root#stage} under which complete content waits to be placed. */
    static String wholeName(ItemId item, ContentRef content) {
        return name(item, content) + WHOLE;
    }

    private static String name(ItemId item, ContentRef content) {
        return item + "-" + content.id().hex();
    }
}
