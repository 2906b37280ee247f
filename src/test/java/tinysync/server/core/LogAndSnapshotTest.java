package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.store.SqliteStore;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.Place;
import tinysync.tree.Versions;
import tinysync.wire.CommonPoint;
import tinysync.wire.EpochStart;
import tinysync.wire.ErrorCode;
import tinysync.wire.LogPage;
import tinysync.wire.Refusal;
import tinysync.wire.SnapshotPage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class LogAndSnapshotTest {
    private static final int STEPS = 300;

    @TempDir Path folder;

    /** What a client that knows nothing but events and views makes of them. */
    private static final class Replica {
        final Map<ItemId, Item> live = new TreeMap<>();

        void apply(LogEvent event) {
            for (Item item : event.items()) {
                Item known = live.get(item.id());
                if (known != null && known.versions().max() >= event.seq()) {
                    continue;
                }
                if (item.deleted()) {
                    remove(item.id());
                } else {
                    live.put(item.id(), item);
                }
            }
        }

        private void remove(ItemId id) {
            live.remove(id);
            List<ItemId> children =
                    live.values().stream().filter(item -> item.parent().equals(Optional.of(id))).map(Item::id).toList();
            children.forEach(this::remove);
        }
    }

    private static Map<ItemId, Item> snapshot(Drive drive, int pageSize) {
        Map<ItemId, Item> items = new TreeMap<>();
        Optional<String> token = Optional.empty();
        do {
            Optional<String> from = token;
            SnapshotPage page = drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, from, pageSize));
            page.items().forEach(item -> items.put(item.id(), item));
            token = page.next();
        } while (token.isPresent());
        return items;
    }

    private static List<LogEvent> log(Drive drive, Cursor from, int pageSize) {
        List<LogEvent> events = new ArrayList<>();
        Cursor at = from;
        boolean more = true;
        while (more) {
            Cursor cursor = at;
            LogPage page = drive.read(tx -> LogRules.page(tx, cursor, pageSize));
            events.addAll(page.events());
            more = page.more();
            if (more) {
                LogEvent last = page.events().getLast();
                at = new Cursor(Drive.EPOCH, last.seq(), last.tag());
            }
        }
        return events;
    }

    /** Half of these are refused; that is meant. */
    private static Mutation random(Drive drive, Random random) {
        List<ItemId> ids = new ArrayList<>(List.of(Drive.ROOT));
        ids.addAll(drive.read(tx -> tx.changedAfter(0, STEPS)));
        Item item = drive.item(ids.get(random.nextInt(ids.size())));
        Item other = drive.item(ids.get(random.nextInt(ids.size())));
        Place place = new Place(other.id(), "n" + random.nextInt(8));
        return switch (random.nextInt(9)) {
            case 0, 1 -> drive.folder(place);
            case 2, 3 -> drive.file(place, "c" + random.nextInt(5));
            case 4 -> drive.edit(item, "c" + random.nextInt(5));
            case 5 -> drive.moves(new Mutation.MoveRename.Move(item.id(), item.versions().place(), place));
            case 6 -> drive.delete(item);
            case 7 -> random.nextInt(3) == 0 ? drive.deleteSubtree(item, drive.head().seq()) : drive.adopting(place);
            default ->
                    drive.restore(
                            item.id(),
                            random.nextBoolean() ? Optional.of(place) : Optional.empty(),
                            random.nextBoolean());
        };
    }

    @TestFactory
    Stream<DynamicTest> replayOfTheLogIsTheSnapshotInMemory() {
        return IntStream.range(0, 20)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(Drive.empty(), seed)));
    }

    @TestFactory
    Stream<DynamicTest> replayOfTheLogIsTheSnapshotInSqlite() {
        return IntStream.range(100, 103)
                .mapToObj(
                        seed ->
                                DynamicTest.dynamicTest(
                                        "seed " + seed,
                                        () -> {
                                            try (Store store = SqliteStore.open(folder.resolve("s" + seed))) {
                                                check(new Drive(VaultPolicy.DEFAULT, store.vault(Drive.VAULT)), seed);
                                            }
                                        }));
    }

    private static void check(Drive drive, int seed) {
        Random random = new Random(seed);
        Replica fromEmpty = new Replica();
        fromEmpty.live.put(Drive.ROOT, Item.root(Drive.ROOT));
        Replica fromPages = new Replica();
        Optional<String> token = Optional.empty();
        Cursor snapshotAt = Cursor.start(Drive.EPOCH);
        int applied = 0;
        for (int step = 0; step < STEPS; step++) {
            drive.newBundle();
            applied += drive.commit(random(drive, random)) instanceof MutationResult.Applied ? 1 : 0;
            if (random.nextInt(4) == 0) {
                drive.vault.write(tx -> Burial.some(tx, 1 + random.nextInt(3)));
            }
            // A snapshot that is read page by page while the tree changes under it.
            if (step > STEPS / 2 && (step == STEPS / 2 + 1 || token.isPresent())) {
                Optional<String> from = token;
                SnapshotPage page = drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, from, 3));
                page.items().forEach(item -> fromPages.live.put(item.id(), item));
                token = page.next();
                snapshotAt = page.at();
            }
        }
        while (token.isPresent()) {
            Optional<String> from = token;
            SnapshotPage page = drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, from, 3));
            page.items().forEach(item -> fromPages.live.put(item.id(), item));
            token = page.next();
        }
        assertTrue(applied > STEPS / 10, "too little happened: " + applied);
        List<LogEvent> events = log(drive, Cursor.start(Drive.EPOCH), 7);
        for (int i = 0; i < events.size(); i++) {
            assertEquals(i + 1, events.get(i).seq());
        }
        assertEquals(drive.head().seq(), events.size());
        events.forEach(fromEmpty::apply);
        Map<ItemId, Item> snapshot = snapshot(drive, 5);
        assertEquals(snapshot, fromEmpty.live);
        log(drive, snapshotAt, 1000).forEach(fromPages::apply);
        assertEquals(snapshot, fromPages.live);
        assertEquals(snapshot.size(), drive.read(SnapshotRules::totals).items());
        requireTree(snapshot);
    }

    private static void requireTree(Map<ItemId, Item> items) {
        Map<String, ItemId> names = new TreeMap<>();
        for (Item item : items.values()) {
            if (!item.isRoot()) {
                Item parent = items.get(item.parent().orElseThrow());
                assertTrue(parent != null && parent.kind().isFolder());
                assertEquals(null, names.put(parent.id() + "/" + item.name(), item.id()));
            }
        }
    }

    @Test
    void theFirstPageCountsWhatAllPagesGive() {
        Drive drive = Drive.of("d/{a=1 e/{b=2}} c=3");
        drive.applied(drive.deleteSubtree(drive.at("d/e"), drive.head().seq()));
        SnapshotPage first = drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, Optional.empty(), 2));
        assertEquals(Optional.of(4L), first.total());
        assertEquals(drive.head(), first.at());
        SnapshotPage second = drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, first.next(), 2));
        assertEquals(Optional.empty(), second.total());
        assertEquals(4, snapshot(drive, 2).size());
    }

    @Test
    void aHostilePageTokenIsRefused() {
        Drive drive = Drive.of("a=1");
        for (String token : List.of("", "~", "x~y", Drive.EPOCH + ".1.0000000000000001~", "a~b~c")) {
            refused(
                    ErrorCode.BAD_REQUEST,
                    () -> drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, Optional.of(token), 2)));
        }
        String forked = Drive.EPOCH + ".1.00000000000000ff~" + Drive.ROOT;
        refused(
                ErrorCode.HISTORY_FORKED,
                () -> drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, Optional.of(forked), 2)));
    }

    private static void refused(ErrorCode code, Executable work) {
        assertEquals(code, assertThrows(Refusal.class, work).code());
    }

    @Test
    void onlyCursorsOfThisHistoryAreGood() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        Cursor head = drive.head();
        for (Cursor good : List.of(head, Cursor.start(Drive.EPOCH), new Cursor(Drive.EPOCH, 1, "0000000000000001"))) {
            assertEquals(head.seq() - good.seq(), log(drive, good, 2).size());
        }
        for (Cursor bad :
                List.of(
                        new Cursor(Drive.EPOCH, 4, "0000000000000004"),
                        new Cursor(Drive.EPOCH, 2, "0000000000000009"),
                        new Cursor(Drive.EPOCH, 0, "0000000000000009"),
                        new Cursor(new UUID(9, 9), 1, "0000000000000001"))) {
            refused(ErrorCode.HISTORY_FORKED, () -> log(drive, bad, 2));
        }
    }

    @Test
    void aCursorBeforeTheLogIsExpired() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        drive.vault.write(
                tx -> {
                    VaultRules.pruneLog(tx, 2);
                    return true;
                });
        refused(ErrorCode.CURSOR_EXPIRED, () -> log(drive, Cursor.start(Drive.EPOCH), 9));
        refused(ErrorCode.CURSOR_EXPIRED, () -> log(drive, new Cursor(Drive.EPOCH, 1, "0000000000000001"), 9));
        assertEquals(1, log(drive, new Cursor(Drive.EPOCH, 2, "0000000000000002"), 9).size());
    }

    @Test
    void whatTheLogForgotIsVouchedForByNoTag() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        drive.vault.write(
                tx -> {
                    VaultRules.pruneLog(tx, 2);
                    return VaultRules.beginEpoch(tx, new UUID(4, 4));
                });
        Cursor forgotten = new Cursor(Drive.EPOCH, 1, "0000000000000001");
        Cursor kept = new Cursor(Drive.EPOCH, 2, "0000000000000002");
        UUID now = drive.head().epoch();
        assertEquals(
                new Cursor(now, 2, kept.tag()),
                drive.read(tx -> LogRules.common(tx, List.of(forgotten, kept))).common());
        Cursor start = drive.read(tx -> LogRules.common(tx, List.of(forgotten))).common();
        assertEquals(Cursor.start(now), start);
        refused(ErrorCode.CURSOR_EXPIRED, () -> drive.read(tx -> LogRules.page(tx, start, 9)));
    }

    @Test
    void aBigPageStopsBetweenEvents() {
        Drive drive = Drive.of("a=1 b=2 c=3 d=4");
        LogPage page = drive.read(tx -> LogRules.page(tx, Cursor.start(Drive.EPOCH), 3));
        assertTrue(page.more());
        assertEquals(3, page.events().size());
        assertFalse(drive.read(tx -> LogRules.page(tx, LogRules.head(tx), 0)).more());
    }

    @Test
    void aPageOfHeavyEventsIsShort() {
        Drive drive = Drive.of("a=1");
        for (int i = 0; i < 600; i++) {
            Item seen = drive.at("a");
            String attrs = "{\"k\":\"" + "x".repeat(4_080) + "\"}";
            drive.applied(
                    new Mutation.SetMetadata(
                            drive.op(),
                            seen.id(),
                            seen.versions().meta(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(attrs)));
        }
        LogPage page = drive.read(tx -> LogRules.page(tx, Cursor.start(Drive.EPOCH), LogRules.PAGE_MAX));
        assertTrue(page.more());
        assertTrue(page.events().size() < 530, page.events().size() + " events");
    }

    @Test
    void aPageOfHeavyItemsIsShortAndNotTheLast() {
        Drive drive = Drive.empty();
        int count = 1_500;
        drive.vault.write(
                tx -> {
                    for (int i = 0; i < count; i++) {
                        Item item = Item.root(drive.id()).withPlace(Drive.ROOT, "n" + i, Versions.all(1), Drive.LAPTOP);
                        String attrs = "{\"k\":\"" + "x".repeat(4_080) + "\"}";
                        tx.putItem(ItemRow.of(item.withMeta(0755, item.mtime(), attrs, item.versions(), Drive.LAPTOP)));
                    }
                    return true;
                });
        SnapshotPage page =
                drive.read(tx -> SnapshotRules.page(tx, Drive.VAULT, Optional.empty(), SnapshotRules.PAGE_MAX));
        assertTrue(page.items().size() < count, page.items().size() + " items");
        assertEquals(count + 1, snapshot(drive, SnapshotRules.PAGE_MAX).size());
    }

    @Test
    void afterARestoreTheCommonPointIsFoundAndUsable() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        UUID next = new UUID(4, 4);
        Cursor began = drive.vault.write(tx -> VaultRules.beginEpoch(tx, next));
        drive.make("d=4 e=5");
        assertNotEquals(drive.head(), began);
        List<Cursor> checkpoints =
                List.of(
                        new Cursor(Drive.EPOCH, 2, "0000000000000002"),
                        new Cursor(Drive.EPOCH, 3, "0000000000000003"),
                        new Cursor(Drive.EPOCH, 4, "0000000000000004"),
                        new Cursor(Drive.EPOCH, 900, "0000000000000004"),
                        new Cursor(next, 3, "00000000000000ff"));
        CommonPoint common = drive.read(tx -> LogRules.common(tx, checkpoints));
        assertEquals(new Cursor(next, 3, "0000000000000003"), common.common());
        assertEquals(List.of(new EpochStart(Drive.EPOCH, 1), new EpochStart(next, 4)), common.epochs());
        assertEquals(2, drive.read(tx -> LogRules.page(tx, common.common(), 10)).events().size());
        refused(ErrorCode.HISTORY_FORKED, () -> drive.read(tx -> LogRules.page(tx, checkpoints.getFirst(), 10)));
        Cursor unknown = new Cursor(new UUID(5, 5), 2, "0000000000000002");
        assertEquals(Cursor.start(next), drive.read(tx -> LogRules.common(tx, List.of(unknown))).common());
    }

    @Test
    void oneTransactionTakesManyMutationsAndARefusalAmongThem() {
        Drive drive = Drive.empty();
        Mutation first = drive.folder(drive.place("a"));
        Mutation refused = drive.folder(drive.place("A"));
        Mutation last = drive.folder(drive.place("b"));
        drive.vault.write(
                tx -> {
                    assertInstanceOf(MutationResult.Applied.class, drive.apply(tx, first));
                    assertInstanceOf(MutationResult.Refused.class, drive.apply(tx, refused));
                    assertInstanceOf(MutationResult.Applied.class, drive.apply(tx, last));
                    return true;
                });
        assertEquals("a/ b/", drive.tree());
        assertEquals(2, drive.head().seq());
    }
}
