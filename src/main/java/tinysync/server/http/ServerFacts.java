package tinysync.server.http;

import tinysync.content.Hash;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a running server says of itself.
 *
 * @param base under which clients reach it: scheme, host, port and path prefix, without a slash at the end
 * @param wake where its WebSocket is
 * @param pin SHA-256 of the key that clients know it by (FORMATS, invite); empty where an authority vouches for it
 */
public record ServerFacts(UUID serverId, String version, URI base, URI wake, Optional<Hash> pin) {
    public ServerFacts {
        Objects.requireNonNull(serverId);
        Objects.requireNonNull(version);
        Objects.requireNonNull(base);
        Objects.requireNonNull(wake);
        Objects.requireNonNull(pin);
    }
}
