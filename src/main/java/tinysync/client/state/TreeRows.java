package tinysync.client.state;

import tinysync.client.engine.StateChange;
import tinysync.content.ContentRef;
import tinysync.tree.DeviceId;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Place;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;
import tinysync.tree.SyncedEntry.DiskFacts;
import tinysync.tree.Versions;

import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The rows of the three trees and of conflicts, in the column order of the schema. */
final class TreeRows {
    private TreeRows() {}

    static Values of(Item item) {
        return Values.of(item.id().value())
                .optId(item.parent().map(ItemId::value))
                .text(item.name())
                .text(item.kind().wire())
                .optContent(item.content())
                .optText(item.target())
                .number(item.mode())
                .optMoment(item.mtime())
                .versions(item.versions())
                .bit(item.deleted())
                .optId(item.device().map(DeviceId::value))
                .optText(Optional.of(item.attrs()).filter(attrs -> !attrs.equals(Item.NO_ATTRS)));
    }

    static Item item(Row row) throws SQLException {
        return new Item(
                new ItemId(row.id()),
                row.optId().map(ItemId::new),
                row.text(),
                kind(row.text()),
                row.optContent(),
                row.optText(),
                row.smallNumber(),
                row.optMoment(),
                row.versions(),
                row.bit(),
                row.optId().map(DeviceId::new),
                row.optText().orElse(Item.NO_ATTRS));
    }

    static Values of(SyncedEntry entry) {
        return Values.of(entry.id().value())
                .optId(entry.place().map(place -> place.parent().value()))
                .optText(entry.place().map(Place::name))
                .text(entry.kind().wire())
                .optContent(entry.content())
                .optText(entry.target())
                .number(entry.mode())
                .optMoment(entry.mtime())
                .versions(entry.versions())
                .text(entry.disk().name())
                .number(entry.disk().mode())
                .moment(entry.disk().mtime());
    }

    static SyncedEntry synced(Row row) throws SQLException {
        ItemId id = new ItemId(row.id());
        Optional<UUID> parent = row.optId();
        Optional<String> name = row.optText();
        Kind kind = kind(row.text());
        Optional<ContentRef> content = row.optContent();
        Optional<String> target = row.optText();
        int mode = row.smallNumber();
        var mtime = row.optMoment();
        Versions versions = row.versions();
        return new SyncedEntry(
                id,
                parent.map(p -> new Place(new ItemId(p), name.orElseThrow())),
                kind,
                content,
                target,
                mode,
                mtime,
                versions,
                new DiskFacts(row.text(), row.smallNumber(), row.moment()));
    }

    static Values of(LocalNode node) {
        Fingerprint print = node.fingerprint();
        Values values =
                Values.of(node.id().value())
                        .optId(node.parent().map(ItemId::value))
                        .text(node.name())
                        .text(node.kind().wire())
                        .text(print.identity())
                        .number(print.size())
                        .moment(print.mtime())
                        .moment(print.ctime())
                        .number(print.mode())
                        .optContent(node.content())
                        .optText(node.target())
                        .bit(node.trusted());
        return switch (node.presence()) {
            case Presence.Present _ -> values.text("present").optText(Optional.empty());
            case Presence.Absent _ -> values.text("absent").optText(Optional.empty());
            case Presence.Unknown(String reason) -> values.text("unknown").text(reason);
            case Presence.Excluded(String rule) -> values.text("excluded").text(rule);
        };
    }

    static LocalNode local(Row row) throws SQLException {
        return new LocalNode(
                new ItemId(row.id()),
                row.optId().map(ItemId::new),
                row.text(),
                kind(row.text()),
                new Fingerprint(row.text(), row.number(), row.moment(), row.moment(), row.smallNumber()),
                row.optContent(),
                row.optText(),
                row.bit(),
                presence(row.text(), row.optText().orElse("")));
    }

    static Values of(StateChange.PutConflict conflict) {
        return Values.of(conflict.copy().value())
                .id(conflict.original().value())
                .text(conflict.copyName())
                .text(conflict.device())
                .moment(conflict.time());
    }

    static StateChange.PutConflict conflict(Row row) throws SQLException {
        return new StateChange.PutConflict(
                new ItemId(row.id()), new ItemId(row.id()), row.text(), row.text(), row.moment());
    }

    private static Presence presence(String word, String reason) {
        return switch (word) {
            case "present" -> Presence.PRESENT;
            case "absent" -> Presence.ABSENT;
            case "unknown" -> new Presence.Unknown(reason);
            case "excluded" -> new Presence.Excluded(reason);
            default -> throw new IllegalArgumentException("no such presence: " + word);
        };
    }

    /** One object for each of the known kinds, of which a vault holds a million. */
    private static Kind kind(String wire) {
        return switch (wire) {
            case "file" -> Kind.FILE;
            case "folder" -> Kind.FOLDER;
            case "symlink" -> Kind.SYMLINK;
            default -> new Kind(wire);
        };
    }
}
