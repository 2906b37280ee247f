package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Manifest;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One form that travels as a JSON object: random values of it, its writer and its reader.
 *
 * @param <T> what it is once it is parsed
 */
record JsonForms<T>(
        String name, Function<Samples, T> sample, Function<T, JsonObject> encode, Function<Fields, T> decode) {
    private static final int COMMIT_MAX = 100;

    static List<JsonForms<?>> all() {
        return List.of(
                of("item", Samples::item, ItemCodec::encode, ItemCodec::decode),
                of("mutation", Samples::mutation, MutationCodec::encode, f -> MutationCodec.decode(f).mutation()),
                of("commit header", JsonForms::header, CommitHeader::encode, CommitHeader::decode),
                of("commit", JsonForms::commit, CommitCodec::encode, f -> CommitCodec.decode(f, COMMIT_MAX)),
                of("result", JsonForms::result, ResultCodec::encode, ResultCodec::decode),
                of("log event", samples -> samples.event(1), LogCodec::encodeEvent, LogCodec::decodeEvent),
                of("cursor", Samples::cursor, CursorCodec::encode, CursorCodec::decode),
                of("wait", JsonForms::wait, WaitCodec::encode, WaitCodec::decode),
                of(
                        "heads",
                        samples -> Map.of(samples.vault(), samples.cursor(), samples.vault(), samples.cursor()),
                        WaitCodec::encodeHeads,
                        WaitCodec::decodeHeads),
                of(
                        "checkpoints",
                        samples -> List.of(samples.cursor(), samples.cursor()),
                        CommonCodec::encodeRequest,
                        CommonCodec::decodeRequest),
                of(
                        "common point",
                        samples -> new CommonPoint(samples.cursor(), epochs(samples)),
                        CommonCodec::encode,
                        CommonCodec::decode),
                of(
                        "ids",
                        samples -> List.of(samples.hash(), samples.hash()),
                        HashListCodec::encodeIds,
                        HashListCodec::decodeIds),
                of("manifest", JsonForms::manifest, ManifestCodec::encode, ManifestCodec::decode),
                of(
                        "error",
                        samples ->
                                new ErrorBody(
                                        "name_taken",
                                        samples.name(),
                                        samples.maybe(samples::name),
                                        samples.maybe(samples::item)),
                        ErrorBody::encode,
                        ErrorBody::decode),
                of("info", JsonForms::info, InfoCodec::encode, InfoCodec::decode),
                of("me", JsonForms::me, Me::encode, Me::decode),
                of("vault", JsonForms::vault, VaultView::encode, VaultView::decode),
                of(
                        "session",
                        samples -> new SessionChange(samples.maybe(samples::uuid), samples.uuid()),
                        SessionChange::encode,
                        SessionChange::decode),
                of("registration", JsonForms::registration, Registration::encode, Registration::decodeRequest),
                of(
                        "registered",
                        samples ->
                                new Registration.Answer(
                                        samples.device(),
                                        List.of(new Registration.Reach(samples.vault(), samples.name(), Role.MANAGE))),
                        Registration::encode,
                        Registration::decode),
                of("invite request", JsonForms::inviteRequest, InviteCodec::encode, InviteCodec::decodeRequest),
                of(
                        "invite",
                        samples ->
                                new InviteCodec.Minted(
                                        samples.uuid(),
                                        inviteText(samples).format(),
                                        named(samples),
                                        Role.WRITE,
                                        7,
                                        samples.instant()),
                        InviteCodec::encode,
                        InviteCodec::decode));
    }

    private static <T> JsonForms<T> of(
            String name, Function<Samples, T> sample, Function<T, JsonObject> encode, Function<Fields, T> decode) {
        return new JsonForms<>(name, sample, encode, decode);
    }

    private static CommitHeader header(Samples samples) {
        return new CommitHeader(
                samples.maybe(samples::cursor), samples.maybe(samples::uuid), samples.list(samples::name));
    }

    private static CommitCodec.Request commit(Samples samples) {
        SmallContent content = samples.smallContent();
        return new CommitCodec.Request(
                header(samples), samples.list(samples::mutation), Map.of(content.ref().id(), content));
    }

    private static ResultLine result(Samples samples) {
        return samples.coin()
                ? new ResultLine.Result(samples.result())
                : new ResultLine.End(samples.whole(), samples.cursor());
    }

    private static WaitCodec.Request wait(Samples samples) {
        return new WaitCodec.Request(Map.of(samples.vault(), samples.cursor()), Duration.ofSeconds(30));
    }

    private static List<EpochStart> epochs(Samples samples) {
        return samples.list(() -> new EpochStart(samples.uuid(), samples.whole()));
    }

    private static ManifestCodec.Body manifest(Samples samples) {
        List<Chunk> chunks = List.of(new Chunk(samples.hash(), 5), new Chunk(samples.hash(), Chunking.MAX_CHUNK));
        return new ManifestCodec.Body(new Manifest(5 + Chunking.MAX_CHUNK, chunks), samples.maybe(samples::hash));
    }

    private static ServerInfo info(Samples samples) {
        return new ServerInfo(
                ServerInfo.PRODUCT,
                "0.1.0",
                ServerInfo.PROTOCOL,
                samples.uuid(),
                samples.list(samples::name),
                samples.maybe(samples::name),
                Set.copyOf(samples.list(samples::name)),
                "unicode-16",
                new ServerInfo.Limits(
                        samples.whole(),
                        samples.whole(),
                        samples.whole(),
                        samples.whole(),
                        samples.whole(),
                        samples.whole(),
                        samples.whole(),
                        samples.whole()));
    }

    private static PolicyView policy(Samples samples) {
        return new PolicyView(
                samples.coin(),
                Chunking.DEFAULT,
                samples.list(samples::name),
                samples.maybe(() -> Duration.ofSeconds(1 + samples.whole() / 2)),
                samples.maybe(samples::whole));
    }

    private static Named named(Samples samples) {
        return new Named(samples.uuid(), samples.name());
    }

    private static Me me(Samples samples) {
        return new Me(
                named(samples),
                samples.list(
                        () ->
                                new Me.Reach(
                                        samples.vault(), samples.name(), Role.READ, samples.itemId(), policy(samples))),
                samples.list(() -> named(samples)));
    }

    private static VaultView vault(Samples samples) {
        return new VaultView(
                samples.vault(),
                samples.name(),
                samples.itemId(),
                samples.cursor(),
                samples.whole(),
                epochs(samples),
                policy(samples),
                samples.maybe(() -> Role.WRITE),
                samples.whole(),
                samples.whole());
    }

    private static InviteCode inviteCode(Samples samples) {
        return new InviteCode(samples.uuid(), samples.hash().hex());
    }

    private static InviteText inviteText(Samples samples) {
        return new InviteText(URI.create("https://h:8460/drive"), inviteCode(samples), samples.maybe(samples::hash));
    }

    private static Registration.Request registration(Samples samples) {
        return new Registration.Request(
                samples.device(), samples.hash(), samples.name(), samples.maybe(() -> inviteCode(samples)));
    }

    private static InviteCodec.Request inviteRequest(Samples samples) {
        boolean group = samples.coin();
        return new InviteCodec.Request(
                group ? Optional.of(samples.name()) : Optional.empty(),
                group ? Optional.empty() : Optional.of(samples.name()),
                Role.WRITE,
                samples.maybe(() -> 10),
                samples.maybe(() -> Duration.ofDays(7)));
    }
}
