package tinysync.server.http;

import tinysync.tree.Cursor;
import tinysync.tree.MutationResult;
import tinysync.wire.ErrorBody;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.ResultCodec;
import tinysync.wire.ResultLine;

import java.io.IOException;
import java.util.Optional;

/** The results of one commit, kept until the vault is done with it, so that no slow reader holds up its memory. */
final class CommitAnswer implements AutoCloseable {
    private final Call call;
    private final Spill lines;
    private long results;
    private boolean requestRead;

    CommitAnswer(Call call) {
        this.call = call;
        this.lines = call.spill();
    }

    /** The request is well formed to its end. */
    void requestRead() {
        requestRead = true;
    }

    void result(MutationResult result) throws IOException {
        results++;
        Ndjson.write(lines, ResultCodec.encode(result));
    }

    void end(Cursor head) throws IOException {
        Ndjson.write(lines, ResultCodec.encode(new ResultLine.End(results, head)));
    }

    /**
     * Ends with an error line behind the results. Without any, or for a request that is not one, the refusal is thrown,
     * to be the answer.
     */
    void fail(Refusal refusal) throws IOException {
        if (results == 0 || !requestRead) {
            throw refusal;
        }
        ErrorBody body = ErrorBody.of(refusal, Optional.of(call.requestId()));
        Ndjson.write(lines, ResultCodec.encode(new ResultLine.Failed(body)));
    }

    void send() throws IOException {
        call.send(Ndjson.MEDIA_TYPE, lines);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
