package tinysync.client.folder;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Slot;
import tinysync.content.ContentRef;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.platform.RenameMode;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first half of a batch: staged files get mode and time, sidecars are written, and one barrier makes all of it
 * durable. Only then may a name in the user's folder lead to it. What will be exchanged is moved into the displaced
 * area first: whatever lies there at a power loss has a record, be it the new file or the old one.
 */
final class Preparation {
    /** From here on one flush of the whole file system costs less than one of each file. */
    private static final int SINGLY_MAX = 8;

    private static final int OWNER = 0700;
    private static final int OWNER_READS = 0400;
    private static final int OTHERS = 077;

    private final Root root;
    private final Displaced displaced;
    private final Instant now;
    private boolean singly;

    Preparation(Root root, Displaced displaced, Instant now) {
        this.root = root;
        this.displaced = displaced;
        this.now = now;
    }

    /** One for each operation, in order. */
    List<Prepared> prepare(List<DiskOp> ops) {
        long files = ops.stream().filter(Preparation::needsBarrier).count();
        singly = files <= SINGLY_MAX || !root.flushesWhole();
        List<Prepared> prepared = new ArrayList<>(ops.stream().map(this::prepare).toList());
        if (files > 0) {
            try {
                barrier();
            } catch (FsException failed) {
                // The kernel reports a lost write once: what was staged is not to be trusted, nor is a second try.
                for (int i = 0; i < ops.size(); i++) {
                    prepared.set(i, afterFailedBarrier(ops.get(i), prepared.get(i), failed));
                }
            }
        }
        return prepared;
    }

    private static boolean needsBarrier(DiskOp op) {
        return switch (op) {
            case DiskOp.PlaceFile _, DiskOp.PlaceSymlink _, DiskOp.RemoveFile _ -> true;
            case DiskOp.MakeFolder _, DiskOp.Move _, DiskOp.SetMeta _, DiskOp.RemoveFolder _ -> false;
        };
    }

    private Prepared prepare(DiskOp op) {
        try {
            return switch (op) {
                case DiskOp.PlaceFile file -> placeFile(file);
                case DiskOp.PlaceSymlink link -> placeSymlink(link);
                case DiskOp.RemoveFile(
                                ItemId item,
                                Slot slot,
                                Fingerprint expected,
                                Optional<ContentRef> expectedContent) ->
                        new Prepared.Reserved(
                                ticket(item, slot, expected, expectedContent, Optional.empty(), Optional.empty()));
                case DiskOp.MakeFolder _, DiskOp.Move _, DiskOp.SetMeta _, DiskOp.RemoveFolder _ ->
                        new Prepared.Nothing();
            };
        } catch (FsException failed) {
            return new Prepared.Refused(new DiskResult.Failed(op.item(), Reasons.of(failed), failed.getMessage()));
        }
    }

    private Prepared placeFile(DiskOp.PlaceFile op) throws FsException {
        String staged = Staging.wholeName(op.item(), op.content());
        Optional<DirEntry.Seen> found = root.stage().find(staged);
        boolean complete =
                found.isPresent()
                        && found.get().stat().kind() == FileKind.FILE
                        && found.get().stat().size() == op.content().size();
        if (!complete) {
            return new Prepared.Refused(new DiskResult.Stale(op.item(), "not_staged"));
        }
        if ((found.get().stat().mode() & OWNER_READS) == 0) {
            // An earlier try has given it its final mode already.
            root.stage().chmod(staged, Staging.PRIVATE_FILE);
        }
        Fingerprint image;
        try (OpenFile file = root.stage().openRead(staged)) {
            file.chmod(mode(op.mode(), root.umask()));
            file.setMtime(op.mtime());
            if (singly) {
                file.fsync();
            }
            image = Images.of(file);
        }
        return incoming(op.item(), op.slot(), staged, image, op.expected(), op.expectedContent(), op.keepAs());
    }

    private Prepared placeSymlink(DiskOp.PlaceSymlink op) throws FsException {
        String staged = op.item() + ".link";
        SmallFile.unlinkIfThere(root.stage(), staged);
        root.stage().symlink(op.target(), staged);
        Optional<DirEntry.Seen> made = root.stage().find(staged);
        if (made.isEmpty()) {
            return new Prepared.Refused(new DiskResult.Stale(op.item(), "not_staged"));
        }
        return incoming(
                op.item(), op.slot(), staged, Images.of(made.get()), op.expected(), op.expectedContent(), op.keepAs());
    }

    private Prepared incoming(
            ItemId item,
            Slot slot,
            String staged,
            Fingerprint image,
            Optional<Fingerprint> expected,
            Optional<ContentRef> expectedContent,
            Optional<String> keepAs)
            throws FsException {
        if (expected.isEmpty()) {
            return new Prepared.Incoming(root.stage(), staged, image, Optional.empty());
        }
        String ticket = ticket(item, slot, expected.get(), expectedContent, Optional.of(image), keepAs);
        if (!root.capabilities().exchange()) {
            return new Prepared.Incoming(root.stage(), staged, image, Optional.of(ticket));
        }
        root.stage().rename(staged, root.displaced(), ticket, RenameMode.NO_REPLACE);
        return new Prepared.Incoming(root.displaced(), ticket, image, Optional.of(ticket));
    }

    private String ticket(
            ItemId item,
            Slot slot,
            Fingerprint expected,
            Optional<ContentRef> expectedContent,
            Optional<Fingerprint> incoming,
            Optional<String> keepAs)
            throws FsException {
        DisplacedRecord record =
                new DisplacedRecord(
                        item,
                        slot,
                        now,
                        DisplacedRecord.Image.of(expected),
                        expectedContent,
                        incoming.map(DisplacedRecord.Image::of),
                        keepAs);
        return displaced.reserve(record, singly);
    }

    private void barrier() throws FsException {
        if (!singly) {
            root.folder().syncFilesystem();
            return;
        }
        root.stage().fsync();
        root.displaced().fsync();
    }

    private Prepared afterFailedBarrier(DiskOp op, Prepared prepared, FsException failed) {
        Prepared refused =
                new Prepared.Refused(new DiskResult.Failed(op.item(), Reasons.of(failed), failed.getMessage()));
        try {
            return switch (prepared) {
                case Prepared.Nothing nothing -> nothing;
                case Prepared.Refused before -> before;
                case Prepared.Reserved(String ticket) -> {
                    displaced.release(ticket);
                    yield refused;
                }
                case Prepared.Incoming(Dir folder, String name, _, Optional<String> ticket) -> {
                    SmallFile.unlinkIfThere(folder, name);
                    if (ticket.isPresent()) {
                        displaced.release(ticket.get());
                    }
                    yield refused;
                }
            };
        } catch (FsException alsoFailed) {
            // Start-up finds the sidecar and ends this.
            failed.addSuppressed(alsoFailed);
            return refused;
        }
    }

    /**
     * What the owner had, and of the others' rights what this user grants by his umask; never setuid, setgid, sticky.
     */
    static int mode(int source, int umask) {
        return (source & OWNER) | (source & OTHERS & ~umask);
    }
}
