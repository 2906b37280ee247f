package tinysync.client.remote;

import tinysync.tree.Cursor;
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

/** Reads the lines that answer a commit, each against the mutation it must belong to. */
final class CommitAnswer {
    private final List<Mutation> mutations;
    private final List<MutationResult> results = new ArrayList<>();

    CommitAnswer(List<Mutation> mutations) {
        this.mutations = mutations;
    }

    /** The reply, as far as it came; a failure is thrown only where there is no result at all. */
    CommitReply read(InputStream in) throws RemoteException {
        try {
            Cursor head = readAll(new Ndjson(in));
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
        results.add(result);
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
