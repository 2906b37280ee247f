package tinysync.server.core;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.core.Rejection.Dimension;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.tree.Versions;
import tinysync.wire.ErrorCode;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** New folders, files and links, and new content for those that exist. */
final class CreateRules {
    private CreateRules() {}

    static Decision folder(Judge judge, Mutation.CreateFolder m) {
        judge.unused(m.item());
        judge.place(m.place());
        Optional<Item> occupant = judge.occupant(m.place(), Set.of());
        if (m.adopt() && occupant.filter(item -> item.kind().isFolder()).isPresent()) {
            return new Decision.Adopt(occupant.get());
        }
        if (occupant.isPresent()) {
            throw Judge.taken(occupant.get());
        }
        int mode = judge.mode(m.mode(), Item.DEFAULT_FOLDER_MODE);
        return Decision.change(
                made(
                        judge,
                        m.item(),
                        m.place(),
                        Kind.FOLDER,
                        Optional.empty(),
                        Optional.empty(),
                        mode,
                        Optional.empty()));
    }

    static Decision file(Judge judge, Mutation.PutFile m) {
        return m.place().isPresent()
                ? newFile(judge, m, m.place().get())
                : newContent(judge, m, m.base().orElseThrow());
    }

    private static Decision newFile(Judge judge, Mutation.PutFile m, Place place) {
        judge.unused(m.item());
        judge.place(place);
        judge.free(place, Set.of());
        judge.present(m.content());
        int mode = judge.mode(m.mode(), Item.DEFAULT_FILE_MODE);
        Item file =
                made(judge, m.item(), place, Kind.FILE, Optional.of(m.content()), Optional.empty(), mode, m.mtime());
        List<Long> parents = judge.parents(m.parents());
        return Decision.change(file, judge.versionRow(m.item(), m.content(), Optional.empty(), parents));
    }

    private static Decision newContent(Judge judge, Mutation.PutFile m, long base) {
        Item before = judge.living(m.item(), Dimension.CONTENT).item();
        if (!before.kind().isFile() && !before.kind().isSymlink()) {
            throw new Rejection(ErrorCode.KIND_MISMATCH, "a " + before.kind() + " takes no content", before);
        }
        judge.version(before, Dimension.CONTENT, base);
        StoredContent content = judge.present(m.content());
        Optional<String> target = judge.targetOf(before, content);
        List<Long> parents = m.parents().isEmpty() ? List.of(base) : judge.parents(m.parents());
        boolean meta = m.mode().isPresent() || m.mtime().isPresent();
        Versions versions = before.versions().withContent(judge.seq());
        Item after =
                before.withContent(
                        m.content(),
                        target,
                        judge.mode(m.mode(), before.mode()),
                        m.mtime().or(before::mtime),
                        meta ? versions.withMeta(judge.seq()) : versions,
                        judge.device);
        return Decision.change(after, judge.versionRow(m.item(), m.content(), target, parents));
    }

    static Decision symlink(Judge judge, Mutation.CreateSymlink m) {
        judge.unused(m.item());
        judge.place(m.place());
        judge.free(m.place(), Set.of());
        Bytes bytes = judge.target(m.target());
        ContentRef content = new ContentRef(Hash.of(bytes.toArray()), bytes.length());
        Optional<String> target = Optional.of(m.target());
        Item link =
                made(judge, m.item(), m.place(), Kind.SYMLINK, Optional.of(content), target, Item.MODE_MASK, m.mtime());
        VersionRow version = judge.versionRow(m.item(), content, target, List.of());
        return new Decision.Change(
                List.of(new Decision.Step(List.of(link), List.of(version), false)),
                Optional.empty(),
                Optional.of(new StoredContent.Inline(content.id(), bytes)));
    }

    private static Item made(
            Judge judge,
            ItemId id,
            Place place,
            Kind kind,
            Optional<ContentRef> content,
            Optional<String> target,
            int mode,
            Optional<Instant> mtime) {
        return new Item(
                id,
                Optional.of(place.parent()),
                place.name(),
                kind,
                content,
                target,
                mode,
                mtime,
                Versions.all(judge.seq()),
                false,
                Optional.of(judge.device),
                Item.NO_ATTRS);
    }
}
