package tinysync.client.folder;

import java.io.IOException;
import java.nio.file.Path;

/** A folder cannot be used as the root of an attachment; {@link #state} says why. */
public final class UnusableRootException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient RootState state;

    UnusableRootException(Path path, RootState state) {
        super("'" + path + "' cannot be used: " + inWords(state));
        this.state = state;
    }

    /** Never {@link RootState.Good}. */
    public RootState state() {
        return state;
    }

    private static String inWords(RootState state) {
        return switch (state) {
            case RootState.Good() -> "nothing is wrong with it";
            case RootState.Missing() -> "it does not exist";
            case RootState.Foreign(String reason) -> reason.replace('_', ' ');
            case RootState.ReadOnly() -> "it is read-only";
            case RootState.Replaced() -> "another folder took its place";
        };
    }
}
