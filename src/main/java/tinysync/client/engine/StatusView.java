package tinysync.client.engine;

import tinysync.tree.ItemId;

import java.util.List;
import java.util.Optional;

/** What the engine knows of itself; the attachment's part of {@code status}. */
public record StatusView(
        State state,
        long seqLocal,
        long seqServer,
        long items,
        long bytes,
        long upItems,
        long upBytes,
        long downItems,
        long downBytes,
        int conflicts,
        List<Parked> parked,
        int parkedTotal,
        List<Disguised> disguised,
        Optional<Held> held) {
    /** Lists in a status hold at most this many entries. */
    public static final int MAX_LISTED = 100;

    public StatusView {
        parked = List.copyOf(parked);
        disguised = List.copyOf(disguised);
    }

    /** Per attachment, the lower-case name is the word in {@code status}; later ones are worse. */
    public enum State {
        SYNCED,
        SYNCING,
        SCANNING,
        STARTING,
        PAUSED,
        OFFLINE,
        HELD,
        REVOKED,
        ERROR
    }

    public record Parked(String path, String code, String message) {}

    public record Disguised(String path, String vaultName) {}

    /** Why nothing goes on: a safety hold, which a person has to confirm, or a folder that cannot be used. */
    public record Held(
            String id, String reason, String direction, long deletes, long overwrites, List<String> examples) {
        private static final String ROOT = "root_";

        public Held {
            examples = List.copyOf(examples);
        }

        /** The folder itself cannot be used for now; {@code why} is one word. */
        public static Held ofRoot(ItemId root, String why) {
            return new Held(root.toString(), ROOT + why, "up", 0, 0, List.of());
        }

        /** Whether it waits for a person's word; a folder that is not there only has to come back. */
        public boolean awaitsWord() {
            return !reason.startsWith(ROOT);
        }
    }
}
