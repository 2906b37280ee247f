package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Operation;

import java.util.Optional;

/** What is under way for an item; until it is over, nothing else is decided about it. */
sealed interface Busy {
    /** Chunks are on their way to the server. */
    record Uploading(ContentRef content) implements Busy {}

    /** Content is on its way into the staging area. */
    record Fetching(ContentRef content) implements Busy {}

    /**
     * The disk is being changed.
     *
     * @param view the vault's item that the operation brings about; empty for removals
     */
    record Applying(Operation operation, Optional<Item> view) implements Busy {}

    /** Part of another item's disk operation: its name is taken over, or it takes over a name. */
    record Affected(Optional<Item> view) implements Busy {}

    /** The server was asked. */
    record Committing(Mutation mutation) implements Busy {}

    /** The server said yes; the log has yet to say so. */
    record Settling(OpId op, boolean created) implements Busy {}
}
