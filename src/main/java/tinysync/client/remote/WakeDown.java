package tinysync.client.remote;

import java.util.Objects;

/** Why a {@link WakeSocket} ended. {@code detail} is for people. */
public record WakeDown(Reason reason, String detail) {
    /** What to do about it depends on this. */
    public enum Reason {
        /** No connection, or a broken one. */
        UNREACHABLE,
        /** Nothing was heard for 75 seconds, not even a ping. */
        SILENT,
        /** The server does not know the token. */
        UNAUTHENTICATED,
        /** The device was revoked. */
        REVOKED,
        /** The server restarts. */
        RESTART,
        /** The server has too many. */
        TRY_LATER,
        /** The other side does not speak our protocol. */
        GARBLED,
        /** This side closed. */
        CLOSED
    }

    public WakeDown {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(detail);
    }
}
