package tinysync.client.folder;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.Slot;
import tinysync.content.ChunkSink;
import tinysync.content.Chunking;
import tinysync.content.ContentReader;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.platform.Dir;
import tinysync.platform.DirEntry;
import tinysync.platform.Errno;
import tinysync.platform.FileKind;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.platform.RenameMode;
import tinysync.tree.ConflictNames;
import tinysync.tree.Fingerprint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Where replaced and removed files wait. A program that had such a file open goes on writing into it here, unseen; so
 * it is removed only after a while, when no program has it open for writing and it is as it was when it was displaced.
 * Otherwise it goes back to where it lay, under a conflict name.
 *
 * <p>A displaced file {@code NAME} has a sidecar {@code NAME.json} ({@code DisplacedRecord}). The sidecar's own mtime
 * is set to the file's ctime once it is displaced, so that also a later change that restores size and mtime is noticed.
 *
 * <p>Thread-safe. Everything is durable when it returns.
 */
public final class Displaced {
    private static final String SIDECAR = ".json";
    private static final int TRIES_MAX = 1000;

    private final Root root;
    private final Dir area;
    private final String device;
    private Chunking chunking = Chunking.DEFAULT;
    private long counter;

    /** What lies in the area under a name. */
    private enum Content {
        /** Nothing: it was never displaced, or went back. */
        NOTHING,
        /** What was to take the displaced file's place and did not: a copy of what the server has. */
        INCOMING,
        /** What was to be displaced. */
        PRE_IMAGE,
        /** What a person made, faster than us or after us. */
        UNEXPECTED
    }

    /**
     * @param device the device's display name, for conflict names
     */
    public Displaced(Root root, String device) {
        this.root = Objects.requireNonNull(root);
        this.area = root.displaced();
        this.device = Objects.requireNonNull(device);
    }

    /**
     * Looks through what was displaced at least {@code age} ago, and removes what is safe to go.
     *
     * @return what went back into the folder, because it was changed after it had been displaced
     * @throws FsException when the area could not be listed; a single file that resists waits for the next sweep
     */
    public synchronized List<Slot> sweep(Instant now, Duration age) throws FsException {
        List<Slot> returned = new ArrayList<>();
        for (String name : namesWithSidecar()) {
            try {
                Optional<DisplacedRecord> record = record(name);
                if (record.isPresent() && !record.get().at().plus(age).isAfter(now)) {
                    sweepOne(name, record.get(), now).ifPresent(returned::add);
                }
            } catch (IOException resisted) {
                log("displaced file stays for now", resisted);
            }
        }
        area.fsync();
        return returned;
    }

    private Optional<Slot> sweepOne(String name, DisplacedRecord record, Instant now) throws IOException {
        Optional<DirEntry.Seen> seen = area.find(name);
        return switch (content(seen, record)) {
            case NOTHING -> {
                release(name);
                yield Optional.empty();
            }
            case INCOMING -> {
                remove(name);
                yield Optional.empty();
            }
            case UNEXPECTED -> Optional.of(putBack(name, record, now));
            case PRE_IMAGE -> {
                if (record.keepAs().isPresent() || !seen.get().stat().ctime().equals(stamp(name))) {
                    yield Optional.of(putBack(name, record, now));
                }
                yield removeUnlessWritten(name, record) ? Optional.empty() : Optional.of(putBack(name, record, now));
            }
        };
    }

    private static Content content(Optional<DirEntry.Seen> seen, DisplacedRecord record) {
        if (seen.isEmpty()) {
            return Content.NOTHING;
        }
        DisplacedRecord.Image image = DisplacedRecord.Image.of(Images.of(seen.get()));
        if (record.incoming().filter(image::equals).isPresent()) {
            return Content.INCOMING;
        }
        return image.equals(record.expected()) ? Content.PRE_IMAGE : Content.UNEXPECTED;
    }

