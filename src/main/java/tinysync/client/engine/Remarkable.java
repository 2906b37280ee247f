package tinysync.client.engine;

import tinysync.tree.ConflictNames;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;
import tinysync.tree.Trees;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Items that {@code status} tells of, kept while the trees change, so that nobody has to search the trees for them. */
final class Remarkable {
    private final Trees trees;
    private final Set<ItemId> disguised = new LinkedHashSet<>();
    private final Set<ItemId> unreadable = new LinkedHashSet<>();
    private final Set<ItemId> copies = new LinkedHashSet<>();

    Remarkable(Trees trees) {
        this.trees = trees;
    }

    /** Something about the item changed. */
    void look(ItemId id) {
        Optional<LocalNode> local = trees.local().get(id);
        keep(disguised, id, trees.synced().get(id).filter(Remarkable::isDisguised).isPresent());
        keep(unreadable, id, local.filter(node -> node.presence() instanceof Presence.Unknown).isPresent());
        keep(copies, id, shownName(id, local).filter(ConflictNames::isCopyName).isPresent());
    }

    private static void keep(Set<ItemId> set, ItemId id, boolean belongs) {
        if (belongs) {
            set.add(id);
        } else {
            set.remove(id);
        }
    }

    private static boolean isDisguised(SyncedEntry entry) {
        return entry.place().filter(place -> !place.name().equals(entry.disk().name())).isPresent();
    }

    /** As a person sees it: in the folder, else in the vault. */
    private Optional<String> shownName(ItemId id, Optional<LocalNode> local) {
        if (local.filter(LocalNode::isPresent).isPresent()) {
            return local.map(LocalNode::name);
        }
        boolean gone = local.filter(LocalNode::isAbsent).isPresent();
        return gone ? Optional.empty() : trees.remote().get(id).map(Item::name);
    }

    /** Agreed items that stand on the disk under another name than in the vault. */
    Set<ItemId> disguised() {
        return Collections.unmodifiableSet(disguised);
    }

    /** What cannot be read. */
    Set<ItemId> unreadable() {
        return Collections.unmodifiableSet(unreadable);
    }

    /** Conflict copies, whichever device made them; known by their names, as {@code tinysync conflicts} knows them. */
    Set<ItemId> copies() {
        return Collections.unmodifiableSet(copies);
    }
}
