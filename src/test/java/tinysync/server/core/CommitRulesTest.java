package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult.Applied;
import tinysync.tree.MutationResult.Duplicate;
import tinysync.tree.MutationResult.Refused;
import tinysync.tree.Place;
import tinysync.tree.Versions;
import tinysync.wire.Role;

import java.util.List;
import java.util.Optional;

class CommitRulesTest {

    @Test
    void aTreeIsMadeFromItsMutations() {
        Drive drive = Drive.of("a=1 docs/{b=2 deep/{c=3}} l->../a");
        assertEquals("a=1 docs/{b=2 deep/{c=3}} l->../a", drive.tree());
        assertEquals(6, drive.head().seq());
    }

    @Test
    void aNewItemIsBornInAllDimensionsAtOneSeq() {
        Drive drive = Drive.empty();
        Applied applied = drive.applied(drive.file(drive.place("a"), "1"));
        Item item = applied.items().getFirst();
        assertEquals(1, applied.seq());
        assertEquals(Versions.all(1), item.versions());
        assertEquals(Optional.of(Drive.LAPTOP), item.device());
        assertEquals(0644, item.mode());
        assertEquals(1, drive.read(tx -> tx.versions(item.id(), Long.MAX_VALUE, 10)).size());
    }

    // Names

    @Test
    void portableNamesThatFoldAlikeAreTaken() {
        Drive drive = Drive.of("Straße=1");
        Refused refused = drive.refused("name_taken", drive.file(drive.place("STRASSE"), "2"));
        assertEquals(Optional.of(drive.at("Straße")), refused.item());
    }

    @Test
    void exactNamesMayDifferByCaseButNotBeEqual() {
        Drive drive = Drive.exact();
        drive.make("a=1 A=2");
        drive.refused("name_taken", drive.file(drive.place("a"), "3"));
        assertEquals("A=2 a=1", drive.tree());
    }

    @Test
    void badNamesAreRefused() {
        Drive drive = Drive.empty();
        for (String name : List.of("", ".", "..", "a/b", "a\0b", "e\u0301", "\uD800", "x".repeat(256))) {
            drive.refused("bad_name", drive.folder(new Place(Drive.ROOT, name)));
        }
    }

    @Test
    void ourOwnFolderNameIsReservedAtTheRootOnly() {
        Drive drive = Drive.of("d/");
        drive.refused("name_reserved", drive.folder(drive.place(".TinySync")));
        drive.refused("name_reserved", drive.moves(drive.move(drive.at("d"), ".tinysync")));
        drive.applied(drive.folder(drive.place("d/.tinysync")));
    }

    // Creating

    @Test
    void anItemIdIsUsedOnceForEver() {
        Drive drive = Drive.of("a=1");
        Item item = drive.at("a");
        drive.applied(drive.delete(item));
        Mutation again = new Mutation.CreateFolder(drive.op(), item.id(), drive.place("b"), Optional.empty(), false);
        Refused refused = drive.refused("item_exists", again);
        assertTrue(refused.item().orElseThrow().deleted());
    }

    @Test
    void parentsMustBeLivingFolders() {
        Drive drive = Drive.of("a=1 d/{e/}");
        ItemId deep = drive.at("d/e").id();
        drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        drive.refused("parent_missing", drive.folder(new Place(drive.id(), "x")));
        Refused dead = drive.refused("parent_missing", drive.folder(new Place(deep, "x")));
        assertTrue(dead.item().orElseThrow().deleted());
        drive.refused("kind_mismatch", drive.folder(new Place(drive.at("a").id(), "x")));
    }

    @Test
    void aFolderIsAdoptedWhenItIsThereAndMadeWhenItIsNot() {
        Drive drive = Drive.of("docs/ f=1");
        Mutation adopt = drive.adopting(drive.place("Docs"));
        Applied applied = drive.applied(adopt);
        assertEquals(List.of(drive.at("docs")), applied.items());
        assertEquals(drive.head().seq(), applied.seq());
        assertEquals(2, drive.head().seq());
        Duplicate repeated = assertInstanceOf(Duplicate.class, drive.commit(adopt));
        assertEquals(applied.items(), repeated.items());
        drive.refused("name_taken", drive.adopting(drive.place("F")));
        drive.applied(drive.adopting(drive.place("new")));
        assertEquals("docs/ f=1 new/", drive.tree());
    }

