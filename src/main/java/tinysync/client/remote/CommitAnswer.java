package tinysync.client.remote;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.wire.ErrorBody;
import tinysync.wire.ErrorCode;
import tinysync.wire.Fields;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.ResultCodec;
import tinysync.wire.ResultLine;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the lines that answer a commit, each against the mutation it must belong to. */
final class CommitAnswer {
    private final List<Mutation> mutations;
    private final long lineHeapMax;
    private final List<MutationResult> results = new ArrayList<>();
    private long latest;

    /**
     * @param lineHeapMax what one line of the answer may take of the heap, in bytes
     */
    CommitAnswer(List<Mutation> mutations, long lineHeapMax) {
        this.mutations = mutations;
        this.lineHeapMax = lineHeapMax;
    }

    /** The reply, as far as it came; a failure is thrown only where there is no result at all. */
    CommitReply read(InputStream in) throws RemoteException {
        try {
            Cursor head = readAll(new Ndjson(in, lineHeapMax));
            return new CommitReply(results, Optional.of(head), Optional.empty());
        } catch (RemoteException failed) {
            return broken(failed);
        } catch (IOException failed) {
            return broken(HttpLink.sorted(failed));
        } catch (Refusal | IllegalArgumentException malformed) {
            return broken(
                    new RemoteException.Garbled(
                            "the answer breaks the protocol: " + malformed.getMessage(), malformed));
        }
    }

    private Cursor readAll(Ndjson lines) throws IOException, RemoteException {
        while (true) {
            switch (ResultCodec.decode(Fields.of(lines.need()))) {
                case ResultLine.Result(MutationResult result) -> add(result);
                case ResultLine.End end -> {
                    if (end.mutations() != results.size() || results.size() != mutations.size()) {
                        throw new RemoteException.Garbled("an answer of another length than the commit");
                    }
                    // Asks for the end of the body, so that its connection can be used again.
                    if (lines.next().isPresent()) {
                        throw new RemoteException.Garbled("a line follows the end of the answer");
                    }
                    if (latest > end.head().seq()) {
                        throw new RemoteException.Garbled("a result that is newer than the head of the vault");
                    }
                    return end.head();
                }
                case ResultLine.Failed(ErrorBody error) ->
                        throw new RemoteException.Refused(
                                error.code(), status(error.code()), error.message(), error.item(), Optional.empty());
            }
        }
    }

    private void add(MutationResult result) throws RemoteException {
        int index = results.size();
        if (index == mutations.size() || !mutations.get(index).opId().equals(result.opId())) {
            throw new RemoteException.Garbled("a result for another mutation than the next");
        }
        switch (result) {
            case MutationResult.Applied applied -> {
                if (applied.seq() < latest) {
                    throw new RemoteException.Garbled("a result that is older than the one before it");
                }
                latest = applied.seq();
                requireOwn(mutations.get(index), applied.items());
            }
            case MutationResult.Duplicate again -> requireOwn(mutations.get(index), again.items());
            case MutationResult.Refused _ -> {
                // The view in it may be of any item that stood in the way.
            }
        }
        results.add(result);
    }

    /** What changed is what the mutation named, but for a folder that was adopted, and what comes back with one. */
    private static void requireOwn(Mutation mutation, List<Item> items) throws RemoteException {
        Set<ItemId> named =
                switch (mutation) {
                    case Mutation.MoveRename m ->
                            m.moves().stream().map(Mutation.MoveRename.Move::item).collect(Collectors.toSet());
                    case Mutation.CreateFolder m -> m.adopt() ? Set.of() : Set.of(m.item());
                    case Mutation.Restore m -> m.recursive() ? Set.of() : Set.of(m.item());
                    case Mutation.PutFile m -> Set.of(m.item());
                    case Mutation.CreateSymlink m -> Set.of(m.item());
                    case Mutation.SetMetadata m -> Set.of(m.item());
                    case Mutation.Delete m -> Set.of(m.item());
                    case Mutation.DeleteSubtree m -> Set.of(m.item());
                };
        boolean foreign = items.stream().anyMatch(item -> !named.contains(item.id()));
        if (!named.isEmpty() && (foreign || items.size() > named.size())) {
            throw new RemoteException.Garbled("a result that shows other items than its mutation");
        }
    }

    /** The status that the error would have had, had the answer not begun. */
    private static int status(String code) {
        return ErrorCode.parse(code).orElse(ErrorCode.INTERNAL).status();
    }

    private CommitReply broken(RemoteException failed) throws RemoteException {
        if (results.isEmpty()) {
            throw failed;
        }
        return new CommitReply(results, Optional.empty(), Optional.of(failed));
    }
}
