package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** From {@code firstSeq} on, events belong to {@code epoch}, up to where the next one begins. */
public record EpochStart(UUID epoch, long firstSeq) {
    private static final int EPOCHS_MAX = 10_000;

    public EpochStart {
        Objects.requireNonNull(epoch);
    }

    static JsonArray encodeAll(List<EpochStart> epochs) {
        JsonArray array = new JsonArray();
        epochs.forEach(
                start ->
                        array.add(
                                new JsonObject()
                                        .add("epoch", start.epoch().toString())
                                        .add("first_seq", start.firstSeq())));
        return array;
    }

    static List<EpochStart> decodeAll(Fields fields, String name) {
        List<EpochStart> epochs = new ArrayList<>();
        fields.objects(name, EPOCHS_MAX)
                .forEach(
                        start ->
                                epochs.add(
                                        new EpochStart(
                                                start.uuid("epoch"), start.whole("first_seq", 0, Fields.WHOLE_MAX))));
        return epochs;
    }
}