    @Test
    void childrenOfARefusedFolderAreRefusedInTheSameBundle() {
        Drive drive = Drive.of("docs=1");
        Mutation.CreateFolder folder = drive.folder(drive.place("docs"));
        drive.refused("name_taken", folder);
        Mutation.CreateFolder child = drive.folder(new Place(folder.item(), "x"));
        drive.refused("parent_refused", child);
        drive.refused("parent_refused", drive.file(new Place(child.item(), "y"), "1"));
        drive.newBundle();
        drive.refused("parent_missing", drive.folder(new Place(folder.item(), "x")));
    }

    @Test
    void childrenOfAFolderThatGaveWayToAnotherAreRefusedAlsoWhenTheBundleIsRepeated() {
        Drive drive = Drive.of("docs/");
        Mutation.CreateFolder adopt = drive.adopting(drive.place("docs"));
        Mutation.CreateFolder make = drive.adopting(drive.place("new"));
        for (int i = 0; i < 2; i++) {
            drive.newBundle();
            drive.commit(adopt);
            drive.refused("parent_refused", drive.folder(new Place(adopt.item(), "x")));
            drive.commit(make);
            drive.applied(drive.folder(new Place(make.item(), "x" + i)));
        }
        assertEquals("docs/ new/{x0/ x1/}", drive.tree());
    }

    @Test
    void contentMustBeThereAndOfItsSize() {
        Drive drive = Drive.empty();
        ContentRef there = drive.content("12");
        ContentRef nowhere = new ContentRef(Hash.of(new byte[] {9}), 1);
        drive.refused("content_missing", put(drive, nowhere));
        drive.refused("bad_request", put(drive, new ContentRef(there.id(), 3)));
        drive.applied(put(drive, ContentRef.EMPTY));
    }

    private static Mutation put(Drive drive, ContentRef content) {
        return new Mutation.PutFile(
                drive.op(),
                drive.id(),
                Optional.of(drive.place("x")),
                Optional.empty(),
                content,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    // New content

    @Test
    void newContentNeedsTheContentVersionThatIsThere() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        Item edited = drive.applied(drive.edit(seen, "2")).items().getFirst();
        assertEquals(new Versions(2, 1, 2), edited.versions());
        Refused refused = drive.refused("version_mismatch", drive.edit(seen, "3"));
        assertEquals(Optional.of("content"), refused.dimension());
        assertEquals(Optional.of(edited), refused.item());
        List<VersionRow> versions = drive.read(tx -> tx.versions(seen.id(), Long.MAX_VALUE, 10));
        assertEquals(List.of(2L, 1L), versions.stream().map(VersionRow::contentVersion).toList());
        assertEquals(List.of(1L), versions.getFirst().parents());
    }

    @Test
    void renameAndEditBothApply() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        drive.applied(drive.moves(drive.move(seen, "b")));
        drive.applied(drive.edit(seen, "2"));
        assertEquals("b=2", drive.tree());
    }

    @Test
    void foldersTakeNoContent() {
        Drive drive = Drive.of("d/");
        drive.refused("kind_mismatch", drive.edit(drive.at("d"), "1"));
        drive.refused("not_found", drive.edit(Item.root(drive.id()), "1"));
    }

    @Test
    void newContentOfALinkIsItsTarget() {
        Drive drive = Drive.of("l->a");
        Item after = drive.applied(drive.edit(drive.at("l"), "../b")).items().getFirst();
        assertEquals(Optional.of("../b"), after.target());
        drive.refused("bad_request", drive.edit(after, "a\0b"));
        drive.refused("limit_exceeded", drive.edit(after, "x".repeat(4097)));
        drive.refused("limit_exceeded", link(drive, "y".repeat(4097)));
        drive.refused("bad_request", link(drive, "a\0"));
        drive.refused("bad_request", link(drive, "\uD800"));
    }

    private static Mutation link(Drive drive, String target) {
        return new Mutation.CreateSymlink(drive.op(), drive.id(), drive.place("m"), target, Optional.empty());
    }

    @Test
    void ancestorsAreVersionsThatWereGivenOut() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        Mutation.PutFile future =
                new Mutation.PutFile(
                        drive.op(),
                        seen.id(),
                        Optional.empty(),
                        Optional.of(1L),
                        drive.content("2"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(1L, 9L));
        drive.refused("bad_request", future);
    }

