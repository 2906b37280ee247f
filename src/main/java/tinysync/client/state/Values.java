package tinysync.client.state;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Versions;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The values of one statement, in the order of its columns; {@link Row} reads them back in the same order. */
final class Values {
    private static final int UUID_BYTES = 16;

    private final List<Optional<?>> values = new ArrayList<>();

    static Values of(UUID id) {
        return new Values().id(id);
    }

    static Values of(String text) {
        return new Values().text(text);
    }

    static Values of(long number) {
        return new Values().number(number);
    }

    Values id(UUID id) {
        return optId(Optional.of(id));
    }

    Values optId(Optional<UUID> id) {
        values.add(id);
        return this;
    }

    Values text(String text) {
        return optText(Optional.of(text));
    }

    Values optText(Optional<String> text) {
        values.add(text);
        return this;
    }

    Values number(long number) {
        return optNumber(Optional.of(number));
    }

    Values optNumber(Optional<Long> number) {
        values.add(number);
        return this;
    }

    Values bit(boolean bit) {
        return number(bit ? 1 : 0);
    }

    /** Two columns. */
    Values moment(Instant moment) {
        return optMoment(Optional.of(moment));
    }

    /** Two columns. */
    Values optMoment(Optional<Instant> moment) {
        optNumber(moment.map(Instant::getEpochSecond));
        return optNumber(moment.map(m -> (long) m.getNano()));
    }

    /** Two columns. */
    Values optContent(Optional<ContentRef> content) {
        values.add(content.map(ContentRef::id));
        return optNumber(content.map(ContentRef::size));
    }

    /** Three columns. */
    Values versions(Versions versions) {
        return number(versions.content()).number(versions.place()).number(versions.meta());
    }

    void bindTo(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            bind(statement, i + 1, values.get(i));
        }
    }

    private static void bind(PreparedStatement statement, int index, Optional<?> value) throws SQLException {
        if (value.isEmpty()) {
            statement.setNull(index, Types.NULL);
            return;
        }
        switch (value.get()) {
            case Long number -> statement.setLong(index, number);
            case String text -> statement.setString(index, text);
            case UUID id -> statement.setBytes(index, blob(id));
            case Hash hash -> statement.setBytes(index, hash.bytes());
            default -> throw new IllegalStateException("not a column value: " + value.get().getClass());
        }
    }

    private static byte[] blob(UUID id) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
