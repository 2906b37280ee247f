package tinysync.server.core;

import tinysync.content.ContentRef;
import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.tree.Versions;
import tinysync.wire.ErrorCode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings back what was deleted, and earlier contents of what was not. */
final class RestoreRules {
    /** The most items of one recursive restore: one transaction, one answer. */
    private static final int ITEMS_MAX = 10_000;

    private RestoreRules() {}

    static Decision restore(Judge judge, Mutation.Restore m) {
        ItemRow row = judge.known(m.item());
        if (m.version().isPresent() && m.content().isPresent()) {
            throw new Rejection(ErrorCode.BAD_REQUEST, "restore takes a version or a content, not both");
        }
        if (judge.tree.lives(row)) {
            return earlierVersion(judge, m, row.item());
        }
        Item item = row.item();
        Place place = new Place(m.parent().orElse(item.parent().orElseThrow()), m.name().orElse(item.name()));
        judge.place(place);
        judge.free(place, Set.of(item.id()));
        Decision.Step first = revived(judge, m, item, place);
        if (!item.kind().isFolder()) {
            return Decision.change(first);
        }
        List<Decision.Step> steps = new ArrayList<>(List.of(first));
        if (m.recursive()) {
            addBuried(judge, item, judge.tree.depth(place.parent()) + 1, steps);
        } else {
            // Whoever died with this folder is told apart from whoever lives only by being buried.
            Burial.children(judge.tx, item.id());
        }
        return new Decision.Change(steps, Optional.empty(), Optional.empty());
    }

    /** A living item keeps its place; only an earlier content of it can be brought to the front. */
    private static Decision earlierVersion(Judge judge, Mutation.Restore m, Item item) {
        boolean onlyContent = m.parent().isEmpty() && m.name().isEmpty() && m.content().isEmpty();
        boolean earlier = m.version().filter(v -> v != item.versions().content()).isPresent();
        if (!onlyContent || !earlier) {
            throw new Rejection(ErrorCode.VERSION_MISMATCH, Dimension.PLACE, "the item is not deleted", item);
        }
        return Decision.change(withContent(judge, m, item));
    }

    private static Decision.Step revived(Judge judge, Mutation.Restore m, Item item, Place place) {
        Versions versions = item.versions().withPlace(judge.seq());
        Item alive =
                item.withPlace(place.parent(), place.name(), versions, judge.device)
                        .withDeleted(false, versions, judge.device);
        return withContent(judge, m, alive);
    }

    private static Decision.Step withContent(Judge judge, Mutation.Restore m, Item item) {
        boolean meta = m.mode().isPresent() || m.mtime().isPresent();
        Versions versions = meta ? item.versions().withMeta(judge.seq()) : item.versions();
        int mode = judge.mode(m.mode(), item.mode());
        if (item.content().isEmpty()) {
            if (m.version().isPresent() || m.content().isPresent() || m.mtime().isPresent()) {
                throw new Rejection(ErrorCode.KIND_MISMATCH, "a " + item.kind() + " has no content", item);
            }
            return step(item.withMeta(mode, item.mtime(), item.attrs(), versions, judge.device), List.of());
        }
        ContentRef current = item.content().get();
        Optional<VersionRow> named = m.version().map(version -> version(judge, item, version));
        ContentRef content = named.map(VersionRow::content).or(m::content).orElse(current);
        StoredContent stored = judge.present(content);
        long before = item.versions().content();
        if (m.content().isEmpty() && named.filter(v -> v.contentVersion() != before).isEmpty()) {
            return step(
                    item.withMeta(mode, m.mtime().or(item::mtime), item.attrs(), versions, judge.device), List.of());
        }
        List<Long> parents = named.map(v -> List.of(v.contentVersion(), before)).orElse(List.of(before));
        Optional<String> target = judge.targetOf(item, stored);
        Item changed =
                item.withContent(
                        content,
                        target,
                        mode,
                        m.mtime().or(item::mtime),
                        versions.withContent(judge.seq()),
                        judge.device);
        return step(changed, List.of(judge.versionRow(item.id(), content, target, parents)));
    }

    private static VersionRow version(Judge judge, Item item, long version) {
        return judge.tx
                .version(item.id(), version)
                .orElseThrow(() -> new Rejection(ErrorCode.NOT_FOUND, "the item has no version " + version, item));
    }

    private static Decision.Step step(Item item, List<VersionRow> versions) {
        return new Decision.Step(List.of(item), versions, false);
    }

    /**
     * Parents first. A folder that was deleted, revived as a shell and deleted again holds who died the first time and
     * who died the second; of two with one name the later one comes back, the other stays in its history.
     */
    private static void addBuried(Judge judge, Item root, int rootDepth, List<Decision.Step> steps) {
        List<Item> folders = List.of(root);
        for (int depth = rootDepth + 1; !folders.isEmpty(); depth++) {
            List<Item> below = new ArrayList<>();
            for (Item folder : folders) {
                for (ItemRow child : newestOfEachName(judge, buried(judge, folder, root, ITEMS_MAX - steps.size()))) {
                    Judge.depth(depth);
                    long seq = judge.seq() + steps.size();
                    Item item = child.item();
                    steps.add(step(item.withDeleted(false, item.versions().withPlace(seq), judge.device), List.of()));
                    if (item.kind().isFolder()) {
                        below.add(item);
                    }
                }
            }
            folders = below;
        }
    }

    /** All buried children of a folder; those that are not buried yet are, before. */
    private static List<ItemRow> buried(Judge judge, Item folder, Item root, int most) {
        boolean tooMany = Burial.children(judge.tx, folder.id(), most + 1) > most;
        List<ItemRow> children = tooMany ? List.of() : judge.tx.buriedChildren(folder.id(), most + 1);
        if (tooMany || children.size() > most) {
            throw new Rejection(ErrorCode.LIMIT_EXCEEDED, "more than " + ITEMS_MAX + " items at once", root);
        }
        return children;
    }

    /** Who came to a name later has the larger place version: the name was free only once the other was dead. */
    private static Collection<ItemRow> newestOfEachName(Judge judge, List<ItemRow> children) {
        Map<String, ItemRow> newest = new LinkedHashMap<>();
        for (ItemRow child : children) {
            newest.merge(judge.nameKey(child.item().name()), child, RestoreRules::later);
        }
        return newest.values();
    }

    private static ItemRow later(ItemRow a, ItemRow b) {
        return a.item().versions().place() > b.item().versions().place() ? a : b;
    }
}
