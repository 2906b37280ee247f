package tinysync.wire;

import java.io.IOException;

/** A stream ended before what closes it. What came before may be used where the format says so, never the rest. */
public final class TruncatedException extends IOException {
    private static final long serialVersionUID = 1L;

    public TruncatedException(String message) {
        super(message);
    }
}
