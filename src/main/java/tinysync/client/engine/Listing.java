package tinysync.client.engine;

import tinysync.tree.Fingerprint;

import java.util.List;
import java.util.Optional;

/** What a look at one folder gave. */
public sealed interface Listing {
    /**
     * The folder was read whole, without error.
     *
     * @param folder the folder's own fingerprint, read before and unchanged in identity after
     * @param entries without the root's {@code .tinysync}
     * @param ignoreRules the text of its {@code .tinysyncignore}, if it has a readable one
     */
    record Whole(Fingerprint folder, List<DiskEntry> entries, Optional<String> ignoreRules) implements Listing {
        public Whole {
            entries = List.copyOf(entries);
        }
    }

    /** No folder is at that path (now). */
    record Missing() implements Listing {}

    /** It is there and could not be read whole; nothing may be concluded about what it holds. */
    record Unreadable(String reason) implements Listing {}
}
