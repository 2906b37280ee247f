package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tinysync.tree.Mutation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is written and read again is what it was. */
class RoundTripTest {
    private static final int SEEDS = 200;

    private static <T> void check(T value, Function<T, JsonObject> encode, Function<Fields, T> decode) {
        byte[] sent = StrictJson.utf8(encode.apply(value));
        assertEquals(value, decode.apply(Fields.of(StrictJson.parseObject(sent, 1 << 20))));
    }

    @TestFactory
    Stream<DynamicTest> whateverIsWrittenIsReadAsItWas() {
        return IntStream.range(0, SEEDS).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)));
    }

    private static void run(long seed) {
        Samples samples = new Samples(seed);
        check(samples.item(), ItemCodec::encode, ItemCodec::decode);
        check(samples.mutation(), MutationCodec::encode, f -> MutationCodec.decode(f).mutation());
        ResultLine line = new ResultLine.Result(samples.result());
        check(line, ResultCodec::encode, ResultCodec::decode);
        check(
                new LogPage(samples.cursor(), samples.whole(), List.of(samples.event(1)), samples.coin()),
                LogCodec::encode,
                LogCodec::decode);
        check(Map.of(samples.vault(), samples.cursor()), WaitCodec::encodeHeads, WaitCodec::decodeHeads);
        check(
                new CommitHeader(Optional.of(samples.cursor()), Optional.of(samples.uuid()), List.of("bundle")),
                CommitHeader::encode,
                CommitHeader::decode);
        checkInline(samples);
    }

    private static void checkInline(Samples samples) {
        SmallContent content = samples.smallContent();
        Mutation mutation = samples.create(content.ref());
        ParsedMutation parsed = MutationCodec.decode(Fields.of(MutationCodec.encodeInline(mutation)));
        assertEquals(content.size(), parsed.inlineSize().orElseThrow());
        assertEquals(mutation, parsed.with(content));
        assertEquals(MutationHash.of(mutation), MutationHash.of(parsed.with(content)));
    }
}
