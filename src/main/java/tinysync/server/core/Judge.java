package tinysync.server.core;

import tinysync.content.ContentRef;
import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.FoldKey;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.ItemName;
import tinysync.tree.Place;
import tinysync.wire.ErrorCode;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges one mutation: the state of the vault before it, and the checks that several rules share. Each check either
 * returns what it found good or throws {@link Rejection}. Writes nothing.
 */
final class Judge {
    private static final int TARGET_BYTES_MAX = 4_096;
    private static final int PARENTS_MAX = 64;

    final VaultTx tx;
    final VaultState state;
    final Tree tree;
    final BundleState bundle;
    final DeviceId device;
    final Instant at;

    Judge(VaultTx tx, DeviceId device, BundleState bundle, Instant at) {
        this.tx = tx;
        this.state = VaultRules.state(tx);
        this.tree = new Tree(tx);
        this.bundle = bundle;
        this.device = device;
        this.at = at;
    }

    Cursor head() {
        return state.head();
    }

    /** The seq that the change gets. */
    long seq() {
        return head().seq() + 1;
    }

    /** The row of an item that exists, dead or alive. */
    ItemRow known(ItemId id) {
        return tree.row(id).orElseThrow(() -> new Rejection(ErrorCode.NOT_FOUND, "no such item"));
    }

    /** The row of an item that lives; a dead one is a change that the client has not seen. */
    ItemRow living(ItemId id, Dimension dimension) {
        ItemRow row = known(id);
        if (!tree.lives(row)) {
            throw new Rejection(ErrorCode.VERSION_MISMATCH, dimension, "the item is deleted", tree.view(row));
        }
        return row;
    }

