package tinysync.server.http;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.core.BundleState;
import tinysync.server.core.CommitRules;
import tinysync.server.core.StoreException;
import tinysync.server.live.CommitBatch;
import tinysync.server.live.VaultService;
import tinysync.tree.DeviceId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.VaultId;
import tinysync.wire.BundleEvent;
import tinysync.wire.BundleReader;
import tinysync.wire.CommitCodec;
import tinysync.wire.CommitHeader;
import tinysync.wire.ErrorCode;
import tinysync.wire.Features;
import tinysync.wire.MutationHash;
import tinysync.wire.ParsedMutation;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.ServerInfo;
import tinysync.wire.SmallContent;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code POST …/commit}: mutations go to the vault while the rest of the bundle is still being read. */
final class CommitCalls {
    private static final int MUTATIONS_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bundleMutations());
    private static final int BODY_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bodyBytes());

    /** Parsed JSON takes several times its bytes. */
    private static final int JSON_EXPANSION = 6;

    private final HttpServices services;
    private final MemoryBudget memory;

    CommitCalls(HttpServices services, MemoryBudget memory) {
        this.services = services;
        this.memory = memory;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/v1/vaults/{v}/commit", Route.Need.DEVICE, this::commit));
    }

    private void commit(Call call) throws IOException {
        VaultId id = call.vault();
        services.access().require(call.who(), id, Role.WRITE);
        VaultService vault = services.vaults().of(id);
        try (CommitAnswer answer = new CommitAnswer(call, new Spill(services.spill()))) {
            try {
                Run run = new Run(vault, call.device(), answer);
                switch (call.mediaType().orElse(Call.JSON)) {
                    case Call.JSON -> json(call, run);
                    case BundleReader.MEDIA_TYPE -> bundle(call, run);
                    default ->
                            throw new Refusal(
                                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                                    "a commit is " + Call.JSON + " or " + BundleReader.MEDIA_TYPE);
                }
                run.end();
            } catch (Refusal refusal) {
                answer.fail(refusal);
            } catch (StoreException e) {
                if (!call.answered()) {
                    throw e;
                }
                System.getLogger("tinysync.server.http")
                        .log(System.Logger.Level.WARNING, "request " + call.requestId() + " broke off", e);
                answer.fail(new Refusal(ErrorCode.UNAVAILABLE, "storage failed; retry by op id"));
            }
        }
    }

    private void json(Call call, Run run) throws IOException {
        long bytes = call.length().orElse((long) BODY_MAX);
        try (MemoryBudget.Share _ = memory.take(bytes * JSON_EXPANSION)) {
            CommitCodec.Request request = CommitCodec.decode(call.json(BODY_MAX), MUTATIONS_MAX);
            run.begin(request.header());
            run.answer.requestRead();
            for (Mutation mutation : request.mutations()) {
                run.add(mutation, content(mutation, request.contents()));
            }
            run.submit();
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

    /** Mutations keep their order, so one whose content is still to come holds up those behind it. */
    private void bundle(Call call, Run run) throws IOException {
        BundleReader reader = new BundleReader(new BufferedInputStream(call.body(), 1 << 16), MUTATIONS_MAX);
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
                case BundleEvent.End end -> run.answer.requestRead();
            }
            while (!held.isEmpty() && held.element().inlineSize().isEmpty()) {
                run.add(held.remove().mutation(), Optional.empty());
            }
            event = reader.next();
        }
        run.submit();
    }

    /** One commit while it runs: gathers batches, keeps a few of them going, hands results on in order. */
    private static final class Run {
        private static final int GOING_MAX = 4;
        private static final int CONTENT_BYTES_MAX = 1 << 20;
        private static final int MOVES_PER_UNIT = 8;

        private final VaultService vault;
        private final DeviceId device;
        private final CommitAnswer answer;
        private final BundleState bundle = new BundleState();
        private final Deque<CompletableFuture<List<MutationResult>>> going = new ArrayDeque<>();
        private CommitHeader header = new CommitHeader(Optional.empty(), Optional.empty(), List.of());
        private List<CommitBatch.Entry> gathered = new ArrayList<>();
        private int weight;
        private long contentBytes;

        Run(VaultService vault, DeviceId device, CommitAnswer answer) {
            this.vault = vault;
            this.device = device;
            this.answer = answer;
        }

        void begin(CommitHeader given) {
            Features.check(given.requires(), Features.KNOWN);
            header = given;
        }

        void add(Mutation mutation, Optional<SmallContent> content) throws IOException {
            CommitRules.Submission submission = new CommitRules.Submission(mutation, MutationHash.of(mutation));
            gathered.add(new CommitBatch.Entry(submission, content));
            weight += mutation instanceof Mutation.MoveRename m ? 1 + m.moves().size() / MOVES_PER_UNIT : 1;
            contentBytes += content.map(SmallContent::size).orElse(0);
            if (weight >= CommitBatch.SIZE_MAX || contentBytes >= CONTENT_BYTES_MAX) {
                submit();
            }
        }

        void submit() throws IOException {
            if (gathered.isEmpty()) {
                return;
            }
            going.add(vault.commit(new CommitBatch(device, header.instance(), header.cursor(), gathered, bundle)));
            // Only the first batch was judged against what the client had seen.
            header = new CommitHeader(Optional.empty(), header.instance(), List.of());
            gathered = new ArrayList<>();
            weight = 0;
            contentBytes = 0;
            while (going.size() > GOING_MAX || !going.isEmpty() && going.element().isDone()) {
                handOn();
            }
        }

        private void handOn() throws IOException {
            for (MutationResult result : VaultService.await(going.remove())) {
                answer.result(result);
            }
        }

        void end() throws IOException {
            while (!going.isEmpty()) {
                answer.flush();
                handOn();
            }
            answer.end(vault.head());
        }
    }
}
