package tinysync.client;

import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.ClientEvent;
import tinysync.client.state.Numbered;
import tinysync.wire.Times;

import java.util.Locale;

/** A line of {@code events --json}. */
final class EventJson {
    /** As many are told to who asks what happened lately. */
    static final int LATEST = 100;

    private EventJson() {}

    static JsonObject encode(String attachment, Numbered numbered) {
        ClientEvent event = numbered.event();
        JsonObject json =
                new JsonObject()
                        .add("n", numbered.n())
                        .add("time", Times.format(event.time()))
                        .add("attachment", attachment)
                        .add("kind", event.what().name().toLowerCase(Locale.ROOT));
        event.item().ifPresent(item -> json.add("item", item.toString()));
        json.add("path", event.path());
        event.from().ifPresent(from -> json.add("from", from));
        event.bytes().ifPresent(bytes -> json.add("bytes", bytes));
        event.device().ifPresent(device -> json.add("device", device));
        event.detail().ifPresent(detail -> json.add("detail", detail));
        return json;
    }
}
