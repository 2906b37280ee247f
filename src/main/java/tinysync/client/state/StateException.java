package tinysync.client.state;

import java.io.IOException;

/** An attachment's database could not be read or written; nothing of the call took effect. */
public final class StateException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    enum Trouble {
        /** The file holds something other than a database of ours. */
        DAMAGED,
        /** A newer program wrote it. */
        NEWER,
        /** Disk full, no permission, in use, input or output error. */
        DISK
    }

    private final Trouble trouble;

    StateException(Trouble trouble, String message) {
        super(message);
        this.trouble = trouble;
    }

    StateException(Trouble trouble, String message, Throwable cause) {
        super(message, cause);
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }
}
