package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.tree.SyncedEntry;
import tinysync.tree.Versions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A log that contradicts itself, event by event, and what the client makes of it: a report, and nothing else. */
class ConsistencyTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final UUID EPOCH = new UUID(1, 1);
    private static final DeviceId DEVICE = new DeviceId(new UUID(0, 5));
    private static final ItemId ROOT = id(1);
    private static final ItemId DOCS = id(2);
    private static final ItemId FILE = id(3);
    private static final ItemId NEW = id(4);
    private static final ItemId OTHER = id(5);

    private static final long TREE_BYTES_MAX = 100_000;

    private final Books books = new Books(EngineState.EMPTY, true);
    private final Desk desk = new Desk(books, new Scan(books), new Retries());
    private final RemoteLog log =
            new RemoteLog(
                    books,
                    new Settlement(books, List.of()),
                    new Checkpoints(books, Optional.empty()),
                    new Consistency(books, ROOT),
                    Hold.incoming(desk, EngineOptions.HoldLimit.DEFAULT, new News(desk)),
                    TREE_BYTES_MAX);
    private Instant now = NOW;

    private static ItemId id(long n) {
        return new ItemId(new UUID(0, n));
    }

    private static Cursor at(long seq) {
        return new Cursor(EPOCH, seq, "%016x".formatted(seq));
    }

    private static Item item(ItemId id, Kind kind, ItemId parent, String name, long version, boolean deleted) {
        return new Item(
                id,
                Optional.ofNullable(parent),
                name,
                kind,
                Optional.empty(),
                Optional.empty(),
                Item.DEFAULT_FOLDER_MODE,
                Optional.empty(),
                Versions.all(version),
                deleted,
                Optional.of(DEVICE),
                Item.NO_ATTRS);
    }

    private static Item folder(ItemId id, ItemId parent, String name, long version) {
        return item(id, Kind.FOLDER, parent, name, version, false);
    }

    private static Item file(ItemId id, ItemId parent, String name, long version) {
        return item(id, Kind.FILE, parent, name, version, false);
    }

    /** The vault has a folder with a file, read as a snapshot at seq 2. */
    @BeforeEach
    void snapshot() {
        log.online(Optional.of(at(2)));
        asked();
        log.snapshotPulled(
                new Event.SnapshotPulled(
                        Optional.of(at(2)),
                        List.of(folder(ROOT, null, "", 0), folder(DOCS, ROOT, "docs", 1), file(FILE, DOCS, "f", 2)),
                        Optional.empty()),
                now);
        pull();
        assertEquals(Optional.empty(), log.trouble());
    }

    private Effect asked() {
        now = now.plus(Duration.ofMinutes(2));
        List<Effect> effects = new ArrayList<>();
        log.emit(now, effects);
        return effects.getFirst();
    }

    /** The log goes on with one event for each item, from seq 3. */
    private void pull(Item... items) {
        if (!(asked() instanceof Effect.PullLog pull)) {
            throw new AssertionError("the log is not asked for");
        }
        List<LogEvent> events = new ArrayList<>();
        long seq = pull.after().seq();
        for (Item item : items) {
            seq++;
            events.add(
                    new LogEvent(
                            seq,
                            at(seq).tag(),
                            NOW,
                            DEVICE,
                            new OpId(new UUID(9, 9), (int) seq),
                            "put_file",
                            List.of(item),
                            false));
        }
        log.pulled(new Event.LogPulled(pull.after(), at(seq), events, false), now);
    }

    private void hear(Item... items) {
        log.headMoved(at(2 + items.length));
        pull(items);
    }

    /** The events are refused whole: nothing of them is in the tree, and the same place of the log is asked again. */
    private void refused(String why, Item... items) {
        hear(items);
        checkTrouble(why);
        assertEquals(2, books.seq(), "nothing was taken over");
        assertEquals(List.of(ROOT, DOCS, FILE), books.remote.all().stream().map(Item::id).sorted().toList());
        assertEquals(new Effect.PullLog(at(2)), asked());
    }

    /** The tree that came of the events is not planned with, and all of it is read anew. */
    private void unsound(String why, Item... items) {
        hear(items);
        checkTrouble(why);
        assertEquals(new Effect.PullSnapshot(Optional.empty()), asked());
    }

    private void checkTrouble(String why) {
        assertFalse(log.isCaughtUp(), Arrays.toString(books.remote.all().toArray()));
        assertEquals(
                Optional.of(
                        "server_inconsistent: the server contradicts itself: "
                                + why
                                + "; nothing is changed here: tell its operator"),
                log.trouble().map(t -> t.code() + ": " + t.message()));
    }

    @Test
    void theRootStaysWhereItIs() {
        refused("it moves the root of the vault", folder(ROOT, DOCS, "root", 3));
    }

    @Test
    void theRootLivesAndIsAFolder() {
        refused("it deletes the root of the vault", item(ROOT, Kind.FOLDER, null, "", 3, true));
    }

    @Test
    void theRootIsNoFile() {
        refused("it deletes the root of the vault", item(ROOT, Kind.FILE, null, "", 3, false));
    }

    @Test
    void thereIsOneRoot() {
        refused("it names a second root", folder(NEW, null, "", 3));
    }

    @Test
    void anItemStaysWhatItIs() {
        refused("it makes a file of " + DOCS + ", which was a folder", file(DOCS, ROOT, "docs", 3));
    }

    @Test
    void anItemStaysWhatItIsWithinAPage() {
        refused(
                "it makes a folder of " + NEW + ", which was a file",
                file(NEW, DOCS, "n", 3),
                folder(NEW, DOCS, "n", 4));
    }

    @Test
    void anIdIsNotUsedAgainForAnotherKind() {
        books.putSynced(SyncedEntry.of(file(OTHER, DOCS, "gone", 1), disk()));
        refused("it makes a folder of " + OTHER + ", which was a file", folder(OTHER, DOCS, "gone", 3));
    }

    private static SyncedEntry.DiskFacts disk() {
        return new SyncedEntry.DiskFacts("gone", 0644, NOW);
    }

    @Test
    void ourOwnFolderIsNotNamed() {
        refused("it names an item in the root '.TinySync', which is reserved", folder(NEW, ROOT, ".TinySync", 3));
    }

    @Test
    void noVersionIsNewerThanItsEvent() {
        refused("it shows item " + FILE + " at 3 with a version of later", file(FILE, DOCS, "f", 4));
    }

    @Test
    void noVersionGoesBack() {
        refused("it shows item " + FILE + " at 3 with a version of earlier", file(FILE, DOCS, "f", 1));
    }

    @Test
    void everyItemLiesInAFolderThatIsThere() {
        unsound("its tree has item " + NEW + " in a folder that is not there", file(NEW, OTHER, "n", 3));
    }

    @Test
    void nothingLiesInAFile() {
        unsound("its tree has item " + NEW + " inside a file", file(NEW, FILE, "n", 3));
    }

    @Test
    void noFolderLiesInItself() {
        unsound(
                "its tree has a ring, or is too deep, at item " + NEW,
                folder(NEW, DOCS, "n", 3),
                folder(DOCS, NEW, "docs", 4));
    }

    @Test
    void noTwoHaveOneName() {
        unsound(
                "its tree has two items named 'same' in one folder",
                file(NEW, DOCS, "same", 3),
                file(OTHER, DOCS, "SAME", 4));
    }

    @Test
    void aRingThatIsResolvedOnTheWayIsNone() {
        hear(
                folder(NEW, ROOT, "n", 3),
                folder(DOCS, NEW, "docs", 4),
                folder(NEW, DOCS, "n", 5),
                folder(DOCS, ROOT, "docs", 6));
        assertEquals(Optional.empty(), log.trouble());
        assertTrue(log.isCaughtUp());
    }

    @Test
    void twoThatChangePlacesAreNoTwins() {
        hear(file(NEW, DOCS, "g", 3), file(NEW, DOCS, "f", 4), file(FILE, DOCS, "g", 5));
        assertEquals(Optional.empty(), log.trouble());
        assertEquals(Optional.of(NEW), books.remote.at(DOCS, "f").map(Item::id));
        assertEquals(Optional.of(FILE), books.remote.at(DOCS, "g").map(Item::id));
    }

    @Test
    void whatIsInsideANewerKindIsForNewerProgramsToKnow() {
        hear(item(NEW, new Kind("portal"), DOCS, "p", 3, false), file(OTHER, NEW, "inside", 4));
        assertEquals(Optional.empty(), log.trouble());
    }

    @Test
    void aSnapshotHasARootAndNamesEachItemOnce() {
        unsound("its tree has item " + NEW + " inside a file", file(NEW, FILE, "n", 3));
        log.snapshotPulled(new Event.SnapshotPulled(Optional.of(at(2)), List.of(), Optional.empty()), now);
        checkTrouble("its tree has no root");
        asked();
        Item root = folder(ROOT, null, "", 0);
        log.snapshotPulled(new Event.SnapshotPulled(Optional.of(at(2)), List.of(root, root), Optional.empty()), now);
        checkTrouble("its tree names item " + ROOT + " twice");
    }

    @Test
    void aServerThatContradictsItselfTwiceIsStuckUntilItDoesNot() {
        refused("it names a second root", folder(NEW, null, "", 3));
        assertFalse(log.isStuck());
        log.failed(new Event.PullFailed("bad_answer", "a page of something else"), now);
        assertTrue(log.isStuck());
        pull(folder(NEW, DOCS, "n", 3));
        assertFalse(log.isStuck());
        assertEquals(Optional.empty(), log.trouble());
    }
}
