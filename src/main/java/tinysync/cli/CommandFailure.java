package tinysync.cli;

import java.util.Objects;

/** A command cannot be done; the message says in one line what happened and what to do. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final String code;

    /**
     * @param code the word of the error body, for {@code --json}
     */
    CommandFailure(Exit exit, String code, String message) {
        super(message);
        this.exit = Objects.requireNonNull(exit);
        this.code = Objects.requireNonNull(code);
    }

    static CommandFailure failed(String message) {
        return new CommandFailure(Exit.FAILED, "failed", message);
    }

    static CommandFailure usage(String message) {
        return new CommandFailure(Exit.WRONG_USAGE, "wrong_usage", message);
    }

    Exit exit() {
        return exit;
    }

    String code() {
        return code;
    }
}
