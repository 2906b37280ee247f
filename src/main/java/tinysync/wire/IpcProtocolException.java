package tinysync.wire;

import java.io.IOException;
import java.util.Objects;

/** The other side of an IPC connection broke its rules; the connection cannot be used any more. */
public final class IpcProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Which rule. */
    public enum Fault {
        /** A length outside what is allowed: close without an answer. */
        BAD_LENGTH,
        /** A frame that is no JSON object: answer {@code bad_json}, then close. */
        BAD_JSON,
        /** The connection ended inside a frame. */
        TRUNCATED
    }

    private final Fault fault;

    public IpcProtocolException(Fault fault, String message) {
        super(message);
        this.fault = Objects.requireNonNull(fault);
    }

    public Fault fault() {
        return fault;
    }
}
