package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.content.Manifest;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each changed file is read. A file is left alone while somebody writes to it (the settle rule): at once when it
 * had been quiet before, else after a delay that doubles while events go on; one that was never quiet is taken
 * patiently.
 */
final class Hashing {
    private static final Duration QUIET_BEFORE = Duration.ofSeconds(1);
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
    private static final Duration SHRUNK_DELAY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MAX_OUTSTANDING = 256;
    private static final int BURSTS_MIN = 1_000;

    /** Of all manifests together; a chunk takes some hundred bytes. */
    private static final int CHUNKS_MAX = 250_000;

    private final Books books;
    private final Map<ItemId, Want> wanted = new LinkedHashMap<>();
    private final Map<ItemId, Want> outstanding = new HashMap<>();

    /** The longest ago first. */
    private final Map<String, Burst> bursts = new LinkedHashMap<>();

    private final Map<ContentRef, Manifest> manifests = new HashMap<>();
    private int chunks;

    private record Want(Instant due, Instant since, Duration delay) {
        /** Until later, but not for ever. */
        Want putOff(Instant until) {
            Instant last = later(due, since.plus(PATIENCE));
            Instant put = later(due, until);
            return new Want(put.isAfter(last) ? last : put, since, delay);
        }
    }

    private record Burst(Instant last, Duration delay) {}

    Hashing(Books books) {
        this.books = books;
    }

    /**
     * Something happened to the entry at this path.
     *
     * @param known the item that it was, when last looked at
     * @return when it is worth looking at: now if it was quiet before, else after a delay that doubles
     */
    Instant hint(String path, Optional<ItemId> known, Instant now) {
        Burst before = bursts.get(path);
        boolean quiet = before == null || Duration.between(before.last(), now).compareTo(QUIET_BEFORE) >= 0;
        Duration delay =
                quiet
                        ? Duration.ZERO
                        : before.delay().isZero()
                                ? FIRST_DELAY
                                : shorter(before.delay().multipliedBy(2), LONGEST_DELAY);
        bursts.remove(path);
        bursts.put(path, new Burst(now, delay));
        forgetBursts(now);
        Instant due = now.plus(delay);
        known.ifPresent(id -> wanted.computeIfPresent(id, (i, want) -> want.putOff(due)));
        return due;
    }

    private void forgetBursts(Instant now) {
        var oldest = bursts.values().iterator();
        while (bursts.size() > BURSTS_MIN && Duration.between(oldest.next().last(), now).compareTo(LONGEST_DELAY) > 0) {
            oldest.remove();
        }
    }

    /**
     * Asks for a file to be read.
     *
     * @param before the size that was known, to notice a file that is being rewritten in place
     */
    void want(ItemId id, Optional<Long> before, long size, Instant now) {
        String path = books.local.path(id).orElse("");
        Burst burst = bursts.get(path);
        Instant due = burst == null ? now : later(now, burst.last().plus(burst.delay()));
        boolean shrunk = before.isPresent() && before.get() > 0 && size <= before.get() / 2;
        Want old = wanted.get(id);
        if (old != null) {
            // Only another event puts it off further, not another look.
            wanted.put(id, old.putOff(due));
            return;
        }
        if (shrunk) {
            due = later(due, now.plus(SHRUNK_DELAY));
        }
        wanted.put(id, new Want(due, now, FIRST_DELAY));
    }

    /** What is known of the file's bytes may be out of date. */
    boolean isWanted(ItemId id) {
        return wanted.containsKey(id);
    }

    void forget(ItemId id) {
        wanted.remove(id);
        books.local.get(id).flatMap(LocalNode::content).ifPresent(this::forgetManifest);
    }

    /**
     * The chunks of a content that was hashed here, if it has more than one. Not all are kept: who lacks them reads the
     * file once more.
     */
    Optional<Manifest> manifest(ContentRef content) {
        return Optional.ofNullable(manifests.get(content));
    }

