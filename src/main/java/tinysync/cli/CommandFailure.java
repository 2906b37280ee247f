package tinysync.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;

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

    static CommandFailure unreachable(String message) {
        return new CommandFailure(Exit.UNREACHABLE, "unreachable", message);
    }

    static CommandFailure notFound(String message) {
        return new CommandFailure(Exit.FAILED, "not_found", message);
    }

    /** What happened to a file; the messages of the JDK often hold its name alone. */
    static String inWords(IOException failed) {
        return switch (failed) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case FileAlreadyExistsException there -> there.getFile() + " exists already";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException other ->
                    other.getFile() + ": " + Optional.ofNullable(other.getReason()).orElse(kind(other));
            default -> Optional.ofNullable(failed.getMessage()).orElse(kind(failed));
        };
    }

    private static String kind(IOException failed) {
        return failed.getClass().getSimpleName();
    }

    Exit exit() {
        return exit;
    }

    String code() {
        return code;
    }
}
