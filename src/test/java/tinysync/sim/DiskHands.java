package tinysync.sim;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Listing;
import tinysync.client.engine.Slot;
import tinysync.content.ContentRef;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Performs {@link DiskOp}s on a {@link ModelDisk}, to the letter of their contract; and keeps what is staged. */
final class DiskHands {
    private record Staged(ItemId item, ContentRef content) {}

    private final ModelDisk disk;
    private final Texts texts;
    private final int umask;
    private final Set<Staged> staged = new HashSet<>();
    private final Set<Slot> overlooked = new HashSet<>();

    DiskHands(ModelDisk disk, Texts texts, int umask) {
        this.disk = disk;
        this.texts = texts;
        this.umask = umask;
    }

    void stage(ItemId item, ContentRef content) {
        staged.add(new Staged(item, content));
    }

    void dropStaged(ItemId item, ContentRef content) {
        staged.remove(new Staged(item, content));
    }

    void overlookOnce(Slot slot) {
        overlooked.add(slot);
    }

    DiskResult perform(DiskOp op) {
        return switch (op) {
            case DiskOp.MakeFolder make -> makeFolder(make);
            case DiskOp.PlaceFile place -> placeFile(place);
            case DiskOp.PlaceSymlink place -> {
                ModelDisk.Node link = disk.node(Kind.SYMLINK, 0777);
                link.text = place.target();
                yield place(place.item(), place.slot(), link, place.expected(), place.keepAs());
            }
            case DiskOp.Move move -> move(move);
            case DiskOp.SetMeta meta -> setMeta(meta);
            case DiskOp.RemoveFile remove -> removeFile(remove);
            case DiskOp.RemoveFolder remove -> removeFolder(remove);
        };
    }

    private int mode(int wanted) {
        return (wanted & 0700) | (wanted & 0077 & ~umask);
    }

    static DiskEntry.Seen seen(String name, ModelDisk.Node node) {
        Optional<String> target = node.kind.isSymlink() ? Optional.of(node.text) : Optional.empty();
        return new DiskEntry.Seen(name, node.kind, node.fingerprint(), target);
    }

    private DiskResult done(ItemId item, Slot slot) {
        Optional<DiskEntry.Seen> now = disk.find(slot).map(node -> seen(slot.name(), node));
        return new DiskResult.Done(item, now, Optional.empty());
    }

    private static DiskResult stale(ItemId item, String reason) {
        return new DiskResult.Stale(item, reason);
    }

    private DiskResult makeFolder(DiskOp.MakeFolder op) {
        if (disk.folder(op.slot().folder()).isEmpty()) {
            return stale(op.item(), "vanished");
        }
        Optional<ModelDisk.Node> there = disk.find(op.slot());
        if (there.isPresent() && !there.get().kind.isFolder()) {
            return stale(op.item(), "taken");
        }
        if (there.isEmpty()) {
            disk.add(op.slot(), disk.node(Kind.FOLDER, mode(op.mode())));
        }
        return done(op.item(), op.slot());
    }

    private DiskResult placeFile(DiskOp.PlaceFile op) {
        if (!staged.contains(new Staged(op.item(), op.content()))) {
            throw new AssertionError("placed what was not fetched: " + op);
        }
        ModelDisk.Node file = disk.node(Kind.FILE, mode(op.mode()));
        file.text = texts.text(op.content());
        file.mtime = op.mtime();
        DiskResult result = place(op.item(), op.slot(), file, op.expected(), op.keepAs());
        if (result instanceof DiskResult.Done) {
            dropStaged(op.item(), op.content());
        }
        return result;
    }

