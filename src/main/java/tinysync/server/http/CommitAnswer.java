package tinysync.server.http;

import tinysync.tree.Cursor;
import tinysync.tree.MutationResult;
import tinysync.wire.ErrorBody;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.ResultCodec;
import tinysync.wire.ResultLine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The results of one commit on their way back. While the request is still being read they are kept: a client that
 * writes all before it reads would otherwise wait for us while we wait for it. Afterwards they are sent as they come.
 */
final class CommitAnswer implements AutoCloseable {
    private static final int BUFFER = 16 << 10;

    private final Call call;
    private final Spill spill;
    private Optional<OutputStream> out = Optional.empty();
    private boolean requestRead;
    private long results;

    CommitAnswer(Call call, Spill spill) {
        this.call = call;
        this.spill = spill;
    }

    /** The request is read whole. */
    void requestRead() {
        requestRead = true;
    }

    void result(MutationResult result) throws IOException {
        results++;
        Ndjson.write(requestRead ? begun() : spill, ResultCodec.encode(result));
    }

    /** What was written so far goes out now. */
    void flush() throws IOException {
        if (out.isPresent()) {
            out.get().flush();
        }
    }

    void end(Cursor head) throws IOException {
        Ndjson.write(begun(), ResultCodec.encode(new ResultLine.End(results, head)));
        out.orElseThrow().close();
    }

    /** Ends with an error line where the answer has begun; else the refusal is thrown, to be the answer. */
    void fail(Refusal refusal) throws IOException {
        if (out.isEmpty()) {
            throw refusal;
        }
        ErrorBody body = ErrorBody.of(refusal, Optional.of(call.requestId()));
        Ndjson.write(out.get(), ResultCodec.encode(new ResultLine.Failed(body)));
        out.get().close();
    }

    private OutputStream begun() throws IOException {
        if (out.isEmpty()) {
            out =
                    Optional.of(
                            new BufferedOutputStream(
                                    call.answerStream(200, Ndjson.MEDIA_TYPE, Optional.empty()), BUFFER));
            spill.copyTo(out.get());
        }
        return out.get();
    }

    @Override
    public void close() throws IOException {
        spill.close();
    }
}
