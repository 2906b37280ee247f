package tinysync.wire;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What {@code GET /v1/info} says of a server, to anyone who asks.
 *
 * @param addresses base URLs under which it can be reached
 * @param wake where its WebSocket is, if it has one
 * @param foldTable the table behind the fold keys of names
 */
public record ServerInfo(
        String product,
        String version,
        int protocol,
        UUID serverId,
        List<String> addresses,
        Optional<String> wake,
        Set<String> features,
        String foldTable,
        Limits limits) {
    public static final String PRODUCT = "tinysync";
    public static final int PROTOCOL = 1;

    public ServerInfo {
        Objects.requireNonNull(product);
        Objects.requireNonNull(version);
        Objects.requireNonNull(serverId);
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(wake);
        features = Set.copyOf(features);
        Objects.requireNonNull(foldTable);
        Objects.requireNonNull(limits);
    }

    /**
     * How much a server takes at once: sizes in bytes, the others in pieces.
     *
     * @param jsonBytes one JSON body or frame
     * @param depth folders inside one another
     */
    public record Limits(
            long bodyBytes,
            long inlineBytes,
            long bundleMutations,
            long nameBytes,
            long depth,
            long logPage,
            long jsonBytes,
            long chunkBytesMax) {
        public static final Limits DEFAULT =
                new Limits(16 << 20, 64 << 10, 10_000, 255, 4_096, 1_000, 1 << 20, 4 << 20);
    }
}
