package tinysync.server.store;

import org.sqlite.SQLiteException;

import tinysync.content.Hash;
import tinysync.platform.FsException;
import tinysync.platform.PrivateFiles;
import tinysync.server.core.Bytes;
import tinysync.server.core.StoreException;
import tinysync.server.core.StoreException.Trouble;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One connection to one database, with its prepared statements. Values go in as they are ({@link UUID} and {@link Hash}
 * as blobs, {@link Instant} as text, an empty {@link Optional} as NULL). For one thread at a time. SQL trouble becomes
 * {@link StoreException} here and nowhere else.
 */
final class SqliteSession implements AutoCloseable {
    private static final Bytes BEFORE_ALL = Bytes.of(new byte[0]);
    private static final int UUID_BYTES = 16;
    private static final int BUSY_TIMEOUT_MS = 10_000;
    private static final int WRITER_CACHE_KIB = 16 << 10;
    private static final List<String> COMPANIONS = List.of("-wal", "-shm");
    private static final int CHECKPOINT_PAGES = 4_000;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** Reads one row; the column numbers begin at 1. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private SqliteSession(Connection connection) {
        this.connection = connection;
    }

    /** The session that writes: what it commits is on disk. */
    static SqliteSession writer(Path file) {
        makePrivate(file);
        // Ids and hashes fall anywhere in their trees: a small cache, or a checkpoint after each bundle, writes pages
        // twice.
        return open(
                file,
                "journal_mode=WAL",
                "synchronous=FULL",
                "cache_size=-" + WRITER_CACHE_KIB,
                "wal_autocheckpoint=" + CHECKPOINT_PAGES);
    }

    /** SQLite would make it as the umask allows; what it puts beside a database gets the mode of the database. */
    private static void makePrivate(Path file) {
        try {
            PrivateFiles.createFile(file, COMPANIONS);
        } catch (FsException e) {
            throw new StoreException(Trouble.BROKEN, e.getMessage(), e);
        }
    }

    /** A session that cannot write, to a database that exists. */
    static SqliteSession reader(Path file) {
        return open(file, "query_only=ON");
    }

    private static SqliteSession open(Path file, String... pragmas) {
        if (file.toString().indexOf('?') >= 0) {
            throw new StoreException(Trouble.BROKEN, "the data folder's path must not contain '?': " + file);
        }
        SqliteSession session = new SqliteSession(connect(file));
        try {
            session.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS);
            for (String pragma : pragmas) {
                session.execute("PRAGMA " + pragma);
            }
            return session;
        } catch (StoreException e) {
            session.closeAfter(e);
            throw e;
        }
    }

    private static Connection connect(Path file) {
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + file);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Runs statements that take no values, several where separated by semicolons. */
    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Writes a row; fails when there is one of the same key. */
    void add(String table, String columns, Object... values) {
        update(insertion("INSERT", table, columns, values.length), values);
    }

    /** Writes a row in place of the one of the same key. */
    void put(String table, String columns, Object... values) {
        update(insertion("INSERT OR REPLACE", table, columns, values.length), values);
    }

    /** The statement that inserts so many values. */
    static String insertion(String verb, String table, String columns, int values) {
        String places = "?, ".repeat(values - 1) + "?";
        return verb + " INTO " + table + " (" + columns + ") VALUES (" + places + ")";
    }

    /** Returns how many rows changed. */
    int update(String sql, Object... values) {
        try {
            return prepared(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    <T> List<T> list(String sql, RowReader<T> reader, Object... values) {
        try (ResultSet rows = prepared(sql, values).executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(reader.read(rows));
            }
            return list;
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) {
        try (ResultSet rows = prepared(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Whether there is any row. */
    boolean has(String sql, Object... values) {
        return first(sql, row -> true, values).isPresent();
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean bit -> statement.setInt(index, bit ? 1 : 0);
            case String text -> statement.setString(index, text);
            case UUID uuid -> statement.setBytes(index, blob(uuid));
            case Hash hash -> statement.setBytes(index, hash.bytes());
            case Bytes bytes -> statement.setBytes(index, bytes.toArray());
            case Instant instant -> statement.setString(index, instant.toString());
            case Optional<?> optional when optional.isPresent() -> bind(statement, index, optional.get());
            case Optional<?> empty -> statement.setNull(index, Types.NULL);
            default -> throw new IllegalArgumentException("not a column value: " + value.getClass());
        }
    }

    /** What a page begins behind: a key, or what is smaller than every blob. */
    static Object behind(Optional<?> after) {
        return after.<Object>map(key -> key).orElse(BEFORE_ALL);
    }

    private static byte[] blob(UUID uuid) {
        ByteBuffer buffer = ByteBuffer.allocate(UUID_BYTES);
        buffer.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return buffer.array();
    }

    static UUID uuid(ResultSet row, int column) throws SQLException {
        ByteBuffer buffer = ByteBuffer.wrap(row.getBytes(column));
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static Optional<UUID> optionalUuid(ResultSet row, int column) throws SQLException {
        return row.getBytes(column) == null ? Optional.empty() : Optional.of(uuid(row, column));
    }

    static Optional<String> optionalText(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    static Optional<Long> optionalNumber(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    static Hash hash(ResultSet row, int column) throws SQLException {
        return Hash.fromBytes(row.getBytes(column));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return Instant.parse(row.getString(column));
    }

    static StoreException translated(SQLException e) {
        Trouble trouble = Trouble.BROKEN;
        if (e instanceof SQLiteException sqlite) {
            // The low byte is the primary code; the rest tells variants apart (SQLite, "Result and Error Codes").
            trouble =
                    switch (sqlite.getResultCode().code & 0xff) {
                        case 5, 6, 9 -> Trouble.BUSY; // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT
                        case 13 -> Trouble.FULL; // SQLITE_FULL
                        default -> Trouble.BROKEN;
                    };
        }
        return new StoreException(trouble, "database: " + e.getMessage(), e);
    }

    /** With its statements. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Closes what is not to be used again because of {@code thrown}; further trouble is told with it. */
    void closeAfter(Throwable thrown) {
        try {
            close();
        } catch (StoreException e) {
            thrown.addSuppressed(e);
        }
    }
}
