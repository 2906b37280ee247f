package tinysync.client.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;
import tinysync.tree.Versions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

class StateStoreTest {
    private static final Instant TIME = Instant.parse("2026-11-21T07:45:12.123456789Z");
    private static final ItemId ROOT = item(1);
    private static final ItemId FOLDER = item(2);
    private static final ItemId FILE = item(3);
    private static final ItemId LINK = item(4);

    @TempDir private Path home;

    @Test
    void aNewStoreIsFreshAndEmpty() throws IOException {
        try (StateStore store = open()) {
            assertTrue(store.isFresh());
            assertEquals(EngineState.EMPTY, store.load());
            assertEquals(OptionalLong.empty(), store.generation());
            assertEquals(List.of(), store.events(0, 10));
        }
    }

    @Test
    void everyKindOfRemoteItemComesBackAsItWas() throws IOException {
        List<Item> items =
                List.of(
                        Item.root(ROOT),
                        folder(FOLDER, "docs"),
                        file(FILE, "a ü 💾 '\".txt"),
                        link(LINK),
                        new Item(
                                item(5),
                                Optional.of(ROOT),
                                "live",
                                new Kind("document"),
                                Optional.empty(),
                                Optional.empty(),
                                0600,
                                Optional.of(Instant.MIN),
                                new Versions(1, 2, 3),
                                true,
                                Optional.of(new DeviceId(new UUID(9, 9))),
                                "{\"color\":\"red\"}"));
        List<StateChange> changes = new ArrayList<>();
        items.forEach(item -> changes.add(new StateChange.PutRemote(item)));
        assertSame(items, applied(changes).remote());
    }

    @Test
    void everyKindOfSyncedEntryComesBackAsItWas() throws IOException {
        List<SyncedEntry> entries =
                List.of(
                        SyncedEntry.of(Item.root(ROOT), node(ROOT, Kind.FOLDER, Presence.PRESENT)),
                        SyncedEntry.of(file(FILE, "a.txt"), node(FILE, Kind.FILE, Presence.PRESENT)),
                        SyncedEntry.of(link(LINK), node(LINK, Kind.SYMLINK, Presence.PRESENT)));
        List<StateChange> changes = new ArrayList<>();
        entries.forEach(entry -> changes.add(new StateChange.PutSynced(entry)));
        assertSame(entries, applied(changes).synced());
    }

    @Test
    void everyKindOfLocalNodeComesBackAsItWas() throws IOException {
        List<LocalNode> nodes =
                List.of(
                        node(ROOT, Kind.FOLDER, Presence.PRESENT),
                        node(FOLDER, Kind.FOLDER, new Presence.Unknown("permission_denied")),
                        node(FILE, Kind.FILE, Presence.ABSENT),
                        node(LINK, Kind.SYMLINK, new Presence.Excluded("*.tmp")),
                        node(item(6), Kind.FILE, Presence.PRESENT).withContent(Optional.empty(), false));
        List<StateChange> changes = new ArrayList<>();
        nodes.forEach(node -> changes.add(new StateChange.PutLocal(node)));
        assertSame(nodes, applied(changes).local());
    }

    @Test
    void operationsComeBackInTheOrderInWhichTheyWereQueued() throws IOException {
        List<Mutation> ops =
                List.of(
                        new Mutation.MoveRename(
                                op(9), List.of(new Mutation.MoveRename.Move(FILE, 4, new Place(FOLDER, "b.txt")))),
                        new Mutation.CreateFolder(op(1), FOLDER, new Place(ROOT, "docs"), Optional.of(0750), true),
                        new Mutation.PutFile(
                                op(5),
                                FILE,
                                Optional.empty(),
                                Optional.of(41L),
                                content(7),
                                Optional.of(0644),
                                Optional.of(TIME),
                                List.of(41L, 39L)),
                        new Mutation.SetMetadata(
                                op(3), FILE, 41, Optional.empty(), Optional.of(TIME), Optional.of("{\"k\":null}")),
                        new Mutation.CreateSymlink(op(2), LINK, new Place(ROOT, "l"), "../x", Optional.empty()),
                        new Mutation.Delete(op(4), FILE, 41, 17),
                        new Mutation.DeleteSubtree(op(6), FOLDER, 17, 970, true),
                        new Mutation.Restore(
                                op(7),
                                FILE,
                                Optional.of(39L),
                                Optional.of(ROOT),
                                Optional.of("a.txt"),
                                Optional.of(content(8)),
                                Optional.empty(),
                                Optional.empty(),
                                false));
        List<StateChange> changes = new ArrayList<>();
        ops.forEach(mutation -> changes.add(new StateChange.PutOp(mutation)));
        changes.add(new StateChange.PutOp(ops.getFirst()));
        assertEquals(ops, applied(changes).ops());
    }

