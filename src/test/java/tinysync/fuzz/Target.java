package tinysync.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Manifest;
import tinysync.server.ws.WsReading;
import tinysync.tree.FoldKey;
import tinysync.tree.ItemName;
import tinysync.tree.LogEvent;
import tinysync.wire.BundleEvent;
import tinysync.wire.BundleReader;
import tinysync.wire.FetchReader;
import tinysync.wire.Fields;
import tinysync.wire.InviteText;
import tinysync.wire.IpcFrame;
import tinysync.wire.IpcFrames;
import tinysync.wire.IpcProtocolException;
import tinysync.wire.JsonWeight;
import tinysync.wire.LogCodec;
import tinysync.wire.LogPage;
import tinysync.wire.ManifestCodec;
import tinysync.wire.MutationCodec;
import tinysync.wire.MutationHash;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.ResultCodec;
import tinysync.wire.ResultLine;
import tinysync.wire.SnapshotCodec;
import tinysync.wire.SnapshotPage;
import tinysync.wire.StrictJson;
import tinysync.wire.TruncatedException;
import tinysync.wire.WakeCodec;
import tinysync.wire.WakeFrame;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The readers of foreign bytes. For any input at all, a reader either refuses it with one of the exceptions that say
 * so, or makes a value of it that is written and read again as the same; nothing else is ever thrown.
 */
enum Target {
    JSON(Target::json),
    BUNDLE(Target::bundle),
    FETCHED(Target::fetched),
    MANIFEST(Target::manifest),
    MUTATION(Target::mutation),
    NAME(Target::name),
    INVITE(Target::invite),
    WEBSOCKET(WsReading::readAll),
    WAKE(Target::wake),
    IPC(Target::ipc),
    RESULTS(Target::results),
    LOG(Target::log),
    SNAPSHOT(Target::snapshot);

    private static final int JSON_MAX = 1 << 20;
    private static final int ITEMS_MAX = 10_000;
    private static final int MUTATIONS_MAX = 10_000;

    @FunctionalInterface
    private interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    private final Reader reader;

    Target(Reader reader) {
        this.reader = reader;
    }

    /** Its name in file names. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where its kept inputs are. */
    Path corpus() {
        return Path.of("src/test/fuzz-corpus").resolve(word());
    }

