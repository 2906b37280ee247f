package tinysync.server;

import java.io.IOException;

/** The server cannot start; the message tells an operator why and what to do. */
public final class StartException extends IOException {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
