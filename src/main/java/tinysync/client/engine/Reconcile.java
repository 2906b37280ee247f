package tinysync.client.engine;

import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the Local tree in line with what listings say. Decides which entry is which item:
 *
 * <ul>
 *   <li>A name that keeps its kind keeps its item, even when the file behind it is another one: a program that saves by
 *       temporary file and rename made new content of that item.
 *   <li>Unless the old file is found under another name of the same folder and the new one is known, too: then names
 *       were swapped or rotated, and the items follow their files.
 *   <li>A new name whose file is known from a name that is gone is a move.
 *   <li>What is missing must be missing twice before it is absent.
 * </ul>
 */
final class Reconcile {
    private final Books books;
    private final Scan scan;
    private final Hashing hashing;
    private final Ignores ignores;
    private final HiddenSet hidden;
    private final LeftBehind leftBehind;
    private final Settlement settlement;
    private final Ids ids;
    private final Map<ItemId, Long> missing = new HashMap<>();
    private final Map<ItemId, Sighting> sighted = new HashMap<>();
    private final Set<ItemId> lost = new HashSet<>();
    private final Map<ItemId, List<DiskEntry.Problem>> problems = new LinkedHashMap<>();

    /**
     * A known file was found under a name in another folder.
     *
     * @param since the scan that found it
     * @param stillThere a later scan found it at its old name as well
     */
    private record Sighting(long since, boolean stillThere) {}

    Reconcile(
            Books books,
            Scan scan,
            Hashing hashing,
            Ignores ignores,
            HiddenSet hidden,
            LeftBehind leftBehind,
            Settlement settlement,
            Ids ids) {
        this.books = books;
        this.scan = scan;
        this.hashing = hashing;
        this.ignores = ignores;
        this.hidden = hidden;
        this.leftBehind = leftBehind;
        this.settlement = settlement;
        this.ids = ids;
    }

    /** Entries that cannot be synced, by folder. */
    Map<ItemId, List<DiskEntry.Problem>> problems() {
        // A folder that comes back is looked at again.
        problems.keySet().removeIf(folder -> books.local.path(folder).isEmpty());
        return problems;
    }

    /** True while something is missing that has not been looked for a second time. */
    boolean isUncertain() {
        // Asked at each step: the first one that is awaited will do.
        var awaited = missing.keySet().iterator();
        while (awaited.hasNext() && willNotBeLookedFor(awaited.next())) {
            awaited.remove();
        }
        return !missing.isEmpty();
    }

    /** Its folder has gone or become unreadable meanwhile. */
    private boolean willNotBeLookedFor(ItemId id) {
        return books.local.isShut(id) || books.local.get(id).filter(node -> !node.isAbsent()).isEmpty();
    }

    void take(Scan.Request request, ItemId folder, Listing listing, Instant now) {
        LocalNode node = books.local.get(folder).orElseThrow();
        switch (listing) {
            case Listing.Missing gone when node.parent().isPresent() -> {
                lost.add(folder);
                scan.want(node.parent().get(), false);
                scan.hurry();
            }
            case Listing.Missing gone -> books.putLocal(node.withPresence(new Presence.Unknown("missing")));
            case Listing.Unreadable bad -> books.putLocal(node.withPresence(new Presence.Unknown(bad.reason())));
            case Listing.Whole whole -> takeWhole(request, node, whole, now);
        }
    }

    private void takeWhole(Scan.Request request, LocalNode folder, Listing.Whole whole, Instant now) {
        boolean sameFolder = whole.folder().identity().equals(folder.fingerprint().identity());
        if (!sameFolder && folder.parent().isPresent()) {
            scan.want(folder.parent().get(), true);
            return;
        }
        boolean wasShut = folder.presence() instanceof Presence.Unknown;
        boolean newRules = ignores.set(folder.id(), whole.ignoreRules());
        boolean deep = request.deep() || wasShut || newRules;
        refreshFolder(folder, whole.folder(), wasShut);
        new Pass(request.scan(), folder.id(), deep, now).run(whole.entries());
    }

