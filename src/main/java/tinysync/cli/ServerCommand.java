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
import java.util.List;
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
                        try (server) {
                            Files.deleteIfExists(address);
                        }
                    });
            PrivateFiles.writeAtomically(address, (server.url() + "\n").getBytes(StandardCharsets.UTF_8));
            server.firstInvite().ifPresent(invite -> context.terminal().announce("invite " + invite));
            context.terminal().announce("wake " + server.wakeUrl());
            context.terminal().announce("ready " + server.url());
            started = true;
            return end.await();
        } catch (StartException failed) {
            throw CommandFailure.failed(String.valueOf(failed.getMessage()));
        } finally {
            if (!started) {
                end.failed();
            }
        }
    }

    private ServerOptions options() throws CommandFailure {
        if (arguments.value("--db").isPresent()) {
            throw CommandFailure.usage("PostgreSQL is not in this version: leave --db away, SQLite is built in");
        }
        if (arguments.value("--blobs").filter(blobs -> blobs.contains("://")).isPresent()) {
            throw CommandFailure.usage("S3 is not in this version: --blobs takes a folder");
        }
        if (arguments.value("--tls").isPresent()
                || arguments.value("--tls-cert").isPresent()
                || arguments.value("--tls-key").isPresent()) {
            throw CommandFailure.usage("TLS of its own is not in this version: put a proxy in front (--behind-proxy)");
        }
        return new ServerOptions(
                Version.text(),
                Arguments.path(arguments.value("--data").orElse(DEFAULT_DATA)),
                arguments.pathOf("--blobs"),
                hostPort("--listen").orElse(ServerOptions.LISTEN),
                hostPort("--wake-listen"),
                url("--wake-url", List.of("ws", "wss")),
                url("--public-url", List.of("http", "https")),
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

    private Optional<URI> url(String option, List<String> schemes) throws CommandFailure {
        Optional<String> text = arguments.value(option);
        return text.isEmpty() ? Optional.empty() : Optional.of(Address.parse(option, text.get(), schemes));
    }
}
