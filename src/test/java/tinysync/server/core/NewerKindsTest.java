package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.store.SqliteStore;
import tinysync.tree.Item;
import tinysync.tree.Kind;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.tree.Versions;
import tinysync.wire.Fields;
import tinysync.wire.ItemCodec;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** An item of a kind that a newer server knew stays what it is, with all it has, under one that does not know it. */
class NewerKindsTest {
    private static final String ATTRS = "{\"leads\":{\"to\":[1,null,\"elsewhere\"]}}";

    @TempDir Path temp;

    private SqliteStore store;
    private Drive drive;
    private Item portal;

    @BeforeEach
    void aNewerServerWasHere() {
        store = SqliteStore.open(temp);
        drive = new Drive(VaultPolicy.DEFAULT, store.vault(Drive.VAULT));
        drive.make("docs/{f=1} other/");
        portal =
                new Item(
                        drive.id(),
                        Optional.of(drive.at("docs").id()),
                        "portal",
                        new Kind("portal"),
                        Optional.of(drive.content("what it holds")),
                        Optional.empty(),
                        0640,
                        Optional.of(Instant.parse("2026-11-21T07:45:00.123456789Z")),
                        Versions.all(2),
                        false,
                        Optional.of(Drive.LAPTOP),
                        ATTRS);
        drive.vault.write(
                tx -> {
                    tx.putItem(ItemRow.of(portal));
                    return true;
                });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Item now() {
        return drive.item(portal.id());
    }

    @Test
    void itComesBackAsItWasStored() {
        assertEquals(portal, now());
        assertEquals(portal, ItemCodec.decode(Fields.of(ItemCodec.encode(now()))));
        assertTrue(
                drive.vault
                        .read(tx -> SnapshotRules.page(tx, Drive.VAULT, Optional.empty(), 100))
                        .items()
                        .contains(portal));
    }

    @Test
    void itMovesAndKeepsWhatItIs() {
        drive.applied(drive.moves(drive.move(portal, "other/gate")));
        Item moved = now();
        assertEquals("gate", moved.name());
        assertEquals(portal.kind(), moved.kind());
        assertEquals(portal.content(), moved.content());
        assertEquals(ATTRS, moved.attrs());
    }

    @Test
    void itTakesAttributesButNoContentAndNoChildren() {
        Mutation attrs =
                new Mutation.SetMetadata(
                        drive.op(), portal.id(), 2, Optional.empty(), Optional.empty(), Optional.of("{\"mine\":1}"));
        drive.applied(attrs);
        assertEquals("{\"leads\":{\"to\":[1,null,\"elsewhere\"]},\"mine\":1}", now().attrs());
        drive.refused("kind_mismatch", drive.edit(portal, "other bytes"));
        drive.refused("kind_mismatch", drive.folder(new Place(portal.id(), "inside")));
    }

    @Test
    void itsFolderIsNotEmptyWithIt() {
        drive.applied(drive.delete(drive.at("docs/f")));
        drive.refused("changed_below", drive.delete(drive.at("docs")));
    }

    @Test
    void whoHasSeenItMayDeleteItWithItsFolderAndItComesBackWithThat() {
        Item docs = drive.at("docs");
        drive.applied(drive.deleteSubtree(docs, drive.head().seq()));
        assertTrue(now().deleted());
        drive.applied(drive.restore(docs.id(), Optional.empty(), true));
        assertEquals(portal.kind(), now().kind());
        assertEquals(ATTRS, now().attrs());
        assertTrue(!now().deleted());
    }
}
