package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.tree.LogEvent;

import java.util.ArrayList;
import java.util.List;

/** The answer of {@code GET …/log}. */
public final class LogCodec {
    private static final int EVENTS_MAX = 100_000;

    private LogCodec() {}

    public static JsonObject encode(LogPage page) {
        JsonArray events = new JsonArray();
        page.events().forEach(event -> events.add(encodeEvent(event)));
        return new JsonObject()
                .add("head", CursorCodec.encode(page.head()))
                .add("min_retained", page.minRetained())
                .add("events", events)
                .add("more", page.more());
    }

    public static LogPage decode(Fields fields) {
        List<LogEvent> events = new ArrayList<>();
        fields.objects("events", EVENTS_MAX).forEach(event -> events.add(decodeEvent(event)));
        return new LogPage(
                CursorCodec.decode(fields.object("head")),
                fields.whole("min_retained", 0, Fields.WHOLE_MAX),
                events,
                fields.bool("more", false));
    }

    public static JsonObject encodeEvent(LogEvent event) {
        return new JsonObject()
                .add("seq", event.seq())
                .add("tag", event.tag())
                .add("time", Times.format(event.time()))
                .add("device", event.device().toString())
                .add("op_id", event.opId().toString())
                .add("op", event.op())
                .add("items", ItemCodec.encodeAll(event.items()))
                .add("confirmed", event.confirmed());
    }

    public static LogEvent decodeEvent(Fields fields) {
        return new LogEvent(
                fields.whole("seq", 1, Fields.WHOLE_MAX),
                fields.tag("tag"),
                fields.instant("time"),
                fields.device("device"),
                fields.opId("op_id"),
                fields.text("op"),
                ItemCodec.decodeAll(fields, "items"),
                fields.bool("confirmed", false));
    }
}
