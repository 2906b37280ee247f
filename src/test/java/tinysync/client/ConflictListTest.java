package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;

import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;
import tinysync.tree.Versions;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

class ConflictListTest {
    private static final String MARK = " (conflicted copy, laptop, 2026-11-21 07.45.12 UTC)";
    private static final ItemId ROOT = id(1);
    private static final ItemId DOCS = id(2);
    private static final ItemId ORIGINAL = id(3);
    private static final ItemId COPY = id(4);

    private static ItemId id(long n) {
        return new ItemId(new UUID(0, n));
    }

    private static Item item(ItemId id, ItemId parent, String name, Kind kind) {
        return new Item(
                id,
                Optional.of(parent),
                name,
                kind,
                Optional.empty(),
                Optional.empty(),
                Item.DEFAULT_FILE_MODE,
                Optional.empty(),
                Versions.all(1),
                false,
                Optional.empty(),
                Item.NO_ATTRS);
    }

    private static LocalNode local(ItemId id, ItemId parent, String name, Presence presence) {
        return new LocalNode(
                id,
                Optional.of(parent),
                name,
                Kind.FILE,
                new Fingerprint("1", 1, Instant.EPOCH, Instant.EPOCH, 0644),
                Optional.empty(),
                Optional.empty(),
                true,
                presence);
    }

    private static EngineState state(List<Item> items, List<LocalNode> local, List<StateChange.PutConflict> conflicts) {
        return new EngineState(items, List.of(), local, Optional.empty(), List.of(), conflicts, Map.of());
    }

    private static List<Item> vault(String copy, String original) {
        return List.of(
                Item.root(ROOT),
                item(DOCS, ROOT, "docs", Kind.FOLDER),
                item(ORIGINAL, DOCS, original, Kind.FILE),
                item(COPY, DOCS, copy, Kind.FILE));
    }

    private static List<JsonObject> listed(EngineState state) {
        return new ConflictList(state).encode("main");
    }

    private static JsonObject expected(String copy, String original) {
        return Json.parse(
                        """
                        {"attachment":"main","copy":{"item":"%s","path":"%s"},"original":%s,
                         "time":"2026-11-21T07:45:12Z","devices":["laptop"]}
                        """
                                .formatted(COPY, copy, original))
                .asObject();
    }

    private static String original(String path) {
        return "{\"item\":\"" + ORIGINAL + "\",\"path\":\"" + path + "\"}";
    }

    @Test
    void aCopyThatAnotherDeviceMadeIsKnownByItsName() {
        assertEquals(
                List.of(expected("docs/a" + MARK + ".txt", original("docs/a.txt"))),
                listed(state(vault("a" + MARK + ".txt", "a.txt"), List.of(), List.of())));
    }

    @Test
    void theDeviceThatMadeItListsTheSame() {
        var record =
                new StateChange.PutConflict(
                        COPY, ORIGINAL, "a" + MARK + ".txt", "laptop", Instant.parse("2026-11-21T07:45:12.987654321Z"));
        assertEquals(
                listed(state(vault("a" + MARK + ".txt", "a.txt"), List.of(), List.of())),
                listed(state(vault("a" + MARK + ".txt", "a.txt"), List.of(), List.of(record))));
    }

    @Test
    void anOriginalThatWasRenamedIsRememberedWhereTheCopyWasMade() {
        var record = new StateChange.PutConflict(COPY, ORIGINAL, "a" + MARK + ".txt", "laptop", Instant.EPOCH);
        assertEquals(
                List.of(expected("docs/a" + MARK + ".txt", original("docs/b.txt"))),
                listed(state(vault("a" + MARK + ".txt", "b.txt"), List.of(), List.of(record))));
    }

    @Test
    void anOriginalThatIsGoneIsToldByThePathThatItHad() {
        assertEquals(
                List.of(expected("docs/a" + MARK + ".txt", "{\"path\":\"docs/a.txt\"}")),
                listed(state(vault("a" + MARK + ".txt", "b.txt"), List.of(), List.of())));
    }

    @Test
    void aCopyThatWasDeletedOrRenamedHereIsNoConflictAnyMore() {
        List<Item> vault = vault("a" + MARK + ".txt", "a.txt");
        var gone = local(COPY, DOCS, "a" + MARK + ".txt", new Presence.Absent());
        assertEquals(List.of(), listed(state(vault, List.of(gone), List.of())));
        var renamed = local(COPY, DOCS, "mine.txt", new Presence.Present());
        assertEquals(List.of(), listed(state(vault, List.of(renamed), List.of())));
    }

    @Test
    void aCopyWhoseFolderIsGoneIsNotListed() {
        var gone = local(DOCS, ROOT, "docs", new Presence.Absent());
        assertEquals(List.of(), listed(state(vault("a" + MARK + ".txt", "a.txt"), List.of(gone), List.of())));
    }

    @Test
    void aTimeThatSomeoneTypedAndThatIsNoneIsLeftOut() {
        String copy = "a (conflicted copy, laptop, 2026-99-99 07.45.12 UTC).txt";
        JsonObject one = listed(state(vault(copy, "a.txt"), List.of(), List.of())).getFirst();
        assertEquals(List.of("attachment", "copy", "original", "devices"), one.names());
    }
}
