package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.LocalTree;

import java.util.Optional;

/** From items to places on the disk. */
final class Paths {
    private Paths() {}

    /** Where an item lies now; empty for the root and for what is not on the disk. */
    static Optional<Slot> slot(LocalTree local, ItemId id) {
        Optional<LocalNode> node = local.get(id).filter(n -> !n.isAbsent());
        return node.flatMap(LocalNode::parent).flatMap(local::path).map(folder -> new Slot(folder, node.get().name()));
    }

    /** A name in a folder; empty when the folder is not on the disk. */
    static Optional<Slot> slot(LocalTree local, ItemId folder, String name) {
        return local.path(folder).map(path -> new Slot(path, name));
    }
}
