package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** What a command works with: its arguments, its terminal, and the home they name. For one thread. */
final class Context {
    private static final int SECRET_CHARS_MAX = 4_096;

    private final Arguments arguments;
    private final Terminal terminal;

    Context(Arguments arguments, Terminal terminal) {
        this.arguments = Objects.requireNonNull(arguments);
        this.terminal = Objects.requireNonNull(terminal);
    }

    Arguments arguments() {
        return arguments;
    }

    Terminal terminal() {
        return terminal;
    }

    boolean json() throws CommandFailure {
        return arguments.json();
    }

    /** Prints {@code text}, or {@code json} where that was asked for. */
    void show(String text, JsonObject json) throws CommandFailure {
        if (json()) {
            terminal.json(json);
        } else {
            terminal.line(text);
        }
    }

    Path homePath() {
        return arguments
                .value("--home")
                .map(Arguments::path)
                .orElseGet(
                        () ->
                                Home.defaultPath(
                                        terminal.environment(),
                                        System.getProperty("os.name"),
                                        Path.of(System.getProperty("user.home"))));
    }

    /** Makes it where it is missing. */
    Home home() throws IOException {
        return Home.open(homePath());
    }

    /** Who this device is; does not make a home where there is none. */
    Identity identity() throws IOException, CommandFailure {
        Optional<Identity> identity = Files.isDirectory(homePath()) ? home().identity() : Optional.empty();
        return identity.orElseThrow(
                () ->
                        CommandFailure.failed(
                                "this device has not joined a server (home "
                                        + homePath()
                                        + "): 'tinysync join INVITE'"));
    }

    /** The daemon of this home, if one runs. */
    Optional<IpcClient> daemon() throws IOException {
        return IpcClient.connect(homePath(), "cli/" + Version.text());
    }

    IpcClient needDaemon() throws IOException, CommandFailure {
        identity();
        return daemon().orElseThrow(
                        () ->
                                new CommandFailure(
                                        Exit.UNREACHABLE,
                                        "not_running",
                                        "no client runs on " + homePath() + ": start it with 'tinysync client'"));
    }

    static ServerApi api(Identity identity) {
        return new ServerApi(Membership.connection(identity));
    }

    /** A secret from a file, or from standard input for {@code -}; without white space around it. */
    String secret(String fileOrDash) throws CommandFailure {
        try {
            if (!fileOrDash.equals("-")) {
                return Files.readString(Arguments.path(fileOrDash)).strip();
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
            char[] buffer = new char[SECRET_CHARS_MAX];
            int length = 0;
            for (int got = 0; got >= 0 && length < buffer.length; length += Math.max(got, 0)) {
                got = reader.read(buffer, length, buffer.length - length);
            }
            return new String(buffer, 0, length).strip();
        } catch (IOException unreadable) {
            throw CommandFailure.failed("cannot read " + fileOrDash + ": " + unreadable.getMessage());
        }
    }
}