    private void refreshFolder(LocalNode folder, Fingerprint seen, boolean wasShut) {
        LocalNode fresh = folder.withFingerprint(seen);
        if (wasShut) {
            books.putLocal(fresh.withPresence(Presence.PRESENT));
        } else if (folder.fingerprint().mode() != seen.mode() && folder.parent().isPresent()) {
            books.putLocal(fresh);
        } else if (!folder.fingerprint().equals(seen)) {
            books.refreshLocal(fresh);
        }
    }

    /** One listing of one folder. */
    private final class Pass {
        private final long number;
        private final ItemId folder;
        private final boolean deep;
        private final Instant now;
        private final Map<String, DiskEntry.Seen> byName = new HashMap<>();
        private final Map<String, String> nameByIdentity = new HashMap<>();
        private final Set<ItemId> placed = new HashSet<>();

        Pass(long number, ItemId folder, boolean deep, Instant now) {
            this.number = number;
            this.folder = folder;
            this.deep = deep;
            this.now = now;
        }

        void run(List<DiskEntry> entries) {
            List<DiskEntry.Problem> bad = new ArrayList<>();
            for (DiskEntry entry : entries) {
                switch (entry) {
                    case DiskEntry.Seen seen -> {
                        byName.put(seen.name(), seen);
                        nameByIdentity.putIfAbsent(seen.fingerprint().identity(), seen.name());
                    }
                    case DiskEntry.Problem problem -> bad.add(problem);
                }
            }
            rememberProblems(bad);
            Map<String, ItemId> before = new HashMap<>(books.local.children(folder));
            List<DiskEntry.Seen> strangers = new ArrayList<>();
            Map<DiskEntry.Seen, LocalNode> rearranged = new LinkedHashMap<>();
            for (DiskEntry.Seen seen : byName.values()) {
                ItemId known = before.get(seen.name());
                LocalNode node = known == null ? null : books.local.get(known).orElseThrow();
                if (node == null || !node.kind().equals(seen.kind())) {
                    strangers.add(seen);
                } else if (isSameFile(node, seen)) {
                    keep(node, seen);
                } else {
                    Optional<LocalNode> mover = rearrangedInto(node, seen);
                    if (mover.isPresent()) {
                        rearranged.put(seen, mover.get());
                    } else if (node.kind().isFolder() && isHere(node)) {
                        // Unlike a file, a folder is what is in it: it moved, and this is another one.
                        strangers.add(seen);
                    } else {
                        replaced(node, seen);
                    }
                }
            }
            // All take their new places before any is looked at by name again, since they sit on each other's names.
            rearranged.values().forEach(mover -> books.local.drop(mover.id()));
            rearranged.forEach(this::moveHere);
            for (DiskEntry.Seen seen : strangers) {
                welcome(seen);
            }
            before.values().forEach(id -> lookFor(id, bad));
        }

        /** What stands in a tree is remembered there as unreadable, all else by folder. */
        private void rememberProblems(List<DiskEntry.Problem> bad) {
            List<DiskEntry.Problem> strange = new ArrayList<>();
            for (DiskEntry.Problem problem : bad) {
                Optional<LocalNode> known = books.local.at(folder, problem.name());
                if (known.isEmpty()) {
                    strange.add(problem);
                }
                known.filter(node -> !node.isOpaque())
                        .ifPresent(node -> books.putLocal(node.withPresence(new Presence.Unknown(problem.reason()))));
            }
            if (strange.isEmpty()) {
                problems.remove(folder);
            } else {
                problems.put(folder, strange);
            }
        }

        /** The node's file is in this listing, under whatever name. */
        private boolean isHere(LocalNode node) {
            return nameByIdentity.containsKey(node.fingerprint().identity());
        }

        private boolean isSameFile(LocalNode node, DiskEntry.Seen seen) {
            return node.fingerprint().identity().equals(seen.fingerprint().identity());
        }

        /** The node that a file of this folder belonged to, when names of this folder were swapped or rotated. */
        private Optional<LocalNode> rearrangedInto(LocalNode atName, DiskEntry.Seen seen) {
            Optional<LocalNode> owner =
                    books.local
                            .byIdentity(seen.fingerprint().identity())
                            .filter(o -> o.kind().equals(seen.kind()) && !o.id().equals(atName.id()));
            boolean ownerLeft =
                    owner.isPresent() && owner.get().parent().equals(Optional.of(folder)) && !sitsThere(owner.get());
            return ownerLeft && (isHere(atName) || seen.kind().isFolder()) ? owner : Optional.empty();
        }