    /** As {@link #living}, and not the root. */
    ItemRow livingBelowRoot(ItemId id, Dimension dimension) {
        ItemRow row = living(id, dimension);
        if (row.item().isRoot()) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "the root of a vault stays where it is", row.item());
        }
        return row;
    }

    void version(Item item, Dimension dimension, long base) {
        long current =
                switch (dimension) {
                    case CONTENT -> item.versions().content();
                    case PLACE -> item.versions().place();
                    case META -> item.versions().meta();
                };
        if (current != base) {
            throw new Rejection(ErrorCode.VERSION_MISMATCH, dimension, "the item changed since " + base, item);
        }
    }

    /** The id of an item that is to be made has never been used. */
    void unused(ItemId id) {
        Optional<ItemRow> row = tree.row(id);
        if (row.isPresent()) {
            throw new Rejection(ErrorCode.ITEM_EXISTS, "this item id is in use", tree.view(row.get()));
        }
    }

    /** A name that may be used there, under a folder that lives, not too deep. Says nothing of who has it. */
    void place(Place place) {
        placeIgnoringDepth(place);
        depth(tree.depth(place.parent()) + 1);
    }

    /** A distance from the root that an item may have. */
    static void depth(int depth) {
        if (depth > Tree.DEPTH_MAX) {
            throw new Rejection(ErrorCode.TOO_DEEP, "folders go " + Tree.DEPTH_MAX + " deep at most");
        }
    }

    void placeIgnoringDepth(Place place) {
        Optional<String> problem = ItemName.problem(place.name());
        if (problem.isPresent()) {
            throw new Rejection(ErrorCode.BAD_NAME, "the name " + problem.get());
        }
        if (bundle.isRefused(place.parent())) {
            throw new Rejection(ErrorCode.PARENT_REFUSED, "the folder was refused in this bundle");
        }
        ItemRow parent =
                tree.row(place.parent())
                        .orElseThrow(() -> new Rejection(ErrorCode.PARENT_MISSING, "there is no such folder"));
        if (!tree.lives(parent)) {
            throw new Rejection(ErrorCode.PARENT_MISSING, "the folder is deleted", tree.view(parent));
        }
        if (!parent.item().kind().isFolder()) {
            throw new Rejection(ErrorCode.KIND_MISMATCH, "the parent is not a folder", parent.item());
        }
        if (parent.item().isRoot() && ItemName.reservedAtRoot(place.name())) {
            throw new Rejection(ErrorCode.NAME_RESERVED, "this name is reserved in the root");
        }
    }

    /** Who lives at a place, or under a name that counts as the same there, apart from {@code leaving}. */
    Optional<Item> occupant(Place place, Set<ItemId> leaving) {
        return tx.childrenByFoldKey(place.parent(), FoldKey.of(place.name())).stream()
                .map(ItemRow::item)
                .filter(item -> !leaving.contains(item.id()) && sameName(item.name(), place.name()))
                .findFirst();
    }

    /** What names at one parent must not share. */
    String nameKey(String name) {
        return switch (state.policy().names()) {
            case PORTABLE -> FoldKey.of(name);
            case EXACT -> name;
        };
    }

    private boolean sameName(String a, String b) {
        return state.policy().names() == NamePolicy.PORTABLE || a.equals(b);
    }

    void free(Place place, Set<ItemId> leaving) {
        Optional<Item> occupant = occupant(place, leaving);
        if (occupant.isPresent()) {
            throw taken(occupant.get());
        }
    }

    static Rejection taken(Item by) {
        return new Rejection(ErrorCode.NAME_TAKEN, "'" + by.name() + "' exists in this folder", by);
    }

    int mode(Optional<Integer> asked, int otherwise) {
        int mode = asked.orElse(otherwise);
        if ((mode & ~Item.MODE_MASK) != 0) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "a mode has nine bits");
        }
        return mode;
    }

    /** The content, whole in this vault and of the size that is claimed. */
    StoredContent present(ContentRef ref) {
        StoredContent content =
                ContentRules.find(tx, ref.id())
                        .orElseThrow(
                                () -> new Rejection(ErrorCode.CONTENT_MISSING, "content " + ref.id() + " is not here"));
        if (content.size() != ref.size()) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "content " + ref.id() + " has " + content.size() + " bytes");
        }
        return content;
    }

    /** For a symlink the target that its new content says; empty for everything else. */
    Optional<String> targetOf(Item item, StoredContent content) {
        if (!item.kind().isSymlink()) {
            return Optional.empty();
        }
        if (!(content instanceof StoredContent.Inline inline) || inline.size() > TARGET_BYTES_MAX) {
            throw targetTooLong();
        }
        String target =
                Targets.decode(inline.bytes())
                        .orElseThrow(() -> new Rejection(ErrorCode.BAD_REQUEST, "a link's target is UTF-8"));
        target(target);
        return Optional.of(target);
    }

    /** The bytes of a target that may be kept. */
    Bytes target(String target) {
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "a link's target is not empty and has no NUL");
        }
        if (target.length() > TARGET_BYTES_MAX) {
            throw targetTooLong();
        }
        Bytes bytes =
                Targets.encode(target)
                        .orElseThrow(() -> new Rejection(ErrorCode.BAD_REQUEST, "a link's target is whole characters"));
        if (bytes.length() > TARGET_BYTES_MAX) {
            throw targetTooLong();
        }
        return bytes;
    }

    private static Rejection targetTooLong() {
        return new Rejection(ErrorCode.LIMIT_EXCEEDED, "a link's target has at most " + TARGET_BYTES_MAX + " bytes");
    }

    /** Content versions that a client may name as ancestors: seqs that were given out. */
    List<Long> parents(List<Long> named) {
        boolean outside = named.stream().anyMatch(p -> p < 1 || p > head().seq());
        if (outside || named.size() > PARENTS_MAX) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "parents are up to " + PARENTS_MAX + " versions of this vault");
        }
        return named;
    }

    VersionRow versionRow(ItemId item, ContentRef content, Optional<String> target, List<Long> parents) {
        return new VersionRow(item, seq(), content, target, parents, device, at);
    }
}