    @Test
    void cursorConflictsAndNotesComeBackAsTheyWere() throws IOException {
        Cursor cursor = new Cursor(new UUID(3, 4), 977, "0123456789abcdef");
        StateChange.PutConflict conflict =
                new StateChange.PutConflict(FILE, LINK, "a (conflicted copy).txt", "nas", TIME);
        EngineState state =
                applied(
                        List.of(
                                new StateChange.SetCursor(Cursor.start(new UUID(1, 2))),
                                new StateChange.SetCursor(cursor),
                                conflict,
                                new StateChange.PutNote("paused", Optional.of("yes")),
                                new StateChange.PutNote("cursor", Optional.of("the engine's own"))));
        assertEquals(Optional.of(cursor), state.cursor());
        assertEquals(List.of(conflict), state.conflicts());
        assertEquals(Map.of("paused", "yes", "cursor", "the engine's own"), state.notes());
    }

    @Test
    void whatIsDroppedIsGoneAndWhatIsPutAgainIsReplaced() throws IOException {
        try (StateStore store = open()) {
            store.apply(
                    List.of(
                            new StateChange.PutRemote(file(FILE, "a.txt")),
                            new StateChange.PutRemote(folder(FOLDER, "docs")),
                            new StateChange.PutSynced(
                                    SyncedEntry.of(file(FILE, "a.txt"), node(FILE, Kind.FILE, Presence.PRESENT))),
                            new StateChange.PutLocal(node(FILE, Kind.FILE, Presence.PRESENT)),
                            new StateChange.PutOp(new Mutation.Delete(op(1), FILE, 1, 1)),
                            new StateChange.PutConflict(FILE, LINK, "copy", "nas", TIME),
                            new StateChange.PutNote("paused", Optional.of("yes"))));
            store.apply(
                    List.of(
                            new StateChange.PutRemote(folder(FOLDER, "papers")),
                            new StateChange.DropRemote(FILE),
                            new StateChange.DropSynced(FILE),
                            new StateChange.DropLocal(FILE),
                            new StateChange.DropOp(op(1)),
                            new StateChange.DropConflict(FILE),
                            new StateChange.PutNote("paused", Optional.empty())));
            EngineState state = store.load();
            assertEquals(List.of(folder(FOLDER, "papers")), state.remote());
            assertEquals(
                    new EngineState(
                            state.remote(), List.of(), List.of(), Optional.empty(), List.of(), List.of(), Map.of()),
                    state);
        }
    }

    @Test
    void aSnapshotReplacesTheRemoteTreeWithinOneStep() throws IOException {
        EngineState state =
                applied(
                        List.of(
                                new StateChange.PutRemote(file(FILE, "old")),
                                new StateChange.ClearRemote(),
                                new StateChange.PutRemote(folder(FOLDER, "new"))));
        assertEquals(List.of(folder(FOLDER, "new")), state.remote());
    }

