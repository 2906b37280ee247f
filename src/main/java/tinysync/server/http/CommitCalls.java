package tinysync.server.http;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.core.StoreException;
import tinysync.tree.Mutation;
import tinysync.wire.BundleEvent;
import tinysync.wire.BundleReader;
import tinysync.wire.BundleWeight;
import tinysync.wire.CommitCodec;
import tinysync.wire.CommitHeader;
import tinysync.wire.ErrorCode;
import tinysync.wire.ParsedMutation;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.ServerInfo;
import tinysync.wire.SmallContent;
import tinysync.wire.TruncatedException;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST …/commit}. A request is received whole before memory is taken for it: so what is held is never held for a
 * slow peer, and what waits for its turn waits on the disk.
 */
final class CommitCalls {
    private static final int MUTATIONS_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bundleMutations());
    private static final int BODY_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bodyBytes());

    private final HttpServices services;

    CommitCalls(HttpServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/v1/vaults/{v}/commit", Route.Need.DEVICE, Role.WRITE, this::commit));
    }

    private void commit(Call call) throws IOException {
        try (CommitAnswer answer = new CommitAnswer(call)) {
            commit(call, answer, new CommitRun(services.vaults().of(call.vault()), call.device(), answer));
            answer.send();
        }
    }

    private void commit(Call call, CommitAnswer answer, CommitRun run) throws IOException {
        try {
            switch (call.mediaType().orElse(Call.JSON)) {
                case Call.JSON -> json(call, answer, run);
                case BundleReader.MEDIA_TYPE -> bundle(call, answer, run);
                default ->
                        throw new Refusal(
                                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                                "a commit is " + Call.JSON + " or " + BundleReader.MEDIA_TYPE);
            }
            run.end();
        } catch (Refusal refusal) {
            answer.fail(refusal);
        } catch (StoreException e) {
            answer.fail(Gate.refusal(e, call));
        } finally {
            run.settle();
        }
    }

    private static void json(Call call, CommitAnswer answer, CommitRun run) throws IOException {
        CommitCodec.Request request = CommitCodec.decode(call.json(BODY_MAX), MUTATIONS_MAX);
        answer.requestRead();
        run.begin(request.header());
        for (Mutation mutation : request.mutations()) {
            run.add(mutation, content(mutation, request.contents()));
        }
    }

    private static Optional<SmallContent> content(Mutation mutation, Map<Hash, SmallContent> contents) {
        Optional<ContentRef> named =
                switch (mutation) {
                    case Mutation.PutFile m -> Optional.of(m.content());
                    case Mutation.Restore m -> m.content();
                    case Mutation.CreateFolder m -> Optional.empty();
                    case Mutation.CreateSymlink m -> Optional.empty();
                    case Mutation.MoveRename m -> Optional.empty();
                    case Mutation.SetMetadata m -> Optional.empty();
                    case Mutation.Delete m -> Optional.empty();
                    case Mutation.DeleteSubtree m -> Optional.empty();
                };
        return named.flatMap(ref -> Optional.ofNullable(contents.get(ref.id())));
    }

    /** Of a bundle that breaks off, what came is committed: over a bad line, each attempt gets a little further. */
    private static void bundle(Call call, CommitAnswer answer, CommitRun run) throws IOException {
        try (Spill frames = call.spill()) {
            Optional<IOException> broken = call.receive(frames, BODY_MAX);
            try (InputStream in = frames.read()) {
                BundleWeight weight = BundleWeight.of(in);
                call.hold(weight.json() + Math.min(weight.content(), CommitRun.CONTENT_BYTES_MAX));
            }
            try (InputStream in = frames.read()) {
                read(new BundleReader(in, MUTATIONS_MAX), answer, run);
            } catch (TruncatedException truncated) {
                throw broken.orElse(truncated);
            }
        }
    }

    /** Mutations keep their order, so one whose content is still to come holds up those behind it. */
    private static void read(BundleReader reader, CommitAnswer answer, CommitRun run) throws IOException {
        Deque<ParsedMutation> held = new ArrayDeque<>();
        Optional<BundleEvent> event = reader.next();
        while (event.isPresent()) {
            switch (event.get()) {
                case BundleEvent.Header(CommitHeader header) -> run.begin(header);
                case BundleEvent.Mutations(List<ParsedMutation> mutations) -> held.addAll(mutations);
                case BundleEvent.Content(Mutation mutation, SmallContent content) -> {
                    // It belongs to the earliest one that waits, and all before that one have gone.
                    held.remove();
                    run.add(mutation, Optional.of(content));
                }
                case BundleEvent.End end -> answer.requestRead();
            }
            while (!held.isEmpty() && held.element().inlineSize().isEmpty()) {
                run.add(held.remove().mutation(), Optional.empty());
            }
            event = reader.next();
        }
    }
}
