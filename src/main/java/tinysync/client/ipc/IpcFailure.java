package tinysync.client.ipc;

import com.eclipsesource.json.JsonObject;

import java.io.IOException;
import java.util.Objects;

/** A request that was understood and not done; travels as {@code {"code","message"}}. */
public final class IpcFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code a word to branch on
     * @param message what happened and what to do, for people
     */
    public IpcFailure(String code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code);
    }

    public String code() {
        return code;
    }

    JsonObject encode() {
        return new JsonObject().add("code", code).add("message", getMessage());
    }
}