    // Moving

    @Test
    void namesAreSwappedInOneEvent() {
        Drive drive = Drive.of("a=1 b=2");
        Applied applied = drive.applied(drive.moves(drive.move(drive.at("a"), "b"), drive.move(drive.at("b"), "a")));
        assertEquals("a=2 b=1", drive.tree());
        assertEquals(3, applied.seq());
        assertEquals(2, applied.items().size());
    }

    @Test
    void namesRotate() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        drive.applied(
                drive.moves(
                        drive.move(drive.at("a"), "b"),
                        drive.move(drive.at("b"), "c"),
                        drive.move(drive.at("c"), "a")));
        assertEquals("a=3 b=1 c=2", drive.tree());
    }

    @Test
    void aFolderTakesInWhatMovesWithIt() {
        Drive drive = Drive.of("d/ e/ a=1");
        drive.applied(drive.moves(drive.move(drive.at("a"), "d/a"), drive.move(drive.at("d"), "e/d")));
        assertEquals("e/{d/{a=1}}", drive.tree());
    }

    @Test
    void parentAndChildChangePlaces() {
        Drive drive = Drive.of("p/{c/}");
        Item parent = drive.at("p");
        Item child = drive.at("p/c");
        drive.applied(
                drive.moves(
                        drive.move(child, "c"),
                        new Mutation.MoveRename.Move(parent.id(), 1, new Place(child.id(), "p"))));
        assertEquals("c/{p/}", drive.tree());
    }

    @Test
    void aFolderNeverMovesIntoItself() {
        Drive drive = Drive.of("a/{b/} c/");
        drive.refused("cycle", drive.moves(drive.move(drive.at("a"), "a/b/a")));
        drive.refused("cycle", drive.moves(drive.move(drive.at("a"), "a/a")));
        drive.refused("cycle", drive.moves(drive.move(drive.at("a"), "c/a"), drive.move(drive.at("c"), "a/b/c")));
    }

    @Test
    void movesAreRefusedTogether() {
        Drive drive = Drive.of("a=1 b=2 c=3");
        drive.refused("name_taken", drive.moves(drive.move(drive.at("a"), "x"), drive.move(drive.at("b"), "C")));
        drive.refused("name_taken", drive.moves(drive.move(drive.at("a"), "x"), drive.move(drive.at("b"), "X")));
        drive.refused("bad_request", drive.moves(drive.move(drive.at("a"), "x"), drive.move(drive.at("a"), "y")));
    }

    @Test
    void movingNeedsThePlaceVersionThatIsThere() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        drive.applied(drive.edit(seen, "2"));
        drive.applied(drive.moves(drive.move(seen, "b")));
        Refused refused = drive.refused("version_mismatch", drive.moves(drive.move(seen, "c")));
        assertEquals(Optional.of("place"), refused.dimension());
        drive.refused("bad_request", drive.moves(new Mutation.MoveRename.Move(Drive.ROOT, 0, drive.place("r"))));
    }

    @Test
    void aNameMayChangeItsCaseOnly() {
        Drive drive = Drive.of("a=1");
        drive.applied(drive.moves(drive.move(drive.at("a"), "A")));
        assertEquals("A=1", drive.tree());
    }

    // Metadata

    @Test
    void metadataIsPatchedAndKept() {
        Drive drive = Drive.of("a=1");
        drive.applied(meta(drive, drive.at("a"), Optional.of(0755), Optional.of("{\"k\":{\"a\":1,\"b\":2},\"z\":9}")));
        Item after =
                drive.applied(
                                meta(
                                        drive,
                                        drive.at("a"),
                                        Optional.empty(),
                                        Optional.of("{\"k\":{\"a\":null},\"z\":null}")))
                        .items()
                        .getFirst();
        assertEquals("{\"k\":{\"b\":2}}", after.attrs());
        assertEquals(0755, after.mode());
        assertEquals(new Versions(1, 1, 3), after.versions());
    }

    @Test
    void badMetadataIsRefused() {
        Drive drive = Drive.of("a=1 d/");
        Item a = drive.at("a");
        drive.refused("bad_request", meta(drive, a, Optional.of(01000), Optional.empty()));
        drive.refused("bad_request", meta(drive, a, Optional.empty(), Optional.empty()));
        drive.refused("bad_request", meta(drive, a, Optional.empty(), Optional.of("[]")));
        drive.refused("bad_json", meta(drive, a, Optional.empty(), Optional.of("{")));
        String big = "{\"k\":\"" + "x".repeat(4096) + "\"}";
        drive.refused("limit_exceeded", meta(drive, a, Optional.empty(), Optional.of(big)));
        drive.applied(meta(drive, a, Optional.of(0600), Optional.empty()));
        Refused stale = drive.refused("version_mismatch", meta(drive, a, Optional.of(0640), Optional.empty()));
        assertEquals(Optional.of("meta"), stale.dimension());
    }

    private static Mutation meta(Drive drive, Item seen, Optional<Integer> mode, Optional<String> attrs) {
        return new Mutation.SetMetadata(drive.op(), seen.id(), seen.versions().meta(), mode, Optional.empty(), attrs);
    }

    // Deleting

    @Test
    void aTombstoneKeepsItsContentAndFreesItsName() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        Item dead = drive.applied(drive.delete(seen)).items().getFirst();
        assertTrue(dead.deleted());
        assertEquals(seen.content(), dead.content());
        assertEquals(new Versions(1, 2, 1), dead.versions());
        drive.make("a=2");
        assertEquals("a=2", drive.tree());
        Refused again = drive.refused("version_mismatch", drive.delete(seen));
        assertEquals(Optional.of(dead), again.item());
    }

    @Test
    void deletingChecksContentAndPlace() {
        Drive drive = Drive.of("a=1 b=2");
        Item a = drive.at("a");
        Item b = drive.at("b");
        drive.applied(drive.edit(a, "3"));
        drive.applied(drive.moves(drive.move(b, "c")));
        assertEquals(Optional.of("content"), drive.refused("version_mismatch", drive.delete(a)).dimension());
        assertEquals(Optional.of("place"), drive.refused("version_mismatch", drive.delete(b)).dimension());
        drive.refused("bad_request", drive.delete(drive.at("")));
    }

    @Test
    void onlyAnEmptyFolderIsDeletedByItself() {
        Drive drive = Drive.of("d/{a=1}");
        drive.refused("changed_below", drive.delete(drive.at("d")));
        drive.applied(drive.delete(drive.at("d/a")));
        drive.applied(drive.delete(drive.at("d")));
        assertEquals("", drive.tree());
    }

    @Test
    void aSubtreeDiesInOneEventUnlessSomethingBelowIsNewer() {
        Drive drive = Drive.of("d/{e/{a=1} b=2}");
        Item a = drive.at("d/e/a");
        long applied = drive.head().seq();
        drive.applied(drive.edit(a, "9"));
        drive.refused("changed_below", drive.deleteSubtree(drive.at("d"), applied));
        drive.refused("changed_below", drive.deleteSubtree(drive.at("d"), Long.MAX_VALUE));
        Applied deleted = drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        assertEquals(1, deleted.items().size());
        assertEquals("", drive.tree());
        Refused below = drive.refused("version_mismatch", drive.edit(a, "10"));
        assertTrue(below.item().orElseThrow().deleted());
        assertTrue(drive.item(a.id()).deleted());
    }

    @Test
    void buryingChangesNothingThatAnyoneSees() {
        Drive drive = Drive.of("d/{e/{a=1 b=1} c=2} x=1");
        ItemId a = drive.at("d/e/a").id();
        drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        Item before = drive.item(a);
        Totals totals = drive.read(SnapshotRules::totals);
        boolean more = true;
        while (more) {
            more = drive.vault.write(tx -> Burial.some(tx, 1));
            assertEquals(before, drive.item(a));
            assertEquals(totals, drive.read(SnapshotRules::totals));
        }
        assertEquals(totals, drive.read(VaultTx::totals));
        assertEquals(new Totals(2, 1), totals);
    }

    // Restoring

    @Test
    void aTombstoneComesBackUnderItsId() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        drive.applied(drive.delete(seen));
        Item back = drive.applied(drive.restore(seen.id())).items().getFirst();
        assertFalse(back.deleted());
        assertEquals(new Versions(1, 3, 1), back.versions());
        assertEquals("a=1", drive.tree());
    }

    @Test
    void aLivingItemIsNotRestored() {
        Drive drive = Drive.of("a=1");
        drive.refused("version_mismatch", drive.restore(drive.at("a").id()));
        drive.refused("version_mismatch", drive.restoreVersion(drive.at("a").id(), 1));
        drive.refused("not_found", drive.restore(drive.id()));
    }

    @Test
    void anEarlierVersionComesToTheFront() {
        Drive drive = Drive.of("a=1");
        Item seen = drive.at("a");
        drive.applied(drive.edit(seen, "2"));
        drive.applied(drive.restoreVersion(seen.id(), 1));
        assertEquals("a=1", drive.tree());
        VersionRow newest = drive.read(tx -> tx.versions(seen.id(), Long.MAX_VALUE, 1)).getFirst();
        assertEquals(3, newest.contentVersion());
        assertEquals(List.of(1L, 2L), newest.parents());
        drive.refused("not_found", drive.restoreVersion(seen.id(), 99));
    }

    @Test
    void aTakenNameOrDeadFolderNeedsANewPlace() {
        Drive drive = Drive.of("a=1 d/{b=2}");
        ItemId a = drive.at("a").id();
        ItemId b = drive.at("d/b").id();
        drive.applied(drive.delete(drive.at("a")));
        drive.make("A=3");
        drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        drive.refused("name_taken", drive.restore(a));
        drive.refused("parent_missing", drive.restore(b));
        drive.applied(drive.restore(a, Optional.of(drive.place("a2")), false));
        drive.applied(drive.restore(b, Optional.of(drive.place("b")), false));
        assertEquals("A=3 a2=1 b=2", drive.tree());
    }

    @Test
    void aFolderComesBackAsAShellAlsoBeforeItsChildrenAreBuried() {
        Drive drive = Drive.of("d/{e/{a=1}}");
        ItemId d = drive.at("d").id();
        ItemId e = drive.at("d/e").id();
        drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        drive.applied(drive.restore(d));
        assertEquals("d/", drive.tree());
        drive.applied(drive.restore(e));
        assertEquals("d/{e/}", drive.tree());
    }

    @Test
    void aFolderComesBackWithWhatDiedWithItParentsFirst() {
        Drive drive = Drive.of("d/{e/{a=1} gone=2 b=3}");
        ItemId d = drive.at("d").id();
        drive.applied(drive.delete(drive.at("d/gone")));
        drive.applied(drive.deleteSubtree(drive.at("d"), drive.head().seq()));
        long before = drive.head().seq();
        Mutation restore = drive.restore(d, Optional.empty(), true);
        Applied applied = drive.applied(restore);
        assertEquals("d/{b=3 e/{a=1}}", drive.tree());
        assertEquals(before + 4, applied.seq());
        assertEquals(4, applied.items().size());
        Duplicate repeated = assertInstanceOf(Duplicate.class, drive.commit(restore));
        assertEquals(applied.items(), repeated.items());
    }

    // Idempotency and access

    @Test
    void theSameOpTakesEffectOnce() {
        Drive drive = Drive.empty();
        Mutation make = drive.file(drive.place("a"), "1");
        Applied applied = drive.applied(make);
        drive.applied(drive.edit(drive.at("a"), "2"));
        Duplicate duplicate = assertInstanceOf(Duplicate.class, drive.commit(make));
        assertEquals(applied.seq(), duplicate.seq());
        assertEquals(applied.items(), duplicate.items());
        assertEquals("a=2", drive.tree());
    }

    @Test
    void anOpIdBelongsToOneMutation() {
        Drive drive = Drive.empty();
        Mutation.CreateFolder make = drive.folder(drive.place("a"));
        drive.applied(make);
        drive.refused(
                "op_reused",
                new Mutation.CreateFolder(make.opId(), drive.id(), drive.place("b"), Optional.empty(), false));
    }

    @Test
    void aRefusedOpMayBeTriedAgain() {
        Drive drive = Drive.of("a=1");
        Mutation make = drive.folder(drive.place("a"));
        drive.refused("name_taken", make);
        drive.applied(drive.delete(drive.at("a")));
        drive.applied(make);
        assertEquals("a/", drive.tree());
    }

    @Test
    void aReaderChangesNothing() {
        Drive drive = Drive.of("a=1");
        drive.as(Role.READ);
        drive.refused("forbidden", drive.delete(drive.at("a")));
        drive.refused("forbidden", drive.folder(drive.place("b")));
    }
}
