package tinysync.client.remote;

import tinysync.content.Hash;
import tinysync.wire.Bearer;
import tinysync.wire.ServerUrl;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a server is and how to be let in.
 *
 * @param base scheme, host, port and path prefix, without a slash at the end; plain {@code http} only where a person
 *     said so (it is in the invite) or on this machine
 * @param token of a device, or of the operator
 * @param pin the SHA-256 of the server key's SubjectPublicKeyInfo; then that key is trusted and no other, and neither
 *     host name nor issuer matters
 */
public record ServerConnection(URI base, Bearer token, Optional<Hash> pin) {
    public ServerConnection {
        Objects.requireNonNull(token);
        checkAddress(base, pin);
    }

    static void checkAddress(URI base, Optional<Hash> pin) {
        if (!ServerUrl.isOne(base, ServerUrl.HTTP)) {
            throw new IllegalArgumentException("the address of a server is http(s)://HOST[:PORT][/PATH]");
        }
        if (pin.isPresent() && !base.getScheme().equals("https")) {
            throw new IllegalArgumentException("a pinned key needs https");
        }
    }
}
