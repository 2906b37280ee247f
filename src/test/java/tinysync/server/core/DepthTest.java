package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult.Applied;
import tinysync.tree.MutationResult.Refused;
import tinysync.tree.Place;

import java.util.Optional;

/** How deep a tree may become. The deepest folders are put there as rows: making them one by one takes long. */
class DepthTest {
    private final Drive drive = Drive.empty();

    private ItemId chain(ItemId from, int levels) {
        return drive.vault.write(
                tx -> {
                    ItemId parent = from;
                    for (int i = 0; i < levels; i++) {
                        Item folder = Item.root(drive.id());
                        folder = folder.withPlace(parent, "d", folder.versions(), Drive.LAPTOP);
                        tx.putItem(ItemRow.of(folder));
                        parent = folder.id();
                    }
                    return parent;
                });
    }

    private ItemId folder(ItemId parent, String name) {
        return applied(drive.folder(new Place(parent, name))).items().getFirst().id();
    }

    /** {@link Drive} would tell the tree as text, and these trees are deeper than its stack. */
    private Applied applied(Mutation mutation) {
        return assertInstanceOf(Applied.class, drive.commit(mutation));
    }

    private void tooDeep(Mutation mutation) {
        assertEquals("too_deep", assertInstanceOf(Refused.class, drive.commit(mutation)).code());
    }

    private Mutation move(ItemId item, ItemId to) {
        return drive.moves(
                new Mutation.MoveRename.Move(item, drive.item(item).versions().place(), new Place(to, "moved")));
    }

    @Test
    void nothingIsMadeTooDeep() {
        ItemId above = chain(Drive.ROOT, Tree.DEPTH_MAX - 1);
        ItemId deepest = folder(above, "d");
        tooDeep(drive.folder(new Place(deepest, "d")));
        tooDeep(drive.file(new Place(deepest, "f"), "1"));
        applied(drive.file(new Place(above, "f"), "1"));
    }

    @Test
    void aMoveTakesNothingTooDeep() {
        ItemId deep = chain(Drive.ROOT, Tree.DEPTH_MAX - 3);
        ItemId moved = folder(Drive.ROOT, "a");
        ItemId below = folder(moved, "b");
        applied(drive.file(new Place(below, "f"), "1"));
        applied(move(moved, deep));
        ItemId deeper = folder(deep, "c");
        tooDeep(move(moved, deeper));
        tooDeep(move(moved, folder(deeper, "e")));
        ItemId file = applied(drive.file(new Place(Drive.ROOT, "f"), "1")).items().getFirst().id();
        applied(move(file, folder(deeper, "g")));
    }

    /** A tree that is too deep already may be made better, not worse. */
    @Test
    void onlyWhatSinksIsMeasured() {
        ItemId moved = folder(chain(Drive.ROOT, 2), "a");
        chain(moved, Tree.DEPTH_MAX - 2);
        tooDeep(move(moved, chain(Drive.ROOT, 3)));
        applied(move(moved, chain(Drive.ROOT, 2)));
    }

    @Test
    void aFolderComesBackWithNothingTooDeep() {
        ItemId deep = chain(Drive.ROOT, Tree.DEPTH_MAX - 2);
        ItemId dead = folder(Drive.ROOT, "a");
        ItemId below = folder(dead, "b");
        folder(below, "c");
        applied(drive.deleteSubtree(drive.item(dead), drive.head().seq()));
        tooDeep(drive.restore(dead, Optional.of(new Place(deep, "a")), true));
        applied(drive.restore(below, Optional.of(new Place(deep, "b")), true));
    }
}
