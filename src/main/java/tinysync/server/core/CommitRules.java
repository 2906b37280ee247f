package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The only way into a vault: judges one mutation against the tree as it is, and writes it with its event when it is
 * good.
 *
 * <p>A refused mutation leaves the transaction as it was, so many mutations of several clients may share one. The
 * author's role and the small contents that a mutation names are read and added by the caller in the same transaction,
 * before.
 */
public final class CommitRules {
    private CommitRules() {}

    /** A mutation as it came, with the hash that its op id is bound to. */
    public record Submission(Mutation mutation, Hash hash) {}

    /**
     * @param bundle one for each bundle, also when it is cut into several transactions
     * @param tags gives 16 fresh random hex digits, once for each event
     */
    public static MutationResult apply(
            VaultTx tx, Author author, Submission submission, BundleState bundle, Instant at, Supplier<String> tags) {
        Mutation mutation = submission.mutation();
        try {
            Optional<OpResult> before = tx.opResult(author.device(), mutation.opId());
            if (before.isPresent()) {
                MutationResult result = repeated(tx, author, submission, before.get());
                remember(bundle, mutation, before.get().adopted().isEmpty());
                return result;
            }
            if (!author.role().includes(Role.WRITE)) {
                throw new Rejection(ErrorCode.FORBIDDEN, "this needs the role 'write' in the vault");
            }
            Judge judge = new Judge(tx, author.device(), bundle, at);
            Decision decision = decide(judge, mutation);
            MutationResult result =
                    switch (decision) {
                        case Decision.Adopt adopt -> adopted(judge, submission, adopt.folder());
                        case Decision.Change change -> written(judge, submission, change, tags);
                    };
            remember(bundle, mutation, !(decision instanceof Decision.Adopt));
            return result;
        } catch (Rejection rejection) {
            created(mutation).ifPresent(bundle::refused);
            return rejection.result(mutation.opId());
        }
    }

    private static Decision decide(Judge judge, Mutation mutation) {
        try {
            return switch (mutation) {
                case Mutation.CreateFolder m -> CreateRules.folder(judge, m);
                case Mutation.PutFile m -> CreateRules.file(judge, m);
                case Mutation.CreateSymlink m -> CreateRules.symlink(judge, m);
                case Mutation.MoveRename m -> MoveRules.move(judge, m);
                case Mutation.SetMetadata m -> MetaRules.set(judge, m);
                case Mutation.Delete m -> DeleteRules.delete(judge, m);
                case Mutation.DeleteSubtree m -> DeleteRules.subtree(judge, m);
                case Mutation.Restore m -> RestoreRules.restore(judge, m);
            };
        } catch (Refusal refusal) {
            throw Rejection.of(refusal);
        }
    }

    /** The same op id again: the same answer for the same mutation, none for another. */
    private static MutationResult repeated(VaultTx tx, Author author, Submission submission, OpResult before) {
        if (!before.mutationHash().equals(submission.hash())) {
            throw new Rejection(ErrorCode.OP_REUSED, "this op id belongs to another mutation");
        }
        OpId opId = submission.mutation().opId();
        List<Item> items = new ArrayList<>();
        if (before.adopted().isPresent()) {
            Tree tree = new Tree(tx);
            tree.row(before.adopted().get()).ifPresent(row -> items.add(tree.view(row)));
        } else {
            int count = Math.toIntExact(before.seq() - before.firstSeq() + 1);
            tx.events(before.firstSeq() - 1, count).stream()
                    .filter(event -> event.opId().equals(opId) && event.device().equals(author.device()))
                    .forEach(event -> items.addAll(event.items()));
        }
        return new MutationResult.Duplicate(opId, before.seq(), items);
    }

    private static MutationResult adopted(Judge judge, Submission submission, Item folder) {
        OpId opId = submission.mutation().opId();
        long seq = judge.head().seq();
        OpResult result = new OpResult(submission.hash(), seq, seq, Optional.of(folder.id()), judge.at);
        judge.tx.putOpResult(judge.device, opId, result);
        return new MutationResult.Applied(opId, seq, List.of(folder));
    }

    private static MutationResult written(
            Judge judge, Submission submission, Decision.Change change, Supplier<String> tags) {
        VaultTx tx = judge.tx;
        Mutation mutation = submission.mutation();
        if (change.inline().isPresent()) {
            addInline(tx, change.inline().get());
        }
        List<Item> items = new ArrayList<>();
        Cursor head = judge.head();
        for (Decision.Step step : change.steps()) {
            head = new Cursor(head.epoch(), head.seq() + 1, tags.get());
            step.items().forEach(item -> tx.putItem(ItemRow.of(item)));
            step.versions().forEach(tx::addVersion);
            tx.appendEvent(
                    new LogEvent(
                            head.seq(),
                            head.tag(),
                            judge.at,
                            judge.device,
                            mutation.opId(),
                            mutation.op(),
                            step.items(),
                            step.confirmed()));
            items.addAll(step.items());
        }
        change.dying().ifPresent(tx::addDying);
        tx.putState(VaultRules.state(tx).withHead(head));
        OpResult result = new OpResult(submission.hash(), judge.seq(), head.seq(), Optional.empty(), judge.at);
        tx.putOpResult(judge.device, mutation.opId(), result);
        return new MutationResult.Applied(mutation.opId(), head.seq(), items);
    }

    private static void addInline(VaultTx tx, StoredContent.Inline inline) {
        try {
            ContentRules.addInline(tx, inline.id(), inline.bytes());
        } catch (Refusal refusal) {
            throw Rejection.of(refusal);
        }
    }

    /** An adopted folder has another id than was asked for; children that name the asked one have no parent. */
    private static void remember(BundleState bundle, Mutation mutation, boolean made) {
        created(mutation).ifPresent(made ? bundle::created : bundle::refused);
    }

    /** The item that the mutation would make, if it makes one. */
    private static Optional<ItemId> created(Mutation mutation) {
        return switch (mutation) {
            case Mutation.CreateFolder m -> Optional.of(m.item());
            case Mutation.PutFile m -> m.place().map(place -> m.item());
            case Mutation.CreateSymlink m -> Optional.of(m.item());
            case Mutation.Restore m -> Optional.of(m.item());
            case Mutation.MoveRename m -> Optional.empty();
            case Mutation.SetMetadata m -> Optional.empty();
            case Mutation.Delete m -> Optional.empty();
            case Mutation.DeleteSubtree m -> Optional.empty();
        };
    }
}
