package tinysync.client.state;

import java.io.IOException;
import java.nio.file.Path;

/** Another daemon runs on this home. */
public final class HomeInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    HomeInUseException(Path home, IOException cause) {
        super("another TinySync client runs on " + home + ": stop it first, or say another --home", cause);
    }
}
