package tinysync.client.state;

import java.io.IOException;
import java.nio.file.Path;

/** {@code identity.json} is there but cannot be used; it is left as it is. The message says what a person can do. */
public final class BadIdentityException extends IOException {
    private static final long serialVersionUID = 1L;

    BadIdentityException(Path file, String problem) {
        super(file + " cannot be used: " + problem + ". Restore it from a backup, or move it away and join again");
    }
}
