package tinysync.cli;

import tinysync.platform.PrivateFiles;
import tinysync.server.HostPort;
import tinysync.server.ServerLimits;
import tinysync.server.ServerOptions;
import tinysync.server.StartException;
import tinysync.server.TinySyncServer;
import tinysync.wire.ServerUrl;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            PrivateFiles.writeAtomically(
                    address,
                    (new ServerAddress(server.url(), server.pin()).format() + "\n").getBytes(StandardCharsets.UTF_8));
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
        return new ServerOptions(
                Version.text(),
                Arguments.path(arguments.value("--data").orElse(DEFAULT_DATA)),
                arguments.pathOf("--blobs"),
                hostPort("--listen").orElse(ServerOptions.LISTEN),
                hostPort("--wake-listen"),
                url("--wake-url", List.of("ws", "wss")),
                url("--public-url", ServerUrl.HTTP),
                transport(),
                arguments.on("--open-registration"),
                ServerLimits.DEFAULT);
    }

    private ServerOptions.Transport transport() throws CommandFailure {
        List<ServerOptions.Transport> said = new ArrayList<>();
        Optional<String> tls = arguments.value("--tls");
        if (tls.isPresent() && !tls.get().equals("self")) {
            throw CommandFailure.usage("--tls takes 'self'; for a certificate of yours say --tls-cert and --tls-key");
        }
        tls.ifPresent(self -> said.add(new ServerOptions.Transport.SelfMadeTls()));
        tlsFiles().ifPresent(said::add);
        if (arguments.on("--behind-proxy")) {
            said.add(new ServerOptions.Transport.BehindProxy());
        }
        if (arguments.on("--insecure-http")) {
            said.add(new ServerOptions.Transport.InsecureHttp());
        }
        if (said.size() > 1) {
            throw CommandFailure.usage(
                    "say one of --tls self, --tls-cert with --tls-key, --behind-proxy and --insecure-http");
        }
        return said.isEmpty() ? new ServerOptions.Transport.LoopbackOnly() : said.getFirst();
    }

    private Optional<ServerOptions.Transport> tlsFiles() throws CommandFailure {
        Optional<Path> certificate = arguments.pathOf("--tls-cert");
        Optional<Path> key = arguments.pathOf("--tls-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw CommandFailure.usage("--tls-cert and --tls-key belong together");
        }
        return certificate.map(chain -> new ServerOptions.Transport.TlsFiles(chain, key.orElseThrow()));
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
