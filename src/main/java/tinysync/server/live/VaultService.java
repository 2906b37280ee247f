package tinysync.server.live;

import tinysync.platform.SystemClock;
import tinysync.server.core.Author;
import tinysync.server.core.Bytes;
import tinysync.server.core.CommitRules;
import tinysync.server.core.ContentRules;
import tinysync.server.core.LogRules;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.tree.Cursor;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.VaultId;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One vault at work: commits and other writes come one after another, many to a transaction; reads run beside them.
 * What a write returned is durable. Thread-safe.
 */
public final class VaultService {
    private final VaultId id;
    private final VaultStore store;
    private final SystemClock clock;
    private final Supplier<String> tags;
    private final Authors authors;
    private final HeadHub hub;
    private final Metrics metrics;
    private final Committer committer;
    private final AtomicReference<Optional<Cursor>> head = new AtomicReference<>(Optional.empty());

    /** Says who may commit, as it is at the moment of asking. */
    interface Authors {
        /** Throws {@link Refusal} where the batch's device may not even know of the vault. */
        Author admit(CommitBatch batch, VaultId vault);
    }

    VaultService(
            VaultId id,
            VaultStore store,
            SystemClock clock,
            Supplier<String> tags,
            Authors authors,
            HeadHub hub,
            Metrics metrics) {
        this.id = id;
        this.store = store;
        this.clock = clock;
        this.tags = tags;
        this.authors = authors;
        this.hub = hub;
        this.metrics = metrics;
        this.committer = new Committer(id.toString(), store, clock, metrics, this::durable);
    }

    public VaultId id() {
        return id;
    }

    /** Runs {@code work} on one consistent state; it may not write. */
    public <T> T read(Function<VaultTx, T> work) {
        return store.read(work);
    }

    /** The head as of now: every commit that was answered is in it. */
    public Cursor head() {
        return head.get()
                .orElseGet(
                        () -> {
                            Cursor read = store.read(LogRules::head);
                            // A commit may have been faster: its head is newer than what was read before it.
                            head.compareAndSet(Optional.empty(), Optional.of(read));
                            return head.get().orElseThrow();
                        });
    }

    private void durable(Cursor now) {
        Optional<Cursor> before = head.getAndSet(Optional.of(now));
        if (!before.equals(Optional.of(now))) {
            hub.publish(id, now);
        }
    }

    /**
     * Commits a batch. The results, in its order, once they are durable; else {@link Refusal} for the batch as a whole,
     * or {@link tinysync.server.core.StoreException}. Batches of one caller are committed in the order of these calls.
     */
    public CompletableFuture<List<MutationResult>> commit(CommitBatch batch) {
        CompletableFuture<List<MutationResult>> future = new CompletableFuture<>();
        committer.submit(new BatchJob(batch, future));
        return future;
    }

    /**
     * Runs {@code work} in a transaction that others may share, and returns when it is durable. What {@code work}
     * refuses it must refuse before it writes.
     */
    public <T> T write(Function<VaultTx, T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        committer.submit(new Task<>(work, future));
        return await(future);
    }

    /** The result of a future of {@link #commit}, with its failure as it was thrown. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** When this returns, every transaction that began before it has ended. */
    void passThrough() {
        if (!committer.resting()) {
            write(tx -> true);
        }
    }

    void close(Duration patience) {
        committer.close(patience);
    }

    private final class BatchJob implements Committer.Job {
        private final CommitBatch batch;
        private final CompletableFuture<List<MutationResult>> future;

        BatchJob(CommitBatch batch, CompletableFuture<List<MutationResult>> future) {
            this.batch = batch;
            this.future = future;
        }

        @Override
        public int mutations() {
            return batch.entries().size();
        }

        @Override
        public boolean buries() {
            return batch.entries().stream().anyMatch(e -> e.submission().mutation() instanceof Mutation.DeleteSubtree);
        }

        @Override
        public Runnable run(VaultTx tx) {
            // Under the lock, before anything is judged: what was revoked before now counts.
            Author author = authors.admit(batch, id);
            batch.cursor().ifPresent(cursor -> LogRules.checkCursor(tx, cursor));
            List<MutationResult> results = new ArrayList<>();
            for (CommitBatch.Entry entry : batch.entries()) {
                results.add(apply(tx, author, entry));
            }
            return () -> {
                results.forEach(VaultService.this::count);
                future.complete(results);
            };
        }

        private MutationResult apply(VaultTx tx, Author author, CommitBatch.Entry entry) {
            Mutation mutation = entry.submission().mutation();
            try {
                if (entry.content().isPresent() && author.role().includes(Role.WRITE)) {
                    Bytes bytes = Bytes.of(entry.content().get().bytes());
                    ContentRules.addInline(tx, entry.content().get().ref().id(), bytes);
                }
            } catch (Refusal refusal) {
                return new MutationResult.Refused(
                        mutation.opId(),
                        refusal.code().wire(),
                        Optional.empty(),
                        refusal.getMessage(),
                        Optional.empty());
            }
            return CommitRules.apply(tx, author, entry.submission(), batch.bundle(), clock.now(), tags);
        }

        @Override
        public void fail(RuntimeException cause) {
            future.completeExceptionally(cause);
        }
    }

    private void count(MutationResult result) {
        metrics.mutation(
                switch (result) {
                    case MutationResult.Applied applied -> "applied";
                    case MutationResult.Duplicate duplicate -> "duplicate";
                    case MutationResult.Refused refused -> refused.code();
                });
    }

    private record Task<T>(Function<VaultTx, T> work, CompletableFuture<T> future) implements Committer.Job {
        @Override
        public int mutations() {
            return 0;
        }

        @Override
        public boolean buries() {
            return false;
        }

        @Override
        public Runnable run(VaultTx tx) {
            T result = work.apply(tx);
            return () -> future.complete(result);
        }

        @Override
        public void fail(RuntimeException cause) {
            future.completeExceptionally(cause);
        }
    }
}