    /** The content is not going to be uploaded, or was. */
    void forgetManifest(ContentRef content) {
        Manifest gone = manifests.remove(content);
        chunks -= gone == null ? 0 : gone.chunks().size();
    }

    /** The first to come are the first to be uploaded: when there is no more room, the later ones go without. */
    private void keepManifest(ContentRef content, Manifest manifest) {
        if (chunks + manifest.chunks().size() <= CHUNKS_MAX && manifests.putIfAbsent(content, manifest) == null) {
            chunks += manifest.chunks().size();
        }
    }

    int pending() {
        return wanted.size();
    }

    void emit(Instant now, List<Effect> effects) {
        var iterator = wanted.entrySet().iterator();
        while (iterator.hasNext() && outstanding.size() < MAX_OUTSTANDING) {
            var next = iterator.next();
            ItemId id = next.getKey();
            if (outstanding.containsKey(id) || next.getValue().due().isAfter(now)) {
                continue;
            }
            Optional<Slot> slot = slot(id);
            if (slot.isEmpty()) {
                iterator.remove();
                continue;
            }
            boolean patient = Duration.between(next.getValue().since(), now).compareTo(PATIENCE) >= 0;
            outstanding.put(id, next.getValue());
            effects.add(new Effect.HashFile(id, slot.get(), patient));
        }
    }

    /** Takes in an answer; true when the file's folder must be listed again. */
    boolean answer(Event.FileHashed hashed, Instant now) {
        ItemId id = hashed.item();
        Want asked = outstanding.remove(id);
        Want want = wanted.get(id);
        Optional<LocalNode> node = books.local.get(id);
        if (node.isEmpty() || !node.get().isPresent()) {
            forget(id);
            return false;
        }
        boolean sameSlot = slot(id).equals(Optional.of(hashed.slot()));
        if (want == null || !sameSlot) {
            return false;
        }
        if (want == asked) {
            wanted.remove(id);
        }
        return switch (hashed.outcome()) {
            case HashOutcome.Hashed h -> accept(node.get(), h);
            case HashOutcome.Busy b -> {
                Duration delay = shorter(want.delay().multipliedBy(2), LONGEST_DELAY);
                wanted.put(id, new Want(now.plus(want.delay()), want.since(), delay));
                yield false;
            }
            case HashOutcome.Gone g -> true;
            case HashOutcome.Unreadable u -> {
                books.putLocal(node.get().withPresence(new Presence.Unknown(u.reason())));
                yield false;
            }
        };
    }

    private boolean accept(LocalNode node, HashOutcome.Hashed hashed) {
        Fingerprint seen = hashed.fingerprint();
        if (!seen.identity().equals(node.fingerprint().identity())) {
            return true;
        }
        node.content().filter(old -> !old.equals(hashed.content())).ifPresent(this::forgetManifest);
        boolean goesUp = !books.remote.get(node.id()).flatMap(Item::content).equals(Optional.of(hashed.content()));
        hashed.manifest().filter(m -> goesUp).ifPresent(manifest -> keepManifest(hashed.content(), manifest));
        LocalNode read = node.withFingerprint(seen).withContent(Optional.of(hashed.content()), hashed.trusted());
        boolean nothingNew =
                node.content().equals(read.content())
                        && node.fingerprint().mode() == seen.mode()
                        && node.fingerprint().mtime().equals(seen.mtime());
        if (nothingNew) {
            books.refreshLocal(read);
            books.changed(node.id());
        } else {
            books.putLocal(read);
        }
        return false;
    }

    /** When the next file that waits is due. */
    Optional<Instant> deadline() {
        if (outstanding.size() >= MAX_OUTSTANDING) {
            return Optional.empty();
        }
        return wanted.entrySet().stream()
                .filter(e -> !outstanding.containsKey(e.getKey()))
                .map(e -> e.getValue().due())
                .min(Instant::compareTo);
    }

    private Optional<Slot> slot(ItemId id) {
        return Paths.slot(books.local, id);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
