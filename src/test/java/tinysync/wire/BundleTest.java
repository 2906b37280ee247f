package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.wire.FetchReader.Fetched;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;

class BundleTest {
    private static final String OP = "0d1e2f3a-0000-4000-8000-000000000002:";
    private static final String ID = "0d1e2f3a-0000-4000-8000-000000000001";
    private static final String DELETE =
            "{\"op\":\"delete\",\"op_id\":\""
                    + OP
                    + "1\",\"item\":\""
                    + ID
                    + "\",\"base\":{\"content\":1,\"place\":1}}";
    private static final String PUT_INLINE =
            "{\"op\":\"put_file\",\"op_id\":\""
                    + OP
                    + "2\",\"item\":\""
                    + ID
                    + "\",\"base\":{\"content\":1},\"content\":{\"inline\":true,\"size\":3}}";

    private static final CommitHeader HEADER = new CommitHeader(Optional.empty(), Optional.empty(), List.of());

    /** What a server would apply: the mutations in order, complete, once the bundle is whole. */
    private static List<Mutation> readAll(InputStream in, long max) throws IOException {
        BundleReader reader = new BundleReader(in, max);
        List<OpId> order = new ArrayList<>();
        Map<OpId, Mutation> complete = new HashMap<>();
        while (true) {
            Optional<BundleEvent> event = reader.next();
            if (event.isEmpty()) {
                return order.stream().map(complete::get).toList();
            }
            switch (event.get()) {
                case BundleEvent.Header _ -> assertTrue(order.isEmpty());
                case BundleEvent.Mutations(List<ParsedMutation> mutations) -> {
                    for (ParsedMutation mutation : mutations) {
                        order.add(mutation.opId());
                        if (mutation.inlineSize().isEmpty()) {
                            complete.put(mutation.opId(), mutation.mutation());
                        }
                    }
                }
                case BundleEvent.Content(Mutation mutation, SmallContent content) -> {
                    assertTrue(mutation.toString().contains(content.ref().id().hex()));
                    complete.put(mutation.opId(), mutation);
                }
                case BundleEvent.End(long mutations) -> assertEquals(order.size(), mutations);
            }
        }
    }

    private static byte[] write(List<Mutation> mutations, Map<Mutation, SmallContent> contents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(out, HEADER);
        for (Mutation mutation : mutations) {
            if (contents.containsKey(mutation)) {
                writer.add(mutation, contents.get(mutation));
            } else {
                writer.add(mutation);
            }
        }
        writer.end();
        return out.toByteArray();
    }

