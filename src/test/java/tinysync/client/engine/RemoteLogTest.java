package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.tree.Versions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A snapshot whose pages show different moments, and the log that is replayed over it. */
class RemoteLogTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final UUID EPOCH = new UUID(1, 1);
    private static final ItemId ROOT = new ItemId(new UUID(0, 1));
    private static final ItemId FOLDER = new ItemId(new UUID(0, 2));
    private static final ItemId OLD_CHILD = new ItemId(new UUID(0, 3));
    private static final ItemId NEW_CHILD = new ItemId(new UUID(0, 4));
    private static final DeviceId DEVICE = new DeviceId(new UUID(0, 5));

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

    private static Cursor at(long seq) {
        return new Cursor(EPOCH, seq, "%016x".formatted(seq));
    }

    private static Item folder(ItemId id, Optional<ItemId> parent, String name, long version) {
        return new Item(
                id,
                parent,
                name,
                Kind.FOLDER,
                Optional.empty(),
                Optional.empty(),
                Item.DEFAULT_FOLDER_MODE,
                Optional.empty(),
                Versions.all(version),
                false,
                Optional.of(DEVICE),
                Item.NO_ATTRS);
    }

    private static LogEvent event(long seq, String op, Item item) {
        return new LogEvent(
                seq, at(seq).tag(), NOW, DEVICE, new OpId(new UUID(9, 9), (int) seq), op, List.of(item), false);
    }

    private static Item dead(Item item, long version) {
        return new Item(
                item.id(),
                item.parent(),
                item.name(),
                item.kind(),
                item.content(),
                item.target(),
                item.mode(),
                item.mtime(),
                Versions.all(version),
                true,
                item.device(),
                item.attrs());
    }

    private <E extends Effect> E asks(Class<E> kind) {
        List<Effect> effects = new ArrayList<>();
        log.emit(NOW, effects);
        assertEquals(1, effects.size(), effects.toString());
        return assertInstanceOf(kind, effects.getFirst());
    }

    private Set<ItemId> living() {
        return List.of(ROOT, FOLDER, OLD_CHILD, NEW_CHILD).stream()
                .filter(id -> books.remote.get(id).isPresent())
                .collect(Collectors.toSet());
    }

    /** Page one is read at seq 2; then the folder dies (3), comes back (4), and gets a child (5); then page two. */
    @Test
    void whatDiedInAFolderThatCameBackBetweenTwoPagesStaysDead() {
        Item docs = folder(FOLDER, Optional.of(ROOT), "docs", 1);
        Item restored = folder(FOLDER, Optional.of(ROOT), "docs", 4);
        Item added = folder(NEW_CHILD, Optional.of(FOLDER), "new", 5);
        log.online(Optional.of(at(5)));
        asks(Effect.PullSnapshot.class);
        log.snapshotPulled(
                new Event.SnapshotPulled(
                        Optional.of(at(2)),
                        List.of(
                                folder(ROOT, Optional.empty(), "", 0),
                                folder(OLD_CHILD, Optional.of(FOLDER), "old", 2)),
                        Optional.of("next")),
                NOW);
        assertEquals(Optional.of("next"), asks(Effect.PullSnapshot.class).page());
        log.snapshotPulled(new Event.SnapshotPulled(Optional.empty(), List.of(restored, added), Optional.empty()), NOW);
        Cursor after = asks(Effect.PullLog.class).after();
        log.pulled(
                new Event.LogPulled(
                        after,
                        at(5),
                        List.of(
                                event(3, "delete_subtree", dead(docs, 3)),
                                event(4, "restore", restored),
                                event(5, "create_folder", added)),
                        false),
                NOW);
        assertEquals(Set.of(ROOT, FOLDER, NEW_CHILD), living());
    }
}
