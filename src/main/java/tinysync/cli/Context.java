package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.ipc.IpcClient;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.PrivateFiles;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a command works with: its arguments, its terminal, and the home they name. For one thread. */
final class Context {
    private static final int SECRET_BYTES_MAX = 4_096;

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
    void show(String text, JsonObject json) throws CommandFailure, IOException {
        if (json()) {
            terminal.json(json);
        } else {
            terminal.line(text);
        }
    }

    Path homePath() throws CommandFailure {
        return arguments
                .pathOf("--home")
                .orElseGet(
                        () ->
                                Home.defaultPath(
                                        terminal.environment(),
                                        System.getProperty("os.name"),
                                        Path.of(System.getProperty("user.home"))));
    }

    /** Makes it where it is missing. */
    Home home() throws IOException, CommandFailure {
        return Home.open(homePath());
    }

    /** Who this device is to its servers, to one at least; does not make a home where there is none. */
    List<Identity> identities() throws IOException, CommandFailure {
        Path home = homePath();
        if (Files.exists(home) && !Files.isDirectory(home)) {
            throw CommandFailure.failed(home + " is not a folder: say another --home");
        }
        List<Identity> identities = Files.isDirectory(home) ? home().identities() : List.of();
        if (identities.isEmpty()) {
            throw CommandFailure.failed(
                    "this device has not joined a server (home " + home + "): 'tinysync join INVITE'");
        }
        return identities;
    }

    /** That this device has joined a server; else a failure that says so. */
    void needJoined() throws IOException, CommandFailure {
        identities();
    }

    /** All that is attached, at whichever server. */
    List<Attachment> attachments() throws IOException, CommandFailure {
        return identities().stream().flatMap(identity -> identity.attachments().stream()).toList();
    }

    /** The attachment of that name; without a name the only one. */
    Attachment oneAttachment(Optional<String> name) throws IOException, CommandFailure {
        List<Attachment> all = attachments();
        String names = String.join(", ", all.stream().map(Attachment::name).toList());
        if (all.isEmpty()) {
            throw CommandFailure.failed("nothing is attached");
        }
        if (name.isEmpty() && all.size() > 1) {
            throw CommandFailure.usage("say which one: " + names);
        }
        return all.stream()
                .filter(one -> name.map(one.name()::equals).orElse(true))
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed(Membership.notAttached(name.orElseThrow(), all)));
    }

    /** The daemon of this home, if one runs. */
    Optional<IpcClient> daemon() throws IOException, CommandFailure {
        return IpcClient.connect(homePath(), "cli/" + Version.text());
    }

    IpcClient needDaemon() throws IOException, CommandFailure {
        needJoined();
        Path home = homePath();
        return daemon().orElseThrow(
                        () ->
                                new CommandFailure(
                                        Exit.UNREACHABLE,
                                        "not_running",
                                        "no client runs on " + home + ": start it with 'tinysync client'"));
    }

    /** What is asked of the daemon of this home. */
    @FunctionalInterface
    interface Asking<T> {
        T ask(IpcClient daemon) throws CommandFailure, RemoteException, IOException;
    }

    /** What is done where no daemon runs, nor can start meanwhile. */
    @FunctionalInterface
    interface Alone<T> {
        T with(Home home) throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException;
    }

    /** Asks the daemon, which alone writes its home while it runs; without one, does the same here. */
    <T> T askOrDo(Asking<T> asking, Alone<T> alone)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Optional<IpcClient> daemon = daemon();
        if (daemon.isPresent()) {
            try (IpcClient running = daemon.get()) {
                return asking.ask(running);
            }
        }
        Home home = home();
        try (PrivateFiles.Lock _ = home.lock()) {
            return alone.with(home);
        }
    }

    static ServerApi api(Identity identity) {
        return new ServerApi(Membership.connection(identity));
    }

    /** A secret: the first line that says something, of a file or for {@code -} of standard input; stripped. */
    String secret(String fileOrDash) throws CommandFailure {
        if (fileOrDash.equals("-")) {
            return secret(terminal.in(), "standard input");
        }
        Path file = Arguments.path(fileOrDash);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return secret(in, file.toString());
        } catch (IOException unreadable) {
            throw CommandFailure.failed("cannot read the secret: " + CommandFailure.inWords(unreadable));
        }
    }

    private static String secret(InputStream in, String source) throws CommandFailure {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && line.size() < SECRET_BYTES_MAX; b = in.read()) {
                if (b == '\n' && !line.toString(StandardCharsets.UTF_8).isBlank()) {
                    break;
                }
                line.write(b);
            }
        } catch (IOException unreadable) {
            throw CommandFailure.failed("cannot read " + source + ": " + CommandFailure.inWords(unreadable));
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
