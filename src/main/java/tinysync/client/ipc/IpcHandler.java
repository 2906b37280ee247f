package tinysync.client.ipc;

import com.eclipsesource.json.JsonObject;

import tinysync.wire.Fields;

import java.io.IOException;

/** What a daemon does with requests. Called on a thread of the request's own, several at once. */
@FunctionalInterface
public interface IpcHandler {
    /** One request while it is answered. */
    interface Call {
        String op();

        /** The request's members. */
        Fields fields();

        /** Sends one event of a stream, before the answer; waits for a slow reader. */
        void event(JsonObject event) throws IOException;
    }

    /**
     * Answers one request.
     *
     * @return the result
     * @throws IpcFailure to say no
     * @throws tinysync.wire.Refusal for a request that makes no sense
     * @throws InterruptedException when the caller cancelled it or is gone; nobody reads an answer then
     */
    JsonObject handle(Call call) throws IOException, InterruptedException;
}
