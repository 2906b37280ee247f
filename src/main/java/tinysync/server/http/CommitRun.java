package tinysync.server.http;

import tinysync.server.core.BundleState;
import tinysync.server.core.CommitRules;
import tinysync.server.core.LogRules;
import tinysync.server.live.CommitBatch;
import tinysync.server.live.VaultService;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.wire.CommitHeader;
import tinysync.wire.Features;
import tinysync.wire.MutationHash;
import tinysync.wire.SmallContent;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One commit while it runs: gathers batches, keeps a few of them going, hands results on in order. For one thread. */
final class CommitRun {
    /** The most content that is held at a time: gathered, or on its way into the vault. */
    static final int CONTENT_BYTES_MAX = 4 << 20;

    private static final int BATCH_BYTES_MAX = 1 << 20;
    private static final int GOING_BYTES_MAX = CONTENT_BYTES_MAX - 2 * BATCH_BYTES_MAX;
    private static final int GOING_MAX = 4;
    private static final int MOVES_PER_UNIT = 8;

    private final VaultService vault;
    private final DeviceId device;
    private final CommitAnswer answer;
    private final BundleState bundle = new BundleState();
    private final Deque<Going> going = new ArrayDeque<>();
    private CommitHeader header = new CommitHeader(Optional.empty(), Optional.empty(), List.of());
    private List<CommitBatch.Entry> gathered = new ArrayList<>();
    private boolean submitted;
    private int weight;
    private long gatheredBytes;
    private long goingBytes;

    private record Going(CompletableFuture<List<MutationResult>> results, long bytes) {}

    CommitRun(VaultService vault, DeviceId device, CommitAnswer answer) {
        this.vault = vault;
        this.device = device;
        this.answer = answer;
    }

    void begin(CommitHeader given) {
        Features.check(given.requires(), Features.KNOWN);
        // The first batch is judged by it again, under the lock; but others follow before that is known.
        given.cursor().ifPresent(this::check);
        header = given;
    }

    private void check(Cursor cursor) {
        vault.read(
                tx -> {
                    LogRules.checkCursor(tx, cursor);
                    return true;
                });
    }

    void add(Mutation mutation, Optional<SmallContent> content) throws IOException {
        CommitRules.Submission submission = new CommitRules.Submission(mutation, MutationHash.of(mutation));
        gathered.add(new CommitBatch.Entry(submission, content));
        weight += mutation instanceof Mutation.MoveRename m ? 1 + m.moves().size() / MOVES_PER_UNIT : 1;
        gatheredBytes += content.map(SmallContent::size).orElse(0);
        if (weight >= CommitBatch.SIZE_MAX || gatheredBytes >= BATCH_BYTES_MAX) {
            submit();
        }
    }

    private void submit() throws IOException {
        CommitBatch batch = new CommitBatch(device, header.instance(), header.cursor(), gathered, bundle);
        going.add(new Going(vault.commit(batch), gatheredBytes));
        submitted = true;
        // Only the first batch was judged against what the client had seen.
        header = new CommitHeader(Optional.empty(), header.instance(), List.of());
        goingBytes += gatheredBytes;
        gathered = new ArrayList<>();
        weight = 0;
        gatheredBytes = 0;
        while (going.size() > GOING_MAX
                || goingBytes > GOING_BYTES_MAX
                || !going.isEmpty() && going.element().results().isDone()) {
            handOn();
        }
    }

    private void handOn() throws IOException {
        Going first = going.remove();
        goingBytes -= first.bytes();
        for (MutationResult result : VaultService.await(first.results())) {
            answer.result(result);
        }
    }

    /**
     * A commit without mutations goes through the vault too: its cursor and its instance are judged like any other's.
     */
    void end() throws IOException {
        if (!submitted || !gathered.isEmpty()) {
            submit();
        }
        while (!going.isEmpty()) {
            handOn();
        }
        answer.end(vault.head());
    }

    /** When this returns, the vault holds nothing of this commit any more, however it came out. */
    void settle() {
        going.forEach(one -> one.results().exceptionally(failed -> List.of()).join());
    }
}