        private boolean sitsThere(LocalNode node) {
            DiskEntry.Seen there = byName.get(node.name());
            return there != null && isSameFile(node, there);
        }

        private void keep(LocalNode node, DiskEntry.Seen seen) {
            placed.add(node.id());
            missing.remove(node.id());
            Sighting sighting = sighted.get(node.id());
            if (sighting != null && number > sighting.since()) {
                sighted.put(node.id(), new Sighting(number, true));
            }
            boolean wasShut = node.presence() instanceof Presence.Unknown;
            LocalNode at = wasShut ? node.withPresence(Presence.PRESENT) : node;
            if (node.kind().isFolder()) {
                keepFolder(at, seen, wasShut);
            } else if (node.kind().isSymlink()) {
                keepLink(at, seen, wasShut);
            } else {
                keepFile(at, seen, wasShut);
            }
        }

        private void keepFolder(LocalNode at, DiskEntry.Seen seen, boolean wasShut) {
            if (wasShut || at.fingerprint().mode() != seen.fingerprint().mode()) {
                books.putLocal(at.withFingerprint(seen.fingerprint()));
            }
            if (deep || wasShut || lost.remove(at.id())) {
                scan.want(at.id(), true);
            }
        }

        private void keepLink(LocalNode at, DiskEntry.Seen seen, boolean wasShut) {
            if (wasShut || !at.target().equals(seen.target())) {
                books.putLocal(asLink(at, seen));
            } else if (!at.fingerprint().equals(seen.fingerprint())) {
                // Its own time stamp is not synced; but who replaces or removes it goes by this image.
                books.refreshLocal(asLink(at, seen));
            }
        }

        private void keepFile(LocalNode at, DiskEntry.Seen seen, boolean wasShut) {
            if (wasShut) {
                books.putLocal(at);
            }
            boolean sameStat = at.fingerprint().equals(seen.fingerprint());
            if (!sameStat || !at.trusted() || at.content().isEmpty()) {
                hashing.want(at.id(), Optional.of(at.fingerprint().size()), seen.fingerprint().size(), now);
            }
        }

        /** Another file under the same name: new content of the same item. */
        private void replaced(LocalNode node, DiskEntry.Seen seen) {
            placed.add(node.id());
            missing.remove(node.id());
            LocalNode fresh = node.withFingerprint(seen.fingerprint()).withPresence(Presence.PRESENT);
            if (node.kind().isSymlink()) {
                books.putLocal(asLink(fresh, seen));
            } else if (node.kind().isFolder()) {
                books.putLocal(fresh);
                scan.want(node.id(), true);
            } else {
                books.putLocal(fresh.withContent(Optional.empty(), false));
                hashing.want(node.id(), Optional.of(node.fingerprint().size()), seen.fingerprint().size(), now);
            }
        }

        private LocalNode asLink(LocalNode node, DiskEntry.Seen seen) {
            return new LocalNode(
                    node.id(),
                    node.parent(),
                    node.name(),
                    node.kind(),
                    seen.fingerprint(),
                    seen.target().map(Links::content),
                    seen.target(),
                    true,
                    Presence.PRESENT);
        }

        /** A known item has this name now. */
        private void moveHere(DiskEntry.Seen seen, LocalNode mover) {
            placed.add(mover.id());
            settled(mover.id());
            vacate(seen.name(), mover.id());
            boolean sameImage = mover.fingerprint().sameImage(seen.fingerprint());
            LocalNode moved =
                    mover.withPlace(folder, seen.name())
                            .withFingerprint(seen.fingerprint())
                            .withPresence(Presence.PRESENT);
            if (mover.kind().isFile() && !sameImage) {
                moved = moved.withContent(Optional.empty(), false);
            } else if (mover.kind().isFile()) {
                // A rename moves ctime, so an edit could hide behind it: read it again when there is time.
                moved = moved.withContent(mover.content(), false);
            }
            books.putLocal(moved);
            if (mover.kind().isFolder()) {
                scan.want(mover.id(), true);
            } else if (mover.kind().isFile()) {
                hashing.want(mover.id(), Optional.empty(), seen.fingerprint().size(), now);
            }
        }

