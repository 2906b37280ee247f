package tinysync.server.core;

import tinysync.content.ContentRef;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One accepted content of one item.
 *
 * @param contentVersion the seq that brought it
 * @param target for a symlink, its target
 * @param parents the content versions it came from, none for the first
 */
public record VersionRow(
        ItemId item,
        long contentVersion,
        ContentRef content,
        Optional<String> target,
        List<Long> parents,
        DeviceId device,
        Instant at) {
    public VersionRow {
        Objects.requireNonNull(item);
        Objects.requireNonNull(content);
        Objects.requireNonNull(target);
        parents = List.copyOf(parents);
        Objects.requireNonNull(device);
        Objects.requireNonNull(at);
    }
}
