package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tinysync.tree.Mutation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A reader of a stream that was damaged either refuses it or reads to its end, and does nothing else. */
class DamagedStreamsTest {
    private static final int SEEDS = 200;

    /** Something written. */
    private interface Writing {
        void write(Samples samples, ByteArrayOutputStream out) throws IOException;
    }

    /** Something read to its end. */
    private interface Reading {
        void read(InputStream in) throws IOException;
    }

    private record Form(String name, Writing writing, Reading reading) {}

    private static final List<Form> FORMS =
            List.of(
                    new Form("bundle", DamagedStreamsTest::writeBundle, DamagedStreamsTest::readBundle),
                    new Form("fetched contents", DamagedStreamsTest::writeFetched, DamagedStreamsTest::readFetched),
                    new Form("snapshot page", DamagedStreamsTest::writePage, in -> SnapshotCodec.read(in, 10)),
                    new Form("ipc frames", DamagedStreamsTest::writeIpc, DamagedStreamsTest::readIpc));

    @TestFactory
    Stream<DynamicTest> whatIsDamagedIsRefusedOrReadToItsEnd() {
        return FORMS.stream().map(form -> DynamicTest.dynamicTest(form.name(), () -> survives(form)));
    }

    private static void survives(Form form) throws IOException {
        int refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            form.writing().write(new Samples(seed), out);
            form.reading().read(new ByteArrayInputStream(out.toByteArray()));
            byte[] damaged = new Damage(seed).of(out.toByteArray());
            try {
                form.reading().read(new ByteArrayInputStream(damaged));
            } catch (Refusal | TruncatedException | IpcProtocolException broken) {
                refused++;
            }
        }
        assertTrue(refused > SEEDS / 10, "only " + refused + " were refused");
    }

    private static void writeBundle(Samples samples, ByteArrayOutputStream out) throws IOException {
        BundleWriter writer =
                new BundleWriter(out, new CommitHeader(Optional.of(samples.cursor()), Optional.empty(), List.of()));
        for (int i = 0; i < 5; i++) {
            writer.add(samples.mutation());
            SmallContent content = samples.smallContent();
            Mutation put = samples.create(content.ref());
            writer.add(put, content);
        }
        writer.end();
    }

    private static void readBundle(InputStream in) throws IOException {
        BundleReader reader = new BundleReader(in, 100);
        Optional<BundleEvent> event = reader.next();
        while (event.isPresent()) {
            event = reader.next();
        }
    }

    private static void writeFetched(Samples samples, ByteArrayOutputStream out) throws IOException {
        FetchWriter writer = new FetchWriter(out);
        writer.content(samples.smallContent());
        writer.missing(samples.hash());
        writer.end();
    }

    private static void readFetched(InputStream in) throws IOException {
        FetchReader reader = new FetchReader(in);
        Optional<FetchReader.Fetched> next = reader.next();
        while (next.isPresent()) {
            next = reader.next();
        }
    }

    private static void writePage(Samples samples, ByteArrayOutputStream out) throws IOException {
        SnapshotCodec.write(
                out,
                new SnapshotPage(
                        samples.vault(),
                        samples.cursor(),
                        samples.maybe(samples::whole),
                        samples.items(),
                        samples.maybe(samples::name)));
    }

    private static void writeIpc(Samples samples, ByteArrayOutputStream out) throws IOException {
        IpcFrames.write(out, ItemCodec.encode(samples.item()));
        IpcFrames.write(out, new JsonObject().add("id", 7), ByteBuffer.wrap(samples.smallContent().bytes()));
    }

    private static void readIpc(InputStream in) throws IOException {
        Optional<IpcFrame> frame = IpcFrames.read(in);
        while (frame.isPresent()) {
            frame = IpcFrames.read(in);
        }
    }
}
