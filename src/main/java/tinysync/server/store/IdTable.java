package tinysync.server.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A table of the registry that is keyed by its first column, {@code id}: its rows one by one, and page by page in the
 * order of ids.
 *
 * @param columns separated by a comma and a space, as {@code reader} takes them and {@link #put} gives them
 */
record IdTable<R>(String name, String columns, SqliteSession.RowReader<R> reader) {
    Optional<R> row(SqliteSession session, UUID id) {
        return session.first(select() + " WHERE id = ?", reader, id);
    }

    /** By the column {@code name}, which is unique. */
    Optional<R> named(SqliteSession session, String wanted) {
        return session.first(select() + " WHERE name = ?", reader, wanted);
    }

    List<R> page(SqliteSession session, Optional<UUID> after, int limit) {
        return session.list(select() + " WHERE id > ? ORDER BY id LIMIT ?", reader, SqliteSession.behind(after), limit);
    }

    /** Replaces the row of the same id only: {@code OR REPLACE} would also drop another one of the same unique name. */
    void put(SqliteSession session, Object... values) {
        String changes =
                Arrays.stream(columns.split(", "))
                        .map(column -> column + " = excluded." + column)
                        .collect(Collectors.joining(", "));
        String insertion = SqliteSession.insertion("INSERT", name, columns, values.length);
        session.update(insertion + " ON CONFLICT (id) DO UPDATE SET " + changes, values);
    }

    void remove(SqliteSession session, UUID id) {
        session.update("DELETE FROM " + name + " WHERE id = ?", id);
    }

    private String select() {
        return "SELECT " + columns + " FROM " + name;
    }
}
