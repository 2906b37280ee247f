package tinysync.client.remote;

import tinysync.content.ContentRef;
import tinysync.wire.SmallContent;

import java.io.IOException;
import java.util.Optional;

/** Where a commit takes the contents from that ride inside it. */
@FunctionalInterface
public interface SmallContents {
    /** For commits whose content the server has already. */
    SmallContents NONE = ref -> Optional.empty();

    /** The bytes to send along, or empty when the server has them. Called from a thread of the HTTP client. */
    Optional<SmallContent> get(ContentRef ref) throws IOException;
}