    /** Reads {@code bytes}; throws only when something is wrong with the reader. */
    void accept(byte[] bytes) {
        try {
            reader.read(bytes);
        } catch (Refusal | TruncatedException | IpcProtocolException | IllegalArgumentException refused) {
            // The client's boundary takes just these as a broken protocol, and the server's all but the last.
            require(
                    refused.getMessage() != null && refused.getMessage().length() < 2_000,
                    "a refusal says why, in short");
        } catch (IOException impossible) {
            throw new IllegalStateException("nothing but memory was read", impossible);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static ByteArrayInputStream in(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static Fields fields(byte[] bytes) {
        return Fields.of(StrictJson.parseObject(bytes, JSON_MAX));
    }

    private static void json(byte[] bytes) throws IOException {
        JsonValue value = StrictJson.parse(bytes, JSON_MAX);
        byte[] text = StrictJson.utf8(value);
        require(StrictJson.parse(text, 6 * JSON_MAX).equals(value), "a value that is not read as it was written");
        require(Arrays.equals(text, StrictJson.utf8(StrictJson.parse(text, 6 * JSON_MAX))), "a text that changes");
        require(JsonWeight.of(in(bytes)) >= bytes.length, "text that weighs less than itself");
    }

    private static void bundle(byte[] bytes) throws IOException {
        BundleReader reader = new BundleReader(in(bytes), MUTATIONS_MAX);
        Optional<BundleEvent> event = reader.next();
        for (int count = 0; event.isPresent(); count++) {
            require(count <= bytes.length, "more events than bytes");
            event = reader.next();
        }
    }

    private static void fetched(byte[] bytes) throws IOException {
        FetchReader reader = new FetchReader(in(bytes));
        Optional<FetchReader.Fetched> one = reader.next();
        for (int count = 0; one.isPresent(); count++) {
            require(count <= bytes.length, "more contents than bytes");
            one = reader.next();
        }
    }

    private static void manifest(byte[] bytes) {
        ManifestCodec.Body body = ManifestCodec.decode(fields(bytes));
        Manifest manifest = body.manifest();
        JsonObject written = ManifestCodec.encode(body);
        require(ManifestCodec.decode(Fields.of(written)).equals(body), "a manifest that changes");
        require(
                manifest.covering(0, manifest.size()).size() == manifest.chunks().size(),
                "chunks that do not cover it");
    }

    private static void mutation(byte[] bytes) {
        var parsed = MutationCodec.decode(fields(bytes));
        if (parsed.inlineSize().isEmpty()) {
            var mutation = parsed.mutation();
            var again = MutationCodec.decode(Fields.of(MutationCodec.encode(mutation)));
            require(again.mutation().equals(mutation), "a mutation that changes");
            require(MutationHash.of(again.mutation()).equals(MutationHash.of(mutation)), "a hash that changes");
        }
    }

    private static void name(byte[] bytes) {
        String name = new String(bytes, UTF_8);
        if (ItemName.problem(name).isEmpty()) {
            require(name.getBytes(UTF_8).length <= ItemName.BYTES_MAX, "a name that is too long");
            require(ItemName.normalize(name).equals(name), "a name that is not in its one form");
            Path root = Path.of("/root-of-a-vault");
            require(root.resolve(name).normalize().getParent().equals(root), "a name that leads out of its folder");
            require(FoldKey.of(FoldKey.of(name)).equals(FoldKey.of(name)), "a fold key that folds further");
        }
    }

    private static void invite(byte[] bytes) {
        InviteText.tryParse(new String(bytes, UTF_8))
                .ifPresent(
                        invite ->
                                require(
                                        InviteText.parse(invite.format()).format().equals(invite.format()),
                                        "an invite that changes"));
    }

    private static void wake(byte[] bytes) {
        Optional<WakeFrame> frame = WakeCodec.decode(new String(bytes, UTF_8));
        if (frame.isPresent()) {
            String text = WakeCodec.encode(frame.get());
            require(WakeCodec.encode(WakeCodec.decode(text).orElseThrow()).equals(text), "a frame that changes");
        }
    }

    private static void ipc(byte[] bytes) throws IOException {
        ByteArrayInputStream in = in(bytes);
        Optional<IpcFrame> frame = IpcFrames.read(in);
        while (frame.isPresent()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (frame.get().payload().length == 0 && frame.get().json().get("bytes") == null) {
                IpcFrames.write(out, frame.get().json());
                IpcFrame again = IpcFrames.read(in(out.toByteArray())).orElseThrow();
                require(again.json().equals(frame.get().json()), "a frame that changes");
            }
            frame = IpcFrames.read(in);
        }
    }

    private static void results(byte[] bytes) throws IOException {
        Ndjson lines = new Ndjson(in(bytes));
        Optional<JsonObject> line = lines.next();
        while (line.isPresent()) {
            ResultLine result = ResultCodec.decode(Fields.of(line.get()));
            require(ResultCodec.decode(Fields.of(ResultCodec.encode(result))).equals(result), "a result that changes");
            line = lines.next();
        }
    }

    private static void log(byte[] bytes) {
        LogPage page = LogCodec.decode(fields(bytes));
        LogPage again = LogCodec.decode(Fields.of(LogCodec.encode(page)));
        require(again.equals(page), "a page of the log that changes");
        List<LogEvent> events = page.events();
        events.forEach(
                event -> event.items().forEach(item -> require(item.isRoot() || named(item.name()), "a bad name")));
    }

    private static boolean named(String name) {
        return ItemName.problem(name).isEmpty();
    }

    private static void snapshot(byte[] bytes) throws IOException {
        SnapshotPage page = SnapshotCodec.read(in(bytes), ITEMS_MAX);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(out, page);
        require(SnapshotCodec.read(in(out.toByteArray()), ITEMS_MAX).equals(page), "a page of a snapshot that changes");
    }
}
