package tinysync.server.http;

import java.net.URI;
import java.util.Objects;
import java.util.UUID;

/**
 * What a running server says of itself.
 *
 * @param base under which clients reach it: scheme, host, port and path prefix, without a slash at the end
 * @param wake where its WebSocket is
 */
public record ServerFacts(UUID serverId, String version, URI base, URI wake) {
    public ServerFacts {
        Objects.requireNonNull(serverId);
        Objects.requireNonNull(version);
        Objects.requireNonNull(base);
        Objects.requireNonNull(wake);
    }
}