    /**
     * The lease is held until the file is gone: nobody begins to write in between.
     *
     * @return false when it holds other bytes than were read from it once: what is written through a memory map may
     *     leave no trace in the image. True when it is gone, or waits for the next sweep.
     */
    private boolean removeUnlessWritten(String name, DisplacedRecord record) throws IOException {
        if (area.find(name).map(seen -> seen.stat().kind()).filter(FileKind.FILE::equals).isEmpty()) {
            remove(name);
            return true;
        }
        try (OpenFile file = openAnyway(name)) {
            boolean writer = root.leaseTells(file.stat().uid()) && !file.tryReadLease();
            Fingerprint image = Images.of(file);
            boolean untouched =
                    DisplacedRecord.Image.of(image).equals(record.expected()) && image.ctime().equals(stamp(name));
            if (writer || !untouched) {
                return true;
            }
            if (record.content().isPresent() && !contentOf(file).equals(record.content().get())) {
                return false;
            }
            // Reading takes time, and not every disk has leases.
            if (!Images.of(file).equals(image)) {
                return true;
            }
            remove(name);
            return true;
        }
    }

    private ContentRef contentOf(OpenFile file) throws IOException {
        return ContentReader.read(file.inputStream(), chunking, ChunkSink.NONE).ref();
    }

    /** Its mode may forbid even the owner to read it; here it is ours, and its new ctime is put down. */
    private OpenFile openAnyway(String name) throws FsException {
        try {
            return area.openRead(name);
        } catch (FsException failed) {
            if (failed.errno() != Errno.EACCES) {
                throw failed;
            }
            area.chmod(name, 0600);
            settle(name);
            return area.openRead(name);
        }
    }

    /**
     * Ends what an earlier run began. Call once at start-up, before the folder is listed.
     *
     * @param vaultChunking of the vault, also for later sweeps
     * @param knownToServer whether the server has (or had) content of this id
     * @return what went back into the folder
     * @throws FsException when the area could not be listed
     */
    public synchronized List<Slot> recover(Instant now, Chunking vaultChunking, Predicate<Hash> knownToServer)
            throws FsException {
        chunking = vaultChunking;
        List<Slot> returned = new ArrayList<>();
        Set<String> recorded = namesWithSidecar();
        for (DirEntry entry : area.list()) {
            if (entry instanceof DirEntry.Seen seen && !seen.name().endsWith(SIDECAR)) {
                try {
                    Optional<DisplacedRecord> record =
                            recorded.contains(seen.name()) ? record(seen.name()) : Optional.empty();
                    Optional<Slot> back =
                            record.isPresent()
                                    ? recoverRecorded(seen, record.get(), now)
                                    : recoverUnrecorded(seen, knownToServer);
                    back.ifPresent(returned::add);
                } catch (IOException resisted) {
                    log("displaced file stays for now", resisted);
                }
            }
        }
        for (String name : recorded) {
            if (area.find(name).isEmpty()) {
                release(name);
            }
        }
        area.fsync();
        return returned;
    }

    private Optional<Slot> recoverRecorded(DirEntry.Seen seen, DisplacedRecord record, Instant now) throws FsException {
        return switch (content(Optional.of(seen), record)) {
            case NOTHING -> Optional.empty();
            case INCOMING -> {
                remove(seen.name());
                yield Optional.empty();
            }
            case UNEXPECTED -> Optional.of(putBack(seen.name(), record, now));
            case PRE_IMAGE -> {
                if (record.keepAs().isPresent()) {
                    yield Optional.of(putBack(seen.name(), record, now));
                }
                // The run may have ended before it could put the stamp down.
                settle(seen.name());
                yield Optional.empty();
            }
        };
    }

    private Optional<Slot> recoverUnrecorded(DirEntry.Seen seen, Predicate<Hash> knownToServer) throws IOException {
        boolean known = false;
        if (seen.stat().kind() == FileKind.FILE) {
            try (OpenFile file = area.openRead(seen.name())) {
                Hash id = contentOf(file).id();
                boolean writer = root.leaseTells(seen.stat().uid()) && !file.tryReadLease();
                known = !writer && knownToServer.test(id);
            }
        }
        if (known) {
            remove(seen.name());
            return Optional.empty();
        }
        for (int n = 1; n <= TRIES_MAX; n++) {
            String name = "recovered " + seen.name() + (n == 1 ? "" : " " + n);
            if (moved(seen.name(), root.folder(), name)) {
                root.folder().fsync();
                release(seen.name());
                return Optional.of(new Slot("", name));
            }
        }
        throw new FsException(Errno.EEXIST, "find a free name for '" + seen.name() + "'");
    }

