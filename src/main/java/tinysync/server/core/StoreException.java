package tinysync.server.core;

import java.util.Objects;

/** Storage did not do what it was asked. Unchecked: only the boundary that answers a request or retries reads it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Trouble {
        /** Locked, busy or interrupted; the same transaction may succeed a moment later. */
        BUSY,
        /** The disk or the database's own limit is full. */
        FULL,
        /** Damage, missing files, a programming error: retrying does not help. */
        BROKEN
    }

    private final Trouble trouble;

    public StoreException(Trouble trouble, String message, Throwable cause) {
        super(message, cause);
        this.trouble = Objects.requireNonNull(trouble);
    }

    public StoreException(Trouble trouble, String message) {
        super(message);
        this.trouble = Objects.requireNonNull(trouble);
    }

    public Trouble trouble() {
        return trouble;
    }
}