        /** A name that was not here before (or not of this kind). */
        private void welcome(DiskEntry.Seen seen) {
            boolean isFolder = seen.kind().isFolder();
            String identity = seen.fingerprint().identity();
            Optional<LocalNode> owner =
                    books.local
                            .byIdentity(identity)
                            // Once the server was asked to delete it, what turns up again is something new.
                            .or(() -> books.departed(identity).filter(o -> !settlement.isBeingDeleted(o.id())))
                            .filter(o -> o.kind().equals(seen.kind()))
                            .filter(o -> !placed.contains(o.id()));
            if (owner.isPresent() && cameFrom(owner.get(), seen)) {
                return;
            }
            if (ignores.excludes(folder, seen.name(), isFolder).isPresent()
                    && books.remote.at(folder, seen.name()).filter(item -> !hidden.holds(item.id())).isEmpty()) {
                return;
            }
            create(seen);
        }

        /** True when the entry is settled as a move, or has to wait until its old folder was looked at. */
        private boolean cameFrom(LocalNode owner, DiskEntry.Seen seen) {
            boolean sameFolder = owner.parent().equals(Optional.of(folder));
            if (owner.parent().isEmpty() || books.local.isAtOrBelow(folder, owner.id())) {
                return false;
            }
            if (owner.isAbsent() || missing.containsKey(owner.id()) || (sameFolder && !sitsThere(owner))) {
                moveHere(seen, owner);
                return true;
            }
            if (sameFolder || books.local.isShut(owner.id())) {
                return false;
            }
            Sighting sighting = sighted.get(owner.id());
            if (sighting != null && sighting.stillThere()) {
                // It is at its old name as well: a hard link, an item of its own.
                sighted.remove(owner.id());
                return false;
            }
            sighted.put(owner.id(), new Sighting(sighting == null ? number : sighting.since(), false));
            scan.want(owner.parent().get(), false);
            scan.want(folder, deep);
            return true;
        }

        private void create(DiskEntry.Seen seen) {
            ItemId id = new ItemId(ids.next());
            placed.add(id);
            LocalNode node =
                    new LocalNode(
                            id,
                            Optional.of(folder),
                            seen.name(),
                            seen.kind(),
                            seen.fingerprint(),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Presence.PRESENT);
            vacate(seen.name(), id);
            leftBehind.returns(folder);
            if (seen.kind().isSymlink()) {
                books.putLocal(asLink(node, seen));
            } else {
                books.putLocal(node);
            }
            if (seen.kind().equals(Kind.FOLDER)) {
                scan.want(id, true);
            } else if (seen.kind().equals(Kind.FILE)) {
                hashing.want(id, Optional.empty(), seen.fingerprint().size(), now);
            }
        }

        /** Something else has this name now, so what had it is not there; where it went a later look may tell. */
        private void vacate(String name, ItemId by) {
            books.local
                    .at(folder, name)
                    .map(LocalNode::id)
                    .filter(old -> !old.equals(by))
                    .ifPresent(
                            old -> {
                                missing.remove(old);
                                hashing.forget(old);
                                books.markAbsent(old);
                                scan.hurry();
                            });
        }

        /** What was here before and was not seen: once is nothing, twice is absence. */
        private void lookFor(ItemId id, List<DiskEntry.Problem> bad) {
            Optional<LocalNode> node = books.local.get(id);
            boolean elsewhere = node.isEmpty() || !node.get().parent().equals(Optional.of(folder));
            if (placed.contains(id) || elsewhere || node.get().isAbsent()) {
                missing.remove(id);
                return;
            }
            if (bad.stream().anyMatch(p -> p.name().equals(node.get().name()))) {
                return;
            }
            Long first = missing.get(id);
            if (first != null && first < number) {
                missing.remove(id);
                hashing.forget(id);
                books.markAbsent(id);
            } else {
                missing.put(id, number);
                scan.want(folder, false);
                scan.hurry();
            }
        }
    }

    /** An own operation took the node away, or put it elsewhere: it is not missing. */
    void settled(ItemId id) {
        missing.remove(id);
        sighted.remove(id);
        lost.remove(id);
    }
}
