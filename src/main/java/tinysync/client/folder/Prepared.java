package tinysync.client.folder;

import tinysync.client.engine.DiskResult;
import tinysync.platform.Dir;
import tinysync.tree.Fingerprint;

import java.util.Optional;

/** What was made ready, and durable, for one operation before the first operation of its batch is performed. */
sealed interface Prepared {
    /** The operation needs nothing. */
    record Nothing() implements Prepared {}

    /**
     * A file or symlink, complete but for its name.
     *
     * @param folder where it waits: the stage, or the displaced area when it will be exchanged
     * @param ticket the name in the displaced area for what it replaces
     */
    record Incoming(Dir folder, String name, Fingerprint image, Optional<String> ticket) implements Prepared {}

    /** A name in the displaced area for what will be removed. */
    record Reserved(String ticket) implements Prepared {}

    /** The operation cannot be performed. */
    record Refused(DiskResult result) implements Prepared {}
}
