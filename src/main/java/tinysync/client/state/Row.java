package tinysync.client.state;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Versions;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One row, read column by column from the left, as {@link Values} wrote it. What cannot have been written so is an
 * IllegalArgumentException.
 */
final class Row {
    private static final int UUID_BYTES = 16;

    private final ResultSet row;
    private int column;

    Row(ResultSet row) {
        this.row = row;
    }

    UUID id() throws SQLException {
        return present(optId());
    }

    Optional<UUID> optId() throws SQLException {
        byte[] bytes = row.getBytes(++column);
        if (bytes == null) {
            return Optional.empty();
        }
        if (bytes.length != UUID_BYTES) {
            throw new IllegalArgumentException("an id of " + bytes.length + " bytes");
        }
        ByteBuffer words = ByteBuffer.wrap(bytes);
        return Optional.of(new UUID(words.getLong(), words.getLong()));
    }

    String text() throws SQLException {
        return present(optText());
    }

    Optional<String> optText() throws SQLException {
        return Optional.ofNullable(row.getString(++column));
    }

    long number() throws SQLException {
        return present(optNumber());
    }

    int smallNumber() throws SQLException {
        return Math.toIntExact(number());
    }

    Optional<Long> optNumber() throws SQLException {
        long number = row.getLong(++column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    boolean bit() throws SQLException {
        return number() != 0;
    }

    Instant moment() throws SQLException {
        return present(optMoment());
    }

    Optional<Instant> optMoment() throws SQLException {
        Optional<Long> seconds = optNumber();
        Optional<Long> nanos = optNumber();
        return seconds.map(s -> Instant.ofEpochSecond(s, present(nanos)));
    }

    Optional<ContentRef> optContent() throws SQLException {
        byte[] hash = row.getBytes(++column);
        Optional<Long> size = optNumber();
        return Optional.ofNullable(hash).map(bytes -> new ContentRef(Hash.fromBytes(bytes), present(size)));
    }

    Versions versions() throws SQLException {
        return new Versions(number(), number(), number());
    }

    private static <T> T present(Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException("a value is missing"));
    }
}
