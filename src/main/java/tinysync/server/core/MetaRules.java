package tinysync.server.core;

import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.wire.ErrorCode;

import java.util.Optional;

/** Changes of mode, mtime and attributes. */
final class MetaRules {
    private MetaRules() {}

    static Decision set(Judge judge, Mutation.SetMetadata m) {
        Item item = judge.living(m.item(), Dimension.META).item();
        judge.version(item, Dimension.META, m.base());
        if (m.mode().isEmpty() && m.mtime().isEmpty() && m.attrs().isEmpty()) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "set_metadata sets mode, mtime or attrs");
        }
        if (item.kind().isFolder() && m.mtime().isPresent()) {
            throw new Rejection(ErrorCode.KIND_MISMATCH, "folders have no mtime here", item);
        }
        Optional<String> attrs = m.attrs().map(patch -> Attrs.patched(item.attrs(), patch));
        return Decision.change(
                item.withMeta(
                        judge.mode(m.mode(), item.mode()),
                        m.mtime().or(item::mtime),
                        attrs.orElse(item.attrs()),
                        item.versions().withMeta(judge.seq()),
                        judge.device));
    }
}
