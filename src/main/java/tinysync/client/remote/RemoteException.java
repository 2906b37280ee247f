package tinysync.client.remote;

import tinysync.tree.Item;
import tinysync.wire.ErrorCode;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** A call to a server brought no answer that can be used; which of the three it was decides what to do about it. */
public abstract sealed class RemoteException extends Exception {
    private static final long serialVersionUID = 1L;

    private RemoteException(String message) {
        super(message);
    }

    private RemoteException(String message, Throwable cause) {
        super(message, cause);
    }

    /** No connection, a broken one, or silence. Whether the call took effect is unknown. Worth trying again. */
    public static final class Unreachable extends RemoteException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message) {
            super(message);
        }

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The server understood and said no. Nothing took effect. */
    public static final class Refused extends RemoteException {
        private static final long serialVersionUID = 1L;

        private static final int TOO_MANY = 429;
        private static final int SERVER_TROUBLE = 500;

        private final String code;
        private final int status;
        private final transient Optional<Item> item;
        private final transient Optional<Duration> retryAfter;

        public Refused(String code, int status, String message, Optional<Item> item, Optional<Duration> retryAfter) {
            super(message);
            this.code = Objects.requireNonNull(code);
            this.status = status;
            this.item = Objects.requireNonNull(item);
            this.retryAfter = Objects.requireNonNull(retryAfter);
        }

        /** The code as the server wrote it; a newer one may use words that {@link ErrorCode} does not have. */
        public String code() {
            return code;
        }

        public Optional<ErrorCode> known() {
            return ErrorCode.parse(code);
        }

        public boolean is(ErrorCode expected) {
            return code.equals(expected.wire());
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** The server does not know this device, or not any more. */
        public boolean isRevoked() {
            return status == ErrorCode.UNAUTHENTICATED.status() || is(ErrorCode.DEVICE_REVOKED);
        }

        /** The server cannot answer now, or has too much to do: the same request may succeed later. */
        public boolean isTemporary() {
            return status >= SERVER_TROUBLE || status == TOO_MANY;
        }

        /** The current view of what stood in the way. */
        public Optional<Item> item() {
            return item;
        }

        /** How long the server asks to be left alone. */
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /**
     * Something answered that is not a server of ours, or not the one we know, or broke the protocol: a page of a
     * captive portal, another key, content with another hash. Nothing of the answer was used.
     */
    public static final class Garbled extends RemoteException {
        private static final long serialVersionUID = 1L;

        public Garbled(String message) {
            super(message);
        }

        public Garbled(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