    private static byte[] frames(Object... typesAndBodies) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        for (int i = 0; i < typesAndBodies.length; i += 2) {
            byte[] body =
                    typesAndBodies[i + 1] instanceof String text
                            ? text.getBytes(UTF_8)
                            : (byte[]) typesAndBodies[i + 1];
            data.writeInt(body.length + 1);
            data.writeByte((Integer) typesAndBodies[i]);
            data.write(body);
        }
        return out.toByteArray();
    }

    private static byte[] deflated(String text) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(text.getBytes(UTF_8));
        }
        return deflated.toByteArray();
    }

    private static ErrorCode refusal(byte[] bundle) {
        return assertThrows(Refusal.class, () -> readAll(new ByteArrayInputStream(bundle), 2)).code();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aBundleIsReadAsItWasWritten(long seed) throws IOException {
        Samples samples = new Samples(seed);
        List<Mutation> mutations = new ArrayList<>();
        Map<Mutation, SmallContent> contents = new HashMap<>();
        for (int i = 0; i < 1_500; i++) {
            if (samples.coin()) {
                mutations.add(samples.mutation());
            } else {
                SmallContent content = samples.smallContent();
                Mutation put = samples.create(content.ref());
                mutations.add(put);
                contents.put(put, content);
            }
        }
        byte[] bundle = write(mutations, contents);
        assertEquals(mutations, readAll(new ByteArrayInputStream(bundle), mutations.size()));
    }

    @Test
    void aBundleUnpacksToNoMoreThanABodyMayBe() throws IOException {
        byte[] deflated = deflated("[" + " ".repeat((1 << 20) - 2) + "]");
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        bundle.write(frames(1, "{}"));
        for (int i = 0; i < 17; i++) {
            bundle.write(frames(2, deflated));
        }
        bundle.write(frames(1, "{\"end\":{\"mutations\":0}}"));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(bundle.toByteArray()));
    }

    @Test
    void aBundleThatIsCutAnywhereIsTruncated() throws IOException {
        Samples samples = new Samples(7);
        SmallContent content = SmallContent.of("abc".getBytes(UTF_8));
        Mutation put = samples.create(content.ref());
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(put);
        for (int i = 0; i < 20; i++) {
            mutations.add(samples.mutation());
        }
        byte[] bundle = write(mutations, Map.of(put, content));
        for (int length = 0; length < bundle.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(bundle, 0, length);
            assertThrows(TruncatedException.class, () -> readAll(cut, 100), "cut at " + length);
        }
    }

    @Test
    void framesByHandAreReadToo() throws IOException {
        byte[] bundle =
                frames(1, "{}", 1, PUT_INLINE, 1, "[" + DELETE + "]", 3, "abc", 1, "{\"end\":{\"mutations\":2}}");
        List<Mutation> mutations = readAll(new ByteArrayInputStream(bundle), 2);
        assertEquals(SmallContent.of("abc".getBytes(UTF_8)).ref(), ((Mutation.PutFile) mutations.getFirst()).content());
    }

    @Test
    void brokenBundlesAreRefused() throws IOException {
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "[]")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "{}", 3, "abc")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "{}", 1, PUT_INLINE, 3, "abcd")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "{}", 1, PUT_INLINE, 1, "{\"end\":{\"mutations\":1}}")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "{}", 1, DELETE, 1, "{\"end\":{\"mutations\":2}}")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(1, "{}", 1, "{\"end\":{\"mutations\":0}}", 1, DELETE)));
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                refusal(frames(1, "{}", 1, "[" + DELETE + "," + DELETE + "," + DELETE + "]")));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(frames(4, "{}")));
        assertEquals(ErrorCode.BAD_JSON, refusal(frames(2, "{}")));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(frames(1, "{}", 3, new byte[65_537])));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(frames(1, " ".repeat((1 << 20) + 1))));
    }

    @Test
    void hostileLengthsAreRefusedBeforeAnythingIsRead() {
        assertEquals(
                ErrorCode.BODY_TOO_LARGE, refusal(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1}));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 2}));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(new byte[] {0, 0, 0, 0, 1}));
    }

    @Test
    void aDeflatedFrameGrowsToItsLimitAndNoFurther() throws IOException {
        byte[] bomb = deflated("\0".repeat(32 << 20));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refusal(frames(2, bomb)));
    }

    @Test
    void nothingFollowsTheDeflatedDataOfAFrame() throws IOException {
        byte[] whole = deflated("{}");
        assertEquals(
                List.of(), readAll(new ByteArrayInputStream(frames(2, whole, 1, "{\"end\":{\"mutations\":0}}")), 2));
        for (int more : new int[] {1, 2_000}) {
            assertEquals(ErrorCode.BAD_JSON, refusal(frames(2, Arrays.copyOf(whole, whole.length + more))));
        }
    }

    @Test
    void whatIsFetchedIsReadAsItWasWrittenAndCountsOnlyWhole() throws IOException {
        Samples samples = new Samples(3);
        List<Fetched> fetched =
                List.of(
                        new Fetched.Found(samples.smallContent()),
                        new Fetched.Missing(samples.hash()),
                        new Fetched.Found(SmallContent.of(new byte[0])));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FetchWriter writer = new FetchWriter(out);
        for (Fetched one : fetched) {
            switch (one) {
                case Fetched.Found(SmallContent content) -> writer.content(content);
                case Fetched.Missing missing -> writer.missing(missing.id());
            }
        }
        writer.end();
        byte[] answer = out.toByteArray();
        assertEquals(fetched, readFetched(answer, answer.length));
        for (int length = 0; length < answer.length; length++) {
            int cut = length;
            assertThrows(TruncatedException.class, () -> readFetched(answer, cut), "cut at " + length);
        }
    }

    private static List<Fetched> readFetched(byte[] answer, int length) throws IOException {
        FetchReader reader = new FetchReader(new ByteArrayInputStream(answer, 0, length));
        List<Fetched> fetched = new ArrayList<>();
        for (Optional<Fetched> next = reader.next(); next.isPresent(); next = reader.next()) {
            fetched.add(next.get());
        }
        return fetched;
    }

    @Test
    void fetchedContentWithOtherBytesIsRefused() throws IOException {
        String named = "{\"content\":{\"id\":\"" + "0".repeat(64) + "\",\"size\":3}}";
        byte[] answer = frames(1, named, 3, "abc", 1, "{\"end\":{\"contents\":1}}");
        assertEquals(ErrorCode.BAD_HASH, assertThrows(Refusal.class, () -> readFetched(answer, answer.length)).code());
    }

    @Test
    void aFrameThatNamesFetchedContentIsShort() throws IOException {
        String end = "{\"end\":{\"contents\":0}}";
        String longest = end + " ".repeat((4 << 10) - end.length());
        assertEquals(List.of(), readFetched(frames(1, longest)));
        assertEquals(List.of(), readFetched(frames(2, deflated(longest))));
        assertTooLarge(frames(1, longest + " "));
        assertTooLarge(frames(2, deflated(longest + " ")));
    }

    private static void assertTooLarge(byte[] answer) {
        assertEquals(ErrorCode.BODY_TOO_LARGE, assertThrows(Refusal.class, () -> readFetched(answer)).code());
    }

    private static List<Fetched> readFetched(byte[] answer) throws IOException {
        return readFetched(answer, answer.length);
    }
}
