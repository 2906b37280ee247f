package tinysync.client.folder;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Slot;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.FsException;
import tinysync.platform.RenameMode;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.Optional;

/**
 * Gives a prepared file or symlink its name. Whoever reads that name sees the old or the new one, never nothing and
 * never a mixture; what was there before is safe in the displaced area, or beside under a conflict name.
 */
class Placement {
    private final Root root;
    private final Displaced displaced;
    private final Folders folders;
    private final Instant now;

    /** What replacing needs to know of one operation. */
    private record Job(
            ItemId item,
            Slot slot,
            Prepared.Incoming incoming,
            String ticket,
            Fingerprint expected,
            Optional<String> keepAs,
            String stagedName) {}

    Placement(Root root, Displaced displaced, Folders folders, Instant now) {
        this.root = root;
        this.displaced = displaced;
        this.folders = folders;
        this.now = now;
    }

    /**
     * @param stagedName the name under which it goes back to the stage when it cannot be placed
     */
    DiskResult place(
            ItemId item,
            Slot slot,
            Prepared.Incoming incoming,
            Optional<Fingerprint> expected,
            Optional<String> keepAs,
            String stagedName)
            throws FsException {
        if (expected.isEmpty() || incoming.ticket().isEmpty()) {
            Dir folder = folders.at(slot.folder());
            incoming.folder().rename(incoming.name(), folder, slot.name(), RenameMode.NO_REPLACE);
            folders.touch(folder);
            return result(item, folder, slot.name(), incoming.image(), Optional.empty());
        }
        Job job = new Job(item, slot, incoming, incoming.ticket().get(), expected.get(), keepAs, stagedName);
        boolean placed = false;
        try {
            Dir folder = folders.at(slot.folder());
            Optional<String> refusal = refusal(job, folder);
            if (refusal.isPresent()) {
                return new DiskResult.Stale(item, refusal.get());
            }
            if (root.capabilities().exchange()) {
                exchange(job.ticket(), folder, slot.name());
                placed = true;
            } else {
                placed = replace(job, folder);
            }
            if (!placed) {
                return new DiskResult.Stale(item, "changed_meanwhile");
            }
            folders.touch(folder);
            folders.touch(root.displaced());
            Optional<DiskEntry.Seen> kept = lookAtWhatCameOut(job, folder);
            return result(item, folder, slot.name(), incoming.image(), kept);
        } finally {
            if (!placed) {
                giveBack(job);
            }
        }
    }

    private static Optional<String> refusal(Job job, Dir folder) throws FsException {
        Optional<DirEntry.Seen> current = folder.find(job.slot().name());
        if (current.isEmpty()) {
            return Optional.of("vanished");
        }
        return Images.of(current.get()).sameImage(job.expected()) ? Optional.empty() : Optional.of("changed");
    }

    /** The one step that a person can forestall; tests do. */
    void exchange(String ticket, Dir folder, String name) throws FsException {
        root.displaced().rename(ticket, folder, name, RenameMode.EXCHANGE);
    }

    /**
     * Where names cannot be exchanged: the old file gets a second name in the displaced area, then the new one replaces
     * the first. A file that a person puts there in between is lost; nothing that these file systems offer prevents it.
     */
    private boolean replace(Job job, Dir folder) throws FsException {
        String name = job.slot().name();
        try {
            folder.link(name, root.displaced(), job.ticket());
        } catch (FsException refused) {
            return switch (refused.errno()) {
                case EPERM, EOPNOTSUPP, EMLINK, EINVAL, ENOSYS -> replaceByMovingAside(job, folder);
                default -> throw refused;
            };
        }
        if (!cameOutAsExpected(job)) {
            SmallFile.unlinkIfThere(root.displaced(), job.ticket());
            return false;
        }
        boolean replaced = false;
        try {
            job.incoming().folder().rename(job.incoming().name(), folder, name, RenameMode.REPLACE);
            replaced = true;
            return true;
        } finally {
            if (!replaced && Images.isAt(folder, name, job.expected())) {
                SmallFile.unlinkIfThere(root.displaced(), job.ticket());
            }
        }
    }

    /** Without links either: for a moment nothing has the name. */
    private boolean replaceByMovingAside(Job job, Dir folder) throws FsException {
        String name = job.slot().name();
        folder.rename(name, root.displaced(), job.ticket(), RenameMode.NO_REPLACE);
        if (!cameOutAsExpected(job)) {
            displaced.putBeside(job.ticket(), folder, name, Optional.of(name), now);
            return false;
        }
        try {
            job.incoming().folder().rename(job.incoming().name(), folder, name, RenameMode.NO_REPLACE);
            return true;
        } catch (FsException failed) {
            displaced.putBeside(job.ticket(), folder, name, Optional.of(name), now);
            throw failed;
        }
    }

    private boolean cameOutAsExpected(Job job) throws FsException {
        return root.displaced().find(job.ticket()).filter(out -> Images.of(out).sameImage(job.expected())).isPresent();
    }

    /** A person may have been faster than the last look: his bytes are not to be found by him in a hidden folder. */
    private Optional<DiskEntry.Seen> lookAtWhatCameOut(Job job, Dir folder) throws FsException {
        boolean expected = cameOutAsExpected(job);
        if (expected && job.keepAs().isEmpty()) {
            displaced.settle(job.ticket());
            return Optional.empty();
        }
        Optional<String> wish = expected ? job.keepAs() : Optional.empty();
        DiskEntry.Seen kept = displaced.putBeside(job.ticket(), folder, job.slot().name(), wish, now);
        displaced.release(job.ticket());
        return Optional.of(kept);
    }

    private void giveBack(Job job) {
        try {
            if (job.incoming().folder() == root.displaced()) {
                root.displaced().rename(job.ticket(), root.stage(), job.stagedName(), RenameMode.REPLACE);
            }
            if (root.displaced().find(job.ticket()).isEmpty()) {
                displaced.release(job.ticket());
            }
        } catch (FsException stays) {
            // Its sidecar says whose it is: a sweep ends it.
            System.getLogger(Placement.class.getName())
                    .log(System.Logger.Level.DEBUG, "staged file is not kept", stays);
        }
    }

    /** Only when what is there is what was put there may it pass for synced: someone may have written already. */
    private static DiskResult result(
            ItemId item, Dir folder, String name, Fingerprint placed, Optional<DiskEntry.Seen> kept)
            throws FsException {
        Optional<DiskEntry.Seen> there = Images.look(folder, name);
        return there.isPresent() && there.get().fingerprint().sameImage(placed)
                ? new DiskResult.Done(item, there, kept)
                : new DiskResult.Stale(item, "changed_meanwhile");
    }
}
