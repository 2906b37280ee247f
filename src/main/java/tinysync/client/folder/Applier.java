package tinysync.client.folder;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
import tinysync.platform.FileIdentity;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.platform.RenameMode;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Changes the user's folder as the engine orders, in batches:
 *
 * <ol>
 *   <li>what will be placed is made ready, and one barrier makes its bytes durable ({@code Preparation});
 *   <li>each operation is performed in order, after a look whether what it expects is there;
 *   <li>the touched folders are made durable; only then the results are told.
 * </ol>
 *
 * <p>No byte of a person's is ever lost by it: see {@link Displaced}. A crash at any moment leaves at every name the
 * old or the new, whole; {@link Displaced#recover} ends the rest. For one thread.
 */
public final class Applier {
    private final Root root;
    private final Displaced displaced;
    private final Supplier<Instant> clock;

    /**
     * @param clock the time of day, for records and conflict names
     */
    public Applier(Root root, Displaced displaced, Supplier<Instant> clock) {
        this.root = Objects.requireNonNull(root);
        this.displaced = Objects.requireNonNull(displaced);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Performs the operations in order; one that fails does not stop the others. One result each, in the same order.
     */
    public List<DiskResult> apply(List<DiskOp> ops) {
        Instant now = clock.get();
        List<Prepared> prepared = new Preparation(root, displaced, now).prepare(ops);
        try (Folders folders = new Folders(root)) {
            List<DiskResult> results = new ArrayList<>(ops.size());
            Batch batch = new Batch(folders, new Placement(root, displaced, folders, now), now);
            for (int i = 0; i < ops.size(); i++) {
                results.add(batch.perform(ops.get(i), prepared.get(i)));
            }
            try {
                folders.sync();
                return List.copyOf(results);
            } catch (FsException notDurable) {
                return results.stream().map(result -> undone(result, notDurable)).toList();
            }
        }
    }

    private static DiskResult undone(DiskResult result, FsException notDurable) {
        return result instanceof DiskResult.Done(ItemId item, _, _)
                ? new DiskResult.Failed(item, Reasons.of(notDurable), notDurable.getMessage())
                : result;
    }

    private static DiskResult done(ItemId item, Dir folder, String name) throws FsException {
        return new DiskResult.Done(item, Images.look(folder, name), Optional.empty());
    }

    private static DiskResult removed(ItemId item) {
        return new DiskResult.Done(item, Optional.empty(), Optional.empty());
    }

    private static DiskResult stale(ItemId item, String reason) {
        return new DiskResult.Stale(item, reason);
    }

    /** The second half of a batch. */
    private final class Batch {
        private final Folders folders;
        private final Placement placement;
        private final Instant now;

        Batch(Folders folders, Placement placement, Instant now) {
            this.folders = folders;
            this.placement = placement;
            this.now = now;
        }

        DiskResult perform(DiskOp op, Prepared prepared) {
            if (prepared instanceof Prepared.Refused(DiskResult refusal)) {
                return refusal;
            }
            try {
                folders.beginOperation();
                return switch (op) {
                    case DiskOp.MakeFolder folder -> makeFolder(folder);
                    case DiskOp.PlaceFile file ->
                            placement.place(
                                    file.item(),
                                    file.slot(),
                                    (Prepared.Incoming) prepared,
                                    file.expected(),
                                    file.keepAs(),
                                    Staging.wholeName(file.item(), file.content()));
                    case DiskOp.PlaceSymlink link ->
                            placement.place(
                                    link.item(),
                                    link.slot(),
                                    (Prepared.Incoming) prepared,
                                    link.expected(),
                                    link.keepAs(),
                                    link.item() + ".link");
                    case DiskOp.Move move -> move(move);
                    case DiskOp.SetMeta meta -> setMeta(meta);
                    case DiskOp.RemoveFile file -> removeFile(file, ((Prepared.Reserved) prepared).ticket());
                    case DiskOp.RemoveFolder folder -> removeFolder(folder);
                };
            } catch (FsException failed) {
                return failure(op, failed);
            }
        }

        private DiskResult failure(DiskOp op, FsException failed) {
            if (Reasons.isGone(failed)) {
                return stale(op.item(), "vanished");
            }
            return switch (failed.errno()) {
                case EEXIST, EISDIR, ENOTEMPTY -> stale(op.item(), "taken");
                default -> new DiskResult.Failed(op.item(), Reasons.of(failed), failed.getMessage());
            };
        }

        private DiskResult makeFolder(DiskOp.MakeFolder op) throws FsException {
            Dir parent = folders.at(op.slot().folder());
            String name = op.slot().name();
            try {
                parent.mkdir(name, 0700);
                parent.chmod(name, Preparation.mode(op.mode(), root.umask()));
                folders.touch(parent);
            } catch (FsException failed) {
                boolean there =
                        failed.errno() == Errno.EEXIST
                                && parent.find(name).filter(seen -> seen.stat().kind() == FileKind.FOLDER).isPresent();
                if (!there) {
                    throw failed;
                }
            }
            return done(op.item(), parent, name);
        }

        private DiskResult move(DiskOp.Move op) throws FsException {
            if ((op.to().folder() + "/").startsWith(op.from().path() + "/")) {
                return stale(op.item(), "into_itself");
            }
            Dir from = folders.at(op.from().folder());
            Dir to = folders.at(op.to().folder());
            if (!Images.isAt(from, op.from().name(), op.expected())) {
                return stale(op.item(), "changed");
            }
            boolean moved =
                    op.exchange().isPresent() ? swap(op, from, to, op.exchange().get()) : moveToFree(op, from, to);
            folders.touch(from);
            folders.touch(to);
            folders.forgetPaths();
            return moved ? done(op.item(), to, op.to().name()) : stale(op.item(), "changed_meanwhile");
        }

        private boolean swap(DiskOp.Move op, Dir from, Dir to, Fingerprint other) throws FsException {
            String fromName = op.from().name();
            String toName = op.to().name();
            if (!Images.isAt(to, toName, other)) {
                return false;
            }
            from.rename(fromName, to, toName, RenameMode.EXCHANGE);
            if (Images.isAt(to, toName, op.expected()) && Images.isAt(from, fromName, other)) {
                return true;
            }
            from.rename(fromName, to, toName, RenameMode.EXCHANGE);
            return false;
        }

        private boolean moveToFree(DiskOp.Move op, Dir from, Dir to) throws FsException {
            String fromName = op.from().name();
            String toName = op.to().name();
            try {
                from.rename(fromName, to, toName, RenameMode.NO_REPLACE);
            } catch (FsException failed) {
                if (failed.errno() == Errno.EEXIST && Images.isAt(to, toName, op.expected())) {
                    return renameInTwoSteps(op, from, to);
                }
                throw failed;
            }
            if (Images.isAt(to, toName, op.expected())) {
                return true;
            }
            to.rename(toName, from, fromName, RenameMode.NO_REPLACE);
            return false;
        }

        /** Where case is no difference, the new name seems taken, by the file itself. */
        private boolean renameInTwoSteps(DiskOp.Move op, Dir from, Dir to) throws FsException {
            DisplacedRecord record =
                    new DisplacedRecord(
                            op.item(),
                            op.to(),
                            now,
                            DisplacedRecord.Image.of(op.expected()),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(op.to().name()));
            String ticket = displaced.reserve(record, true);
            root.displaced().fsync();
            from.rename(op.from().name(), root.displaced(), ticket, RenameMode.NO_REPLACE);
            try {
                root.displaced().rename(ticket, to, op.to().name(), RenameMode.NO_REPLACE);
                return true;
            } catch (FsException failed) {
                // Another name of the same file is in the way.
                displaced.putBeside(ticket, from, op.from().name(), Optional.of(op.from().name()), now);
                throw failed;
            } finally {
                if (root.displaced().find(ticket).isEmpty()) {
                    displaced.release(ticket);
                }
            }
        }

        private DiskResult setMeta(DiskOp.SetMeta op) throws FsException {
            Dir folder = folders.at(op.slot().folder());
            String name = op.slot().name();
            Optional<DirEntry.Seen> current = folder.find(name);
            if (current.isEmpty() || !matches(current.get(), op.expected())) {
                return stale(op.item(), current.isEmpty() ? "vanished" : "changed");
            }
            int mode = Preparation.mode(op.mode(), root.umask());
            boolean done =
                    switch (current.get().stat().kind()) {
                        case FILE -> setFileMeta(op, folder, mode);
                        case FOLDER -> {
                            folder.chmod(name, mode);
                            yield true;
                        }
                        case SYMLINK -> {
                            if (op.mtime().isPresent()) {
                                folder.setMtime(name, op.mtime().get());
                            }
                            yield true;
                        }
                        case SPECIAL -> false;
                    };
            folders.touch(folder);
            return done ? done(op.item(), folder, name) : stale(op.item(), "changed");
        }

        /** The time of a folder moves with every change in it and says nothing. */
        private static boolean matches(DirEntry.Seen current, Fingerprint expected) {
            return current.stat().kind() == FileKind.FOLDER
                    ? Images.isSame(current.identity(), expected)
                    : Images.of(current).sameImage(expected);
        }

        /** Through the open file: what a person puts under its name meanwhile keeps its own mode and time. */
        private boolean setFileMeta(DiskOp.SetMeta op, Dir folder, int mode) throws FsException {
            try (OpenFile file = folder.openRead(op.slot().name())) {
                if (!Images.of(file).sameImage(op.expected())) {
                    return false;
                }
                file.chmod(mode);
                if (op.mtime().isPresent()) {
                    file.setMtime(op.mtime().get());
                }
                folders.touch(file);
                return true;
            } catch (FsException failed) {
                if (failed.errno() != Errno.EACCES) {
                    throw failed;
                }
                // Not readable even for its owner: then by name.
                folder.chmod(op.slot().name(), mode);
                if (op.mtime().isPresent()) {
                    folder.setMtime(op.slot().name(), op.mtime().get());
                }
                return true;
            }
        }

        private DiskResult removeFile(DiskOp.RemoveFile op, String ticket) throws FsException {
            boolean displacedIt = false;
            try {
                Dir folder = folders.at(op.slot().folder());
                Optional<DirEntry.Seen> current = folder.find(op.slot().name());
                if (current.isEmpty()) {
                    return removed(op.item());
                }
                if (!Images.of(current.get()).sameImage(op.expected())) {
                    return stale(op.item(), "changed");
                }
                folder.rename(op.slot().name(), root.displaced(), ticket, RenameMode.NO_REPLACE);
                displacedIt = true;
                folders.touch(folder);
                folders.touch(root.displaced());
                return lookAtWhatWasRemoved(op, folder, ticket);
            } catch (FsException failed) {
                if (Reasons.isGone(failed) && !displacedIt) {
                    return removed(op.item());
                }
                throw failed;
            } finally {
                if (!displacedIt) {
                    displaced.release(ticket);
                }
            }
        }

        private DiskResult lookAtWhatWasRemoved(DiskOp.RemoveFile op, Dir folder, String ticket) throws FsException {
            Optional<FileIdentity> out =
                    root.displaced()
                            .find(ticket)
                            .filter(seen -> Images.of(seen).sameImage(op.expected()))
                            .map(DirEntry.Seen::identity);
            if (out.isPresent()) {
                displaced.settle(ticket);
                return removed(op.item());
            }
            String name = op.slot().name();
            displaced.putBeside(ticket, folder, name, Optional.of(name), now);
            displaced.release(ticket);
            return stale(op.item(), "changed_meanwhile");
        }

        private DiskResult removeFolder(DiskOp.RemoveFolder op) throws FsException {
            try {
                Dir parent = folders.at(op.slot().folder());
                Optional<DirEntry.Seen> current = parent.find(op.slot().name());
                if (current.isEmpty()) {
                    return removed(op.item());
                }
                if (!Images.isSame(current.get().identity(), op.expected())) {
                    return stale(op.item(), "changed");
                }
                parent.rmdir(op.slot().name());
                folders.touch(parent);
                folders.forgetPaths();
                return removed(op.item());
            } catch (FsException failed) {
                return switch (failed.errno()) {
                    case ENOTEMPTY, EEXIST -> new DiskResult.NotEmpty(op.item());
                    case ENOENT -> removed(op.item());
                    default -> throw failed;
                };
            }
        }
    }
}