    /** Back to where it lay, or to the nearest folder above that is still there. */
    private Slot putBack(String name, DisplacedRecord record, Instant now) throws FsException {
        String path = record.slot().folder();
        while (true) {
            try (Dir folder = root.folder().resolve(path)) {
                DiskEntry.Seen back = putBeside(name, folder, record.slot().name(), record.keepAs(), now);
                folder.fsync();
                release(name);
                return new Slot(path, back.name());
            } catch (FsException failed) {
                if (path.isEmpty() || !Reasons.isGone(failed)) {
                    throw failed;
                }
                path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
            }
        }
    }

    /**
     * Moves a displaced file into a folder under a name that nobody has there; its sidecar stays.
     *
     * @param original the name of the item it was
     * @param wish the name it shall get if that is free, else a conflict name made from {@code original}
     * @return what is there now
     */
    DiskEntry.Seen putBeside(String name, Dir folder, String original, Optional<String> wish, Instant now)
            throws FsException {
        if (wish.isPresent() && moved(name, folder, wish.get())) {
            return seen(folder, wish.get());
        }
        boolean isFolder = area.find(name).map(seen -> seen.stat().kind()).filter(FileKind.FOLDER::equals).isPresent();
        for (int n = 1; n <= TRIES_MAX; n++) {
            String copy = ConflictNames.copyName(original, device, now, n, isFolder);
            if (moved(name, folder, copy)) {
                return seen(folder, copy);
            }
        }
        throw new FsException(Errno.EEXIST, "find a free name for a copy of '" + original + "'");
    }

    private boolean moved(String name, Dir folder, String toName) throws FsException {
        try {
            area.rename(name, folder, toName, RenameMode.NO_REPLACE);
            return true;
        } catch (FsException failed) {
            if (failed.errno() == Errno.EEXIST) {
                return false;
            }
            throw failed;
        }
    }

    private static DiskEntry.Seen seen(Dir folder, String name) throws FsException {
        return Images.look(folder, name)
                .orElseThrow(() -> new FsException(Errno.ENOENT, "look at '" + name + "' in " + folder));
    }

    /**
     * Takes a name in the area and writes its sidecar, which is not durable yet.
     *
     * @param durable make it so
     */
    synchronized String reserve(DisplacedRecord record, boolean durable) throws FsException {
        while (true) {
            String name = record.item() + "-" + record.at().toEpochMilli() + "-" + counter++;
            try {
                SmallFile sidecar = new SmallFile(area, name + SIDECAR);
                sidecar.create(record.bytes());
                if (durable) {
                    sidecar.fsync();
                }
                return name;
            } catch (FsException failed) {
                if (failed.errno() != Errno.EEXIST) {
                    throw failed;
                }
            }
        }
    }

    /** The name is free again: nothing of it needs a record any more. */
    void release(String name) throws FsException {
        SmallFile.unlinkIfThere(area, name + SIDECAR);
    }

    /** Puts down that the file of that name is displaced as planned. */
    void settle(String name) throws FsException {
        Optional<DirEntry.Seen> seen = area.find(name);
        if (seen.isPresent()) {
            area.setMtime(name + SIDECAR, seen.get().stat().ctime());
        }
    }

    private Instant stamp(String name) throws FsException {
        return area.find(name + SIDECAR).map(seen -> seen.stat().mtime()).orElse(Instant.MIN);
    }

    private void remove(String name) throws FsException {
        area.unlink(name);
        release(name);
    }

    private Optional<DisplacedRecord> record(String name) throws FsException {
        return switch (new SmallFile(area, name + SIDECAR).read(DisplacedRecord.BYTES_MAX)) {
            case SmallFile.Content.Text(String text) -> DisplacedRecord.parse(text);
            case SmallFile.Content.Absent(), SmallFile.Content.TooLong() -> Optional.empty();
        };
    }

    private Set<String> namesWithSidecar() throws FsException {
        return area.list().stream()
                .filter(DirEntry.Seen.class::isInstance)
                .map(entry -> ((DirEntry.Seen) entry).name())
                .filter(name -> name.endsWith(SIDECAR))
                .map(name -> name.substring(0, name.length() - SIDECAR.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void log(String what, IOException why) {
        System.getLogger(Displaced.class.getName()).log(System.Logger.Level.DEBUG, what, why);
    }
}
