package tinysync.client.state;

import org.sqlite.SQLiteException;

import tinysync.client.state.StateException.Trouble;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One connection to one SQLite file, with its prepared statements. For one thread at a time. SQL trouble becomes {@link
 * StateException} here and nowhere else.
 */
final class Session implements AutoCloseable {
    private static final int BUSY_TIMEOUT_MS = 10_000;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** Makes something of one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(Row row) throws SQLException;
    }

    /** What is done inside a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws StateException;
    }

    private Session(Connection connection) {
        this.connection = connection;
    }

    static Session open(Path file) throws StateException {
        if (file.toString().indexOf('?') >= 0) {
            throw new StateException(Trouble.DISK, "the path of the client's home must not contain '?': " + file);
        }
        Session session = connect(file);
        try {
            session.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS);
            session.execute("PRAGMA journal_mode=WAL");
            session.execute("PRAGMA synchronous=FULL");
            return session;
        } catch (StateException failed) {
            session.closeAfter(failed);
            throw failed;
        }
    }

    private static Session connect(Path file) throws StateException {
        try {
            return new Session(DriverManager.getConnection("jdbc:sqlite:" + file));
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }

    /** Runs statements without values, several where separated by semicolons. */
    void execute(String sql) throws StateException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }

    void update(String sql, Values values) throws StateException {
        try {
            prepared(sql, values).executeUpdate();
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }

    <T> List<T> list(String sql, Values values, RowReader<T> reader) throws StateException {
        try (ResultSet rows = prepared(sql, values).executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(reader.read(new Row(rows)));
            }
            return list;
        } catch (SQLException failed) {
            throw translated(failed);
        } catch (RuntimeException malformed) {
            // Every kind of value checks itself: whatever it dislikes, we did not write it so.
            throw new StateException(Trouble.DAMAGED, "database: " + malformed.getMessage(), malformed);
        }
    }

    <T> Optional<T> first(String sql, Values values, RowReader<T> reader) throws StateException {
        return list(sql, values, reader).stream().findFirst();
    }

    /** All of {@code work} or nothing. */
    <T> T transaction(Work<T> work) throws StateException {
        execute("BEGIN IMMEDIATE");
        try {
            T result = work.run();
            execute("COMMIT");
            return result;
        } catch (StateException | RuntimeException failed) {
            rollbackAfter(failed);
            throw failed;
        }
    }

    private void rollbackAfter(Exception reason) {
        try {
            execute("ROLLBACK");
        } catch (StateException nothingLeft) {
            // SQLite itself rolls back on some errors; then there is nothing left to roll back.
            reason.addSuppressed(nothingLeft);
        }
    }

    /** The number of the row that was inserted last. */
    long lastRowId() throws StateException {
        return first("SELECT last_insert_rowid()", new Values(), Row::number).orElseThrow();
    }

    private PreparedStatement prepared(String sql, Values values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        values.bindTo(statement);
        return statement;
    }

    static StateException translated(SQLException failed) {
        Trouble trouble = Trouble.DISK;
        if (failed instanceof SQLiteException sqlite) {
            // The low byte is the primary code (SQLite, "Result and Error Codes").
            trouble =
                    switch (sqlite.getResultCode().code & 0xff) {
                        // ERROR (a table that is not there), CORRUPT, CONSTRAINT, MISMATCH, FORMAT, NOTADB
                        case 1, 11, 19, 20, 24, 26 -> Trouble.DAMAGED;
                        default -> Trouble.DISK;
                    };
        }
        return new StateException(trouble, "database: " + failed.getMessage(), failed);
    }

    /** Closes because of {@code reason}, which is what counts. */
    void closeAfter(StateException reason) {
        try {
            close();
        } catch (StateException alsoFailed) {
            reason.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void close() throws StateException {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }
}
