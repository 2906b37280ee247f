package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tinysync.tree.Mutation;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * All JSON objects that travel: their readers are the inverse of their writers, and nothing unparsed gets past them.
 */
class JsonFormsTest {
    private static final int SEEDS = 50;
    private static final int DAMAGES = 150;
    private static final int MAX = 1 << 20;

    @TestFactory
    Stream<DynamicTest> whateverIsWrittenIsReadAsItWas() {
        return JsonForms.all().stream().map(form -> DynamicTest.dynamicTest(form.name(), () -> roundTrips(form)));
    }

    private static <T> void roundTrips(JsonForms<T> form) {
        for (int seed = 0; seed < SEEDS; seed++) {
            T value = form.sample().apply(new Samples(seed));
            byte[] sent = StrictJson.utf8(form.encode().apply(value));
            assertEquals(value, form.decode().apply(Fields.of(StrictJson.parseObject(sent, MAX))), "seed " + seed);
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsDamagedIsRefusedOrIsSomethingThatCouldHaveBeenWritten() {
        return JsonForms.all().stream().map(form -> DynamicTest.dynamicTest(form.name(), () -> survives(form)));
    }

    private static <T> void survives(JsonForms<T> form) {
        int refused = 0;
        for (int seed = 0; seed < DAMAGES; seed++) {
            Damage damage = new Damage(seed);
            JsonObject sent = form.encode().apply(form.sample().apply(new Samples(seed)));
            byte[] bytes = seed % 2 == 0 ? StrictJson.utf8(damage.of(sent)) : damage.of(StrictJson.utf8(sent));
            refused += read(form, bytes).isEmpty() ? 1 : 0;
        }
        assertTrue(refused > DAMAGES / 10, "only " + refused + " were refused");
    }

    /** Anything thrown but a refusal fails the test. */
    private static <T> Optional<T> read(JsonForms<T> form, byte[] bytes) {
        T value;
        try {
            value = form.decode().apply(Fields.of(StrictJson.parseObject(bytes, MAX)));
        } catch (Refusal refused) {
            return Optional.empty();
        }
        byte[] again = StrictJson.utf8(form.encode().apply(value));
        assertEquals(value, form.decode().apply(Fields.of(StrictJson.parseObject(again, MAX))));
        return Optional.of(value);
    }

    @Test
    void contentInsideACommitGivesTheSameMutationAndHash() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            SmallContent content = samples.smallContent();
            Mutation mutation = samples.create(content.ref());
            ParsedMutation parsed = MutationCodec.decode(Fields.of(MutationCodec.encodeInline(mutation)));
            assertEquals(content.size(), parsed.inlineSize().orElseThrow());
            assertEquals(mutation, parsed.with(content));
            assertEquals(MutationHash.of(mutation), MutationHash.of(parsed.with(content)));
        }
    }
}
