package tinysync.tree;

import tinysync.content.ContentRef;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One change that a client asks for. A mutation names the version it saw of the dimension it changes and is refused
 * when that is no longer the current one; so every mutation fences itself, and a late replay does no harm.
 */
public sealed interface Mutation {
    /** The most moves in one {@link MoveRename}: what one transaction judges by its final state. */
    int MAX_MOVES = 1_000;

    /** The {@link #op word} of a {@link Restore}. */
    String RESTORE = "restore";

    OpId opId();

    /** The word on the wire and in the log. */
    default String op() {
        return switch (this) {
            case CreateFolder c -> "create_folder";
            case PutFile p -> "put_file";
            case CreateSymlink s -> "create_symlink";
            case MoveRename m -> "move_rename";
            case SetMetadata s -> "set_metadata";
            case Delete d -> "delete";
            case DeleteSubtree d -> "delete_subtree";
            case Restore r -> RESTORE;
        };
    }

    /**
     * Makes a folder.
     *
     * @param adopt when a live folder of that name exists, answer with it instead of refusing
     */
    record CreateFolder(OpId opId, ItemId item, Place place, Optional<Integer> mode, boolean adopt)
            implements Mutation {}

    /**
     * Makes a file ({@code place} present, {@code base} empty), or gives an item new content ({@code place} empty,
     * {@code base} the content version seen). On a symlink the content is the new target.
     *
     * @param parents the content versions this one came from; may be empty, then it is {@code base}
     */
    record PutFile(
            OpId opId,
            ItemId item,
            Optional<Place> place,
            Optional<Long> base,
            ContentRef content,
            Optional<Integer> mode,
            Optional<Instant> mtime,
            List<Long> parents)
            implements Mutation {
        public PutFile {
            parents = List.copyOf(parents);
            if (place.isPresent() == base.isPresent()) {
                throw new IllegalArgumentException("put_file either creates (place) or changes (base)");
            }
        }
    }

    /** Makes a symbolic link; the target is kept as given and never followed. */
    record CreateSymlink(OpId opId, ItemId item, Place place, String target, Optional<Instant> mtime)
            implements Mutation {}

    /** Moves and renames, judged by the final state and applied as one: swaps and rotations are atomic. */
    record MoveRename(OpId opId, List<Move> moves) implements Mutation {
        public MoveRename {
            moves = List.copyOf(moves);
            if (moves.isEmpty() || moves.size() > MAX_MOVES) {
                throw new IllegalArgumentException("move_rename takes 1 to " + MAX_MOVES + " moves");
            }
        }

        /** One item of a {@link MoveRename}; {@code base} is its place version as seen. */
        public record Move(ItemId item, long base, Place to) {}
    }

    /**
     * Changes mode, mtime or attributes.
     *
     * @param base the meta version seen
     * @param attrs a JSON object as text that is merged key by key; a {@code null} value removes the key
     */
    record SetMetadata(
            OpId opId, ItemId item, long base, Optional<Integer> mode, Optional<Instant> mtime, Optional<String> attrs)
            implements Mutation {}

    /** Deletes one item; a folder only when it is empty. */
    record Delete(OpId opId, ItemId item, long baseContent, long basePlace) implements Mutation {}

    /**
     * Deletes a folder with all below it.
     *
     * @param appliedSeq the seq to which all of that subtree was applied on the deleter's disk
     * @param confirmed a person released it, so receivers need not hold it again
     */
    record DeleteSubtree(OpId opId, ItemId item, long basePlace, long appliedSeq, boolean confirmed)
            implements Mutation {}

    /**
     * Revives a tombstone under its own id; place and content may be given anew.
     *
     * @param version a content version to bring to the front, where it is not the last one
     * @param recursive with all that died with the folder
     */
    record Restore(
            OpId opId,
            ItemId item,
            Optional<Long> version,
            Optional<ItemId> parent,
            Optional<String> name,
            Optional<ContentRef> content,
            Optional<Integer> mode,
            Optional<Instant> mtime,
            boolean recursive)
            implements Mutation {}
}
