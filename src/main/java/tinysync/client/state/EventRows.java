package tinysync.client.state;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.ClientEvent.What;
import tinysync.tree.ItemId;

import java.sql.SQLException;

/** The rows of client events, in the column order of the schema. */
final class EventRows {
    private EventRows() {}

    /** All columns but the number. */
    static Values of(ClientEvent event) {
        return new Values()
                .moment(event.time())
                .text(event.what().name())
                .optId(event.item().map(ItemId::value))
                .text(event.path())
                .optText(event.from())
                .optNumber(event.bytes())
                .optText(event.device())
                .optText(event.detail());
    }

    static Numbered event(Row row) throws SQLException {
        return new Numbered(
                row.number(),
                new ClientEvent(
                        row.moment(),
                        What.valueOf(row.text()),
                        row.optId().map(ItemId::new),
                        row.text(),
                        row.optText(),
                        row.optNumber(),
                        row.optText(),
                        row.optText()));
    }
}