    private DiskResult place(
            ItemId item, Slot slot, ModelDisk.Node fresh, Optional<Fingerprint> expected, Optional<String> keepAs) {
        if (disk.folder(slot.folder()).isEmpty()) {
            return stale(item, "vanished");
        }
        Optional<ModelDisk.Node> there = disk.find(slot);
        if (expected.isEmpty()) {
            if (there.isPresent()) {
                return stale(item, "taken");
            }
            disk.add(slot, fresh);
            return done(item, slot);
        }
        if (there.isEmpty()) {
            return stale(item, "vanished");
        }
        if (!there.get().fingerprint().sameImage(expected.get())) {
            return stale(item, "changed");
        }
        disk.remove(slot);
        disk.add(slot, fresh);
        if (keepAs.isEmpty()) {
            return done(item, slot);
        }
        Slot beside = new Slot(slot.folder(), free(slot.folder(), keepAs.get()));
        disk.add(beside, there.get());
        return new DiskResult.Done(
                item, Optional.of(seen(slot.name(), fresh)), Optional.of(seen(beside.name(), there.get())));
    }

    private String free(String folder, String name) {
        String free = name;
        for (int n = 2; disk.find(new Slot(folder, free)).isPresent(); n++) {
            free = name + " " + n;
        }
        return free;
    }

    private boolean holds(Slot slot, Fingerprint identity) {
        return disk.find(slot).filter(node -> node.identity.equals(identity.identity())).isPresent();
    }

    private DiskResult move(DiskOp.Move op) {
        if ((op.to().folder() + "/").startsWith(op.from().path() + "/")) {
            return stale(op.item(), "into_itself");
        }
        if (disk.folder(op.to().folder()).isEmpty() || !holds(op.from(), op.expected())) {
            return stale(op.item(), "changed");
        }
        if (op.exchange().isPresent()) {
            if (!holds(op.to(), op.exchange().get())) {
                return stale(op.item(), "changed");
            }
            disk.exchange(op.from(), op.to());
        } else if (disk.find(op.to()).isPresent()) {
            return stale(op.item(), "taken");
        } else {
            disk.rename(op.from(), op.to());
        }
        return done(op.item(), op.to());
    }

    private DiskResult setMeta(DiskOp.SetMeta op) {
        Optional<ModelDisk.Node> there = disk.find(op.slot());
        boolean same =
                there.isPresent()
                        && (there.get().kind.isFolder()
                                ? holds(op.slot(), op.expected())
                                : there.get().fingerprint().sameImage(op.expected()));
        if (!same) {
            return stale(op.item(), "changed");
        }
        Optional<Instant> mtime = there.get().kind.isFolder() ? Optional.empty() : op.mtime();
        disk.setMeta(op.slot(), mode(op.mode()), mtime);
        return done(op.item(), op.slot());
    }

    private DiskResult removeFile(DiskOp.RemoveFile op) {
        Optional<ModelDisk.Node> there = disk.find(op.slot());
        if (there.isPresent() && !there.get().fingerprint().sameImage(op.expected())) {
            return stale(op.item(), "changed");
        }
        there.ifPresent(node -> disk.remove(op.slot()));
        return new DiskResult.Done(op.item(), Optional.empty(), Optional.empty());
    }

    private DiskResult removeFolder(DiskOp.RemoveFolder op) {
        Optional<ModelDisk.Node> there = disk.find(op.slot());
        if (there.isPresent()) {
            if (!holds(op.slot(), op.expected())) {
                return stale(op.item(), "changed");
            }
            if (!there.get().entries.isEmpty()) {
                return new DiskResult.NotEmpty(op.item());
            }
            disk.remove(op.slot());
        }
        return new DiskResult.Done(op.item(), Optional.empty(), Optional.empty());
    }

    /** What a look at a folder gives. */
    Listing list(String path) {
        Optional<ModelDisk.Node> folder = disk.folder(path);
        if (folder.isEmpty()) {
            return new Listing.Missing();
        }
        if (!folder.get().readable) {
            return new Listing.Unreadable("permission_denied");
        }
        List<DiskEntry> entries =
                folder.get().entries.entrySet().stream()
                        .filter(e -> !overlooked.remove(new Slot(path, e.getKey())))
                        .map(e -> (DiskEntry) seen(e.getKey(), e.getValue()))
                        .toList();
        Optional<String> rules =
                Optional.ofNullable(folder.get().entries.get(".tinysyncignore"))
                        .filter(node -> node.kind.isFile())
                        .map(ModelDisk.Node::text);
        return new Listing.Whole(folder.get().fingerprint(), entries, rules);
    }
}
