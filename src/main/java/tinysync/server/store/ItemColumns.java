package tinysync.server.store;

import static tinysync.server.store.SqliteSession.hash;
import static tinysync.server.store.SqliteSession.optionalText;
import static tinysync.server.store.SqliteSession.optionalUuid;
import static tinysync.server.store.SqliteSession.uuid;

import tinysync.content.ContentRef;
import tinysync.server.core.ItemRow;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.Versions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** An item as columns, alike in {@code items} and {@code event_items}. */
final class ItemColumns {
    static final int LIVES = 0;
    static final int DELETED = 1;
    static final int BURIED = 2;

    /** What {@link #item} reads, in this order from a first column on. */
    static final String LIST =
            "id, parent, name, kind, content, size, target, mode, mtime,"
                    + " content_version, place_version, meta_version, state, device, attrs";

    private static final int COUNT = 15;

    private ItemColumns() {}

    /** The values of {@link #LIST}, between {@code before} and {@code after}. */
    static Object[] values(Object[] before, Item item, int state, Object... after) {
        Object[] own = {
            item.id().value(),
            item.parent().map(ItemId::value),
            item.name(),
            item.kind().wire(),
            item.content().map(ContentRef::id),
            item.content().map(ContentRef::size),
            item.target(),
            item.mode(),
            item.mtime(),
            item.versions().content(),
            item.versions().place(),
            item.versions().meta(),
            state,
            item.device().map(DeviceId::value),
            item.attrs()
        };
        Object[] all = new Object[before.length + own.length + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(own, 0, all, before.length, own.length);
        System.arraycopy(after, 0, all, before.length + own.length, after.length);
        return all;
    }

    static int state(ItemRow row) {
        if (row.buried()) {
            return BURIED;
        }
        return row.item().deleted() ? DELETED : LIVES;
    }

    /** Reads {@link #LIST} and then the fold key. */
    static ItemRow row(ResultSet row) throws SQLException {
        return new ItemRow(item(row, 1), row.getString(COUNT + 1), row.getInt(COUNT - 2) == BURIED);
    }

    /** Reads {@link #LIST}, beginning at column {@code c}. */
    static Item item(ResultSet row, int c) throws SQLException {
        Optional<ContentRef> content =
                row.getBytes(c + 4) == null
                        ? Optional.empty()
                        : Optional.of(new ContentRef(hash(row, c + 4), row.getLong(c + 5)));
        return new Item(
                new ItemId(uuid(row, c)),
                optionalUuid(row, c + 1).map(ItemId::new),
                row.getString(c + 2),
                new Kind(row.getString(c + 3)),
                content,
                optionalText(row, c + 6),
                row.getInt(c + 7),
                optionalText(row, c + 8).map(Instant::parse),
                new Versions(row.getLong(c + 9), row.getLong(c + 10), row.getLong(c + 11)),
                row.getInt(c + 12) != LIVES,
                optionalUuid(row, c + 13).map(DeviceId::new),
                row.getString(c + 14));
    }
}
