package tinysync.cli;

import tinysync.platform.PrivateFiles;
import tinysync.server.HostPort;
import tinysync.server.ServerOptions;
import tinysync.server.StartException;
import tinysync.server.TinySyncServer;
import tinysync.server.http.HttpTimes;
import tinysync.server.ws.WakeTimes;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code server}: runs a server until it is told to stop. */
final class ServerCommand {
    private static final String DEFAULT_DATA = "tinysync-data";

    private final Context context;
    private final Arguments arguments;

    ServerCommand(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    Exit run() throws CommandFailure, IOException, InterruptedException {
        ServerOptions options = options();
        CleanExit end = new CleanExit();
        boolean started = false;
        try {
            TinySyncServer server = TinySyncServer.start(options);
            Path address = options.data().resolve(AdminCommands.ADDRESS_FILE);
            end.closes(
                    () -> {
                        Files.deleteIfExists(address);
                        server.close();
                    });
            PrivateFiles.writeAtomically(address, (server.url() + "\n").getBytes(StandardCharsets.UTF_8));
            server.firstInvite().ifPresent(invite -> context.terminal().line("invite " + invite));
            context.terminal().line("wake " + server.wakeUrl());
            context.terminal().line("ready " + server.url());
            started = true;
            return end.await();
        } catch (StartException failed) {
            throw CommandFailure.failed(String.valueOf(failed.getMessage()));
        } finally {
            if (!started) {
                end.failed(Exit.FAILED);
            }
        }
    }

    private ServerOptions options() throws CommandFailure {
        if (arguments.value("--db").isPresent()) {
            throw CommandFailure.usage("PostgreSQL is not in this version: leave --db away, SQLite is built in");
        }
        if (arguments.value("--tls").isPresent()
                || arguments.value("--tls-cert").isPresent()
                || arguments.value("--tls-key").isPresent()) {
            throw CommandFailure.usage("TLS of its own is not in this version: put a proxy in front (--behind-proxy)");
        }
        return new ServerOptions(
                Version.text(),
                Arguments.path(arguments.value("--data").orElse(DEFAULT_DATA)),
                arguments.value("--blobs").map(Arguments::path),
                hostPort("--listen").orElse(ServerOptions.LISTEN),
                hostPort("--wake-listen"),
                url("--wake-url"),
                url("--public-url"),
                transport(),
                false,
                HttpTimes.DEFAULT,
                WakeTimes.DEFAULT);
    }

    private ServerOptions.Transport transport() throws CommandFailure {
        if (arguments.on("--behind-proxy")) {
            return ServerOptions.Transport.BEHIND_PROXY;
        }
        return arguments.on("--insecure-http")
                ? ServerOptions.Transport.INSECURE_HTTP
                : ServerOptions.Transport.LOOPBACK_ONLY;
    }

    private Optional<HostPort> hostPort(String option) throws CommandFailure {
        Optional<String> text = arguments.value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<HostPort> parsed = HostPort.tryParse(text.get());
        if (parsed.isEmpty()) {
            throw CommandFailure.usage("option " + option + " takes HOST:PORT, not '" + text.get() + "'");
        }
        return parsed;
    }

    private Optional<URI> url(String option) throws CommandFailure {
        try {
            return arguments.value(option).map(JoinCommands::address);
        } catch (IllegalArgumentException malformed) {
            throw CommandFailure.usage("option " + option + " takes an address such as https://sync.example.org");
        }
    }
}
