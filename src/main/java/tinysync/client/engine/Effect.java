package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.content.Manifest;
import tinysync.tree.Cursor;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;

import java.util.List;
import java.util.Optional;

/** What the engine wants done. Each is answered by the events named, sooner or later, unless the process dies first. */
public sealed interface Effect {
    /** List these folders, in order. Answer: one {@link Event.FolderListed} each. */
    record ListFolders(long scan, List<Folder> folders) implements Effect {
        public ListFolders {
            folders = List.copyOf(folders);
        }

        public record Folder(ItemId id, String path) {}
    }

    /**
     * Read and hash a file. Answer: {@link Event.FileHashed}.
     *
     * @param patient after a file was never quiet for long: take it by a stable double stat even while a writer has it
     *     open
     */
    record HashFile(ItemId item, Slot slot, boolean patient) implements Effect {}

    /** Send the chunks that the server lacks, then the manifest. Answer: {@link Event.Uploaded}. */
    record Upload(ItemId item, Slot slot, Fingerprint fingerprint, ContentRef content, Optional<Manifest> manifest)
            implements Effect {}

    /** Send these mutations in this order. Answer: {@link Event.Committed}. */
    record Commit(Cursor cursor, List<Outgoing> mutations) implements Effect {
        public Commit {
            mutations = List.copyOf(mutations);
        }

        /**
         * @param source where the bytes of a small content lie that travels along; if they are no longer those that the
         *     mutation names, it is not sent
         */
        public record Outgoing(Mutation mutation, Optional<Slot> source) {}
    }

    /** Read the log after a cursor. Answer: {@link Event.LogPulled} or one of the failures. */
    record PullLog(Cursor after) implements Effect {}

    /** Read a page of the snapshot. Answer: {@link Event.SnapshotPulled} or one of the failures. */
    record PullSnapshot(Optional<String> page) implements Effect {}

    /** Find where the server's history and ours part. Answer: {@link Event.CommonFound}. */
    record FindCommon(List<Cursor> checkpoints) implements Effect {
        public FindCommon {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /**
     * Bring content into the staging area, verified. Answer: {@link Event.Fetched}.
     *
     * @param like where an earlier version lies on this disk that may give chunks
     */
    record Fetch(ItemId item, ContentRef content, Optional<Slot> like) implements Effect {}

    /** Give up staged content that is no longer wanted. No answer. */
    record DropStaged(ItemId item, ContentRef content) implements Effect {}

    /** Change the folder, in this order, durably. Answer: {@link Event.Applied}. */
    record Apply(long apply, List<DiskOp> ops) implements Effect {
        public Apply {
            ops = List.copyOf(ops);
        }
    }

    /** Look through what was displaced long enough ago. Answer: {@link Event.Displaced} when something came back. */
    record SweepDisplaced() implements Effect {}

    /** Tell who listens. No answer. */
    record Tell(ClientEvent event) implements Effect {}
}
