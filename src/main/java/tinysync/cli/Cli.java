package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcFailure;
import tinysync.client.remote.RemoteException;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The command line: finds the command, runs it, and turns what went wrong into one line and an exit code. */
public final class Cli {
    private Cli() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        homeOfWhoCalls();
        // Always: a daemon thread of a library must not keep a finished command alive.
        System.exit(run(Arrays.asList(args), Terminal.system()).status());
    }

    /** Java asks the list of users, but where {@code HOME} says something else, every other program follows that. */
    private static void homeOfWhoCalls() {
        String home = System.getenv("HOME");
        if (home != null && new File(home).isAbsolute()) {
            System.setProperty("user.home", home);
        }
    }

    static Exit run(List<String> line, Terminal terminal) {
        boolean json = line.contains("--json");
        try {
            switch (CommandLine.parse(line, terminal.environment(), Version.text())) {
                case CommandLine.Parsed.Print(String text) -> {
                    terminal.text(text);
                    return Exit.DONE;
                }
                case CommandLine.Parsed.Run(Arguments parsed) -> {
                    Replacement.ifNeeded(parsed.command().words(), terminal);
                    Arguments arguments = parsed.withSettings();
                    json = arguments.json();
                    return arguments.command().action().run(new Context(arguments, terminal));
                }
            }
        } catch (Exception failed) {
            return tell(terminal, json, failure(failed, terminal));
        }
    }

    /** What to say of anything that ended a command: the one place that catches it all. */
    private static CommandFailure failure(Exception any, Terminal terminal) {
        return switch (any) {
            case CommandFailure failure -> failure;
            case RemoteException remote -> failure(remote);
            case IpcFailure refused -> failure(refused);
            case Membership.NotPossibleException impossible -> CommandFailure.failed(impossible.getMessage());
            case Refusal refusal -> new CommandFailure(Exit.FAILED, refusal.code().wire(), refusal.getMessage());
            case IOException failed -> CommandFailure.failed(CommandFailure.inWords(failed));
            case UncheckedIOException failed -> failure(failed.getCause(), terminal);
            case InvalidPathException impossible -> CommandFailure.failed("no path: " + impossible.getMessage());
            case InterruptedException _ -> CommandFailure.failed("interrupted");
            default -> {
                if (terminal.environment().containsKey("TINYSYNC_DEBUG")) {
                    any.printStackTrace(terminal.err());
                }
                yield CommandFailure.failed("a fault in TinySync (" + any + "); TINYSYNC_DEBUG=1 shows where");
            }
        };
    }

    private static CommandFailure failure(RemoteException remote) {
        return switch (remote) {
            case RemoteException.Unreachable lost ->
                    CommandFailure.unreachable(
                            "the server is not reachable ("
                                    + lost.getMessage()
                                    + "): is it running, is the network up?");
            case RemoteException.Garbled garbled ->
                    new CommandFailure(
                            Exit.FAILED, "garbled", "what answers is not the server: " + garbled.getMessage());
            case RemoteException.Refused refused ->
                    new CommandFailure(exit(refused.code(), refused.status()), refused.code(), refused.getMessage());
        };
    }

    private static CommandFailure failure(IpcFailure failure) {
        Exit exit =
                switch (failure.code()) {
                    case "unreachable", "offline", "stopped", "not_running" -> Exit.UNREACHABLE;
                    case "held" -> Exit.HELD;
                    case "revoked" -> Exit.REFUSED;
                    default -> {
                        Optional<ErrorCode> known = ErrorCode.parse(failure.code());
                        yield exit(failure.code(), known.map(ErrorCode::status).orElse(0));
                    }
                };
        return new CommandFailure(exit, failure.code(), failure.getMessage());
    }

    private static Exit exit(String code, int status) {
        boolean access = status == 401 || status == 403;
        return access || code.equals(ErrorCode.DEVICE_CLONED.wire()) ? Exit.REFUSED : Exit.FAILED;
    }

    private static Exit tell(Terminal terminal, boolean json, CommandFailure failure) {
        String message = String.valueOf(failure.getMessage()).replace('\n', ' ');
        if (json) {
            JsonObject error = new JsonObject().add("code", failure.code()).add("message", message);
            terminal.err().println(new JsonObject().add("error", error));
        } else {
            terminal.warn(message);
        }
        return failure.exit();
    }
}
