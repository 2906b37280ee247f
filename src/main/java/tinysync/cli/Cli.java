package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcFailure;
import tinysync.client.remote.RemoteException;
import tinysync.client.state.HomeInUseException;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
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
        Terminal terminal = Terminal.system();
        Exit exit = run(Arrays.asList(args), terminal);
        terminal.out().flush();
        // Always: a daemon thread of a library must not keep a finished command alive.
        System.exit(exit.status());
    }

    static Exit run(List<String> line, Terminal terminal) {
        try {
            return switch (Arguments.parse(line, terminal.environment(), Version.text())) {
                case Arguments.Parsed.Print(String text) -> {
                    terminal.out().print(text);
                    terminal.out().flush();
                    yield Exit.DONE;
                }
                case Arguments.Parsed.Run(Arguments arguments) -> {
                    Replacement.ifNeeded(arguments.words(), terminal);
                    yield perform(new Context(arguments, terminal));
                }
            };
        } catch (CommandFailure failure) {
            boolean json = line.contains("--json");
            return tell(terminal, json, failure);
        }
    }

    private static Exit perform(Context context) throws CommandFailure {
        boolean json = context.json();
        try {
            return dispatch(context);
        } catch (CommandFailure failure) {
            return tell(context.terminal(), json, failure);
        } catch (RemoteException remote) {
            return tell(context.terminal(), json, failure(remote));
        } catch (IpcFailure failure) {
            return tell(context.terminal(), json, failure(failure));
        } catch (Membership.NotPossibleException impossible) {
            return tell(context.terminal(), json, CommandFailure.failed(impossible.getMessage()));
        } catch (Refusal refusal) {
            String code = refusal.code().wire();
            return tell(context.terminal(), json, new CommandFailure(Exit.FAILED, code, refusal.getMessage()));
        } catch (HomeInUseException used) {
            return tell(context.terminal(), json, CommandFailure.failed(used.getMessage()));
        } catch (IOException failed) {
            return tell(context.terminal(), json, CommandFailure.failed(inWords(failed)));
        } catch (InvalidPathException impossible) {
            return tell(context.terminal(), json, CommandFailure.usage("no path: " + impossible.getMessage()));
        } catch (InterruptedException interrupted) {
            return tell(context.terminal(), json, CommandFailure.failed("interrupted"));
        } catch (RuntimeException fault) {
            if (context.terminal().environment().containsKey("TINYSYNC_DEBUG")) {
                fault.printStackTrace(context.terminal().err());
            }
            return tell(
                    context.terminal(),
                    json,
                    CommandFailure.failed("a fault in TinySync (" + fault + "); TINYSYNC_DEBUG=1 shows where"));
        }
    }

    private static Exit dispatch(Context context)
            throws CommandFailure, RemoteException, IOException, InterruptedException, Membership.NotPossibleException {
        String words = context.arguments().words();
        return switch (words) {
            case "server" -> new ServerCommand(context).run();
            case "client" -> new ClientCommand(context).run();
            case "join" -> new JoinCommands(context).join();
            case "register" -> new JoinCommands(context).register();
            case "attach" -> new JoinCommands(context).attach();
            case "detach" -> new JoinCommands(context).detach();
            case "sync-once" -> new SyncOnceCommand(context).run();
            case "status" -> new StatusCommand(context).run();
            case "events" -> new WatchCommands(context).events();
            case "conflicts" -> new WatchCommands(context).conflicts();
            case "pause" -> new WatchCommands(context).pause(true);
            case "resume" -> new WatchCommands(context).pause(false);
            case "panic-resync" -> new WatchCommands(context).panicResync();
            case "confirm" -> new WatchCommands(context).confirm();
            case "invite" -> new JoinCommands(context).invite();
            case "ls", "cat", "get", "put", "mkdir", "mv", "rm" -> new FileCommands(context).run(words);
            default -> new AdminCommands(context).run(words);
        };
    }

    private static CommandFailure failure(RemoteException remote) {
        return switch (remote) {
            case RemoteException.Unreachable lost ->
                    new CommandFailure(
                            Exit.UNREACHABLE,
                            "unreachable",
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

    private static String inWords(IOException failed) {
        return failed instanceof NoSuchFileException missing
                ? missing.getFile() + " does not exist"
                : String.valueOf(failed.getMessage());
    }

    private static Exit tell(Terminal terminal, boolean json, CommandFailure failure) {
        String message = String.valueOf(failure.getMessage()).replace('\n', ' ');
        if (json) {
            JsonObject error = new JsonObject().add("code", failure.code()).add("message", message);
            terminal.err().println(new JsonObject().add("error", error));
        } else {
            terminal.err().println("tinysync: " + message);
        }
        return failure.exit();
    }
}