    @Test
    void allItsFilesAreThisUsersAloneAlsoThoseOfAnEarlierTime() throws IOException {
        try (StateStore store = open()) {
            store.apply(List.of(new StateChange.PutRemote(file(FILE, "a.txt"))));
            assertEquals(Map.of("s.db", "rw-------", "s.db-wal", "rw-------", "s.db-shm", "rw-------"), modes());
            for (String name : modes().keySet()) {
                Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.copy(home.resolve("s.db-wal"), home.resolve("wal"));
        }
        // As after a sudden end: SQLite takes the log that is there as it is.
        Files.move(home.resolve("wal"), home.resolve("s.db-wal"));
        Files.setPosixFilePermissions(home.resolve("s.db-wal"), PosixFilePermissions.fromString("rw-r--r--"));
        try (StateStore store = open()) {
            store.apply(List.of(new StateChange.PutRemote(file(FILE, "b.txt"))));
            assertEquals(Map.of("s.db", "rw-------", "s.db-wal", "rw-------", "s.db-shm", "rw-------"), modes());
        }
    }

    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home)) {
            for (Path file : files) {
                modes.put(
                        file.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }

    @Test
    void whatWasAppliedSurvivesAnEndWithoutClosing() throws IOException {
        StateStore abandoned = open();
        abandoned.apply(List.of(new StateChange.PutRemote(file(FILE, "a.txt"))));
        abandoned.setGeneration(7);
        Path copy = Files.createDirectory(home.resolve("after")).resolve("s.db");
        Files.copy(database(), copy);
        Files.copy(home.resolve("s.db-wal"), copy.resolveSibling("s.db-wal"));
        abandoned.close();
        try (StateStore store = StateStore.open(copy)) {
            assertFalse(store.isFresh());
            assertEquals(List.of(file(FILE, "a.txt")), store.load().remote());
            assertEquals(OptionalLong.of(7), store.generation());
        }
    }

    @Test
    void tenThousandChangesAreOneStep() throws IOException {
        List<StateChange> changes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            changes.add(new StateChange.PutRemote(file(item(100 + i), "file " + i)));
        }
        assertEquals(10_000, applied(changes).remote().size());
    }

    @Test
    void aStepThatFailsLeavesNothingBehind() throws IOException, SQLException {
        try (StateStore store = open()) {
            execute("CREATE TRIGGER t BEFORE INSERT ON synced BEGIN SELECT RAISE(ABORT, 'no'); END");
            SyncedEntry entry = SyncedEntry.of(file(FILE, "a"), node(FILE, Kind.FILE, Presence.PRESENT));
            assertThrows(
                    StateException.class,
                    () ->
                            store.apply(
                                    List.of(
                                            new StateChange.PutRemote(file(FILE, "a")),
                                            new StateChange.PutSynced(entry))));
            assertEquals(List.of(), store.load().remote());
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsPutAside() throws IOException {
        Files.writeString(database(), "no database, but long enough to look like one ".repeat(100));
        try (StateStore store = open()) {
            assertTrue(store.isFresh());
            assertEquals(EngineState.EMPTY, store.load());
        }
        assertTrue(Files.exists(home.resolve("s.db.damaged-1")));
    }

    @Test
    void afterASuddenEndTheWholeFileIsLookedAt() throws IOException {
        List<StateChange> changes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            changes.add(new StateChange.PutRemote(file(item(100 + i), "file " + i)));
        }
        applied(changes);
        try (FileChannel channel = FileChannel.open(database(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4_096), channel.size() / 2);
        }
        try (StateStore store = open()) {
            assertFalse(store.isFresh(), "looking costs too much to be done at every start");
        }
        Files.writeString(home.resolve("s.db-wal"), "what a sudden end leaves");
        try (StateStore store = open()) {
            assertTrue(store.isFresh());
        }
    }

    @Test
    void aLookBesideAnEngineReplacesNothing() throws IOException, SQLException {
        try (StateStore store = open()) {
            store.apply(List.of(new StateChange.PutRemote(file(FILE, "a.txt"))));
            assertEquals(List.of(file(FILE, "a.txt")), store.current().remote());
            execute("UPDATE remote SET parent = x'00'");
            assertThrows(StateException.class, store::current);
            assertFalse(Files.exists(home.resolve("s.db.damaged-1")));
        }
        assertTrue(Files.exists(home.resolve("s.db.damaged-1")), "at the end it is put aside");
    }

    @Test
    void damageThatOnlyReadingMeetsIsPutAsideToo() throws IOException, SQLException {
        try (StateStore store = open()) {
            store.apply(List.of(new StateChange.PutRemote(file(FILE, "a.txt"))));
        }
        Files.writeString(home.resolve("s.db.damaged-1"), "an earlier one");
        execute("UPDATE remote SET parent = x'00'");
        try (StateStore store = open()) {
            assertFalse(store.isFresh());
            assertEquals(EngineState.EMPTY, store.load());
            assertTrue(store.isFresh());
            store.apply(List.of(new StateChange.PutRemote(file(FILE, "b.txt"))));
        }
        assertTrue(Files.exists(home.resolve("s.db.damaged-2")));
        try (StateStore store = open()) {
            assertEquals(List.of(file(FILE, "b.txt")), store.load().remote());
        }
    }

    @Test
    void damageThatWritingMeetsIsGoneAtTheNextStart() throws IOException, SQLException {
        try (StateStore store = open()) {
            execute("DROP TABLE local");
            List<StateChange> changes = List.of(new StateChange.PutLocal(node(FILE, Kind.FILE, Presence.PRESENT)));
            StateException failed = assertThrows(StateException.class, () -> store.apply(changes));
            assertEquals(StateException.Trouble.DAMAGED, failed.trouble());
        }
        assertTrue(Files.exists(home.resolve("s.db.damaged-1")));
        assertEquals(
                1, applied(List.of(new StateChange.PutLocal(node(FILE, Kind.FILE, Presence.PRESENT)))).local().size());
    }

    @Test
    void theLogOfALostDatabaseIsNotReplayedIntoTheNext() throws IOException {
        StateStore lost = open();
        lost.apply(List.of(new StateChange.PutRemote(file(FILE, "a.txt"))));
        byte[] log = Files.readAllBytes(home.resolve("s.db-wal"));
        lost.close();
        Files.delete(database());
        Files.write(home.resolve("s.db-wal"), log);
        try (StateStore store = open()) {
            assertTrue(store.isFresh());
            assertEquals(EngineState.EMPTY, store.load());
        }
    }

    @Test
    void whatANewerProgramWroteIsRefusedAndLeftAlone() throws IOException, SQLException {
        open().close();
        execute("PRAGMA user_version=99");
        StateException refused = assertThrows(StateException.class, this::open);
        assertTrue(refused.getMessage().contains("newer TinySync"), refused.getMessage());
        assertFalse(Files.exists(home.resolve("s.db.damaged-1")));
    }

    @Test
    void eventsAreNumberedAndPaged() throws IOException {
        ClientEvent full =
                new ClientEvent(
                        TIME,
                        ClientEvent.What.MOVED,
                        Optional.of(FILE),
                        "docs/a.txt",
                        Optional.of("old/a.txt"),
                        Optional.of(12L),
                        Optional.of("laptop"),
                        Optional.of("down"));
        try (StateStore store = open()) {
            store.appendEvents(List.of(full, state("syncing")));
            store.appendEvents(List.of());
            store.appendEvents(List.of(state("synced")));
        }
        try (StateStore store = open()) {
            assertEquals(List.of(new Numbered(1, full), new Numbered(2, state("syncing"))), store.events(0, 2));
            assertEquals(List.of(new Numbered(3, state("synced"))), store.events(2, 10));
            assertEquals(List.of(2L, 3L), store.latestEvents(2).stream().map(Numbered::n).toList());
            store.appendEvents(List.of(state("offline")));
            assertEquals(List.of(new Numbered(4, state("offline"))), store.latestEvents(1));
        }
    }

    @Test
    void onlyTheLastEventsAreKept() throws IOException {
        try (StateStore store = open()) {
            store.appendEvents(Collections.nCopies(StateStore.EVENTS_MAX, state("syncing")));
            store.appendEvents(Collections.nCopies(5, state("synced")));
            List<Numbered> kept = store.events(0, Integer.MAX_VALUE);
            assertEquals(StateStore.EVENTS_MAX, kept.size());
            assertEquals(6, kept.getFirst().n());
        }
    }

    private StateStore open() throws IOException {
        return StateStore.open(database());
    }

    private Path database() {
        return home.resolve("s.db");
    }

    /** What is there after a restart. */
    private EngineState applied(List<StateChange> changes) throws IOException {
        try (StateStore store = open()) {
            store.apply(changes);
        }
        try (StateStore store = open()) {
            return store.load();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static <T> void assertSame(List<T> expected, List<T> actual) {
        assertEquals(expected.size(), actual.size());
        assertEquals(new HashSet<>(expected), new HashSet<>(actual));
    }

    private static ClientEvent state(String word) {
        return new ClientEvent(
                TIME,
                ClientEvent.What.STATE,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(word));
    }

    private static Item folder(ItemId id, String name) {
        return new Item(
                id,
                Optional.of(ROOT),
                name,
                Kind.FOLDER,
                Optional.empty(),
                Optional.empty(),
                0755,
                Optional.empty(),
                Versions.all(3),
                false,
                Optional.of(new DeviceId(new UUID(7, 7))),
                Item.NO_ATTRS);
    }

    private static Item file(ItemId id, String name) {
        return new Item(
                id,
                Optional.of(ROOT),
                name,
                Kind.FILE,
                Optional.of(content(5)),
                Optional.empty(),
                0644,
                Optional.of(TIME),
                new Versions(5, 3, 6),
                false,
                Optional.of(new DeviceId(new UUID(7, 7))),
                Item.NO_ATTRS);
    }

    private static Item link(ItemId id) {
        return new Item(
                id,
                Optional.of(FOLDER),
                "link",
                Kind.SYMLINK,
                Optional.of(content(6)),
                Optional.of("../elsewhere"),
                0777,
                Optional.of(Instant.ofEpochSecond(-1, 999_999_999)),
                Versions.all(8),
                false,
                Optional.empty(),
                Item.NO_ATTRS);
    }

    private static LocalNode node(ItemId id, Kind kind, Presence presence) {
        return new LocalNode(
                id,
                Optional.of(ROOT).filter(root -> !root.equals(id)),
                "name of " + id,
                kind,
                new Fingerprint("8:1-h:1:abcdef", 12, TIME, Instant.EPOCH, 0640),
                kind.isFile() ? Optional.of(content(12)) : Optional.empty(),
                kind.isSymlink() ? Optional.of("target") : Optional.empty(),
                true,
                presence);
    }

    private static ContentRef content(long n) {
        return new ContentRef(new Hash(n, -n, n, -n), n);
    }

    private static ItemId item(long n) {
        return new ItemId(new UUID(n << 32, n));
    }

    private static OpId op(int n) {
        return new OpId(new UUID(1, 1), n);
    }
}
