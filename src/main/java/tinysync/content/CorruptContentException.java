package tinysync.content;

import java.io.IOException;

/** Bytes that are not what their hash or size says. Never retried from the same copy. */
public final class CorruptContentException extends IOException {

    private static final long serialVersionUID = 1L;

    public CorruptContentException(String message) {
        super(message);
    }
}
