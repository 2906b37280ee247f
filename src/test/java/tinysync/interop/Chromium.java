package tinysync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A browser with a page that opens the connections and reports to the server that it came from. */
record Chromium(HttpServer pages, Process process, Transcript said) implements Peer {
    private static final String PROGRAM = "chromium";

    static Optional<String> missing() {
        boolean there =
                Optional.ofNullable(System.getenv("PATH")).stream()
                        .flatMap(path -> List.of(path.split(":")).stream())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
        return there ? Optional.empty() : Optional.of(PROGRAM);
    }

    /** The page is of the same host as the wake socket, and of another port. */
    static Chromium open(Path folder, List<Connection> connections) throws IOException {
        Transcript said = new Transcript();
        HttpServer pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String list = Connection.json(connections).toString();
        pages.createContext("/", exchange -> answer(exchange, "text/html", page()));
        pages.createContext("/connections", exchange -> answer(exchange, "application/json", list.getBytes(UTF_8)));
        pages.createContext("/said", exchange -> hear(exchange, said));
        pages.start();
        String address = "http://127.0.0.1:" + pages.getAddress().getPort() + "/";
        return new Chromium(pages, start(folder, address), said);
    }

    private static Process start(Path folder, String address) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"));
        // It would look for its maker's servers, and for newer parts of itself.
        command.addAll(List.of("--disable-background-networking", "--disable-component-update", "--disable-sync"));
        command.addAll(List.of("--no-first-run", "--no-proxy-server", "--user-data-dir=" + folder.resolve("profile")));
        // The server's certificate is its own work.
        command.addAll(List.of("--ignore-certificate-errors", address));
        ProcessBuilder process =
                new ProcessBuilder(command)
                        .redirectOutput(folder.resolve("chromium.log").toFile())
                        .redirectErrorStream(true);
        process.environment().put("TMPDIR", folder.toString());
        return process.start();
    }

    private static byte[] page() throws IOException {
        try (InputStream in = Chromium.class.getResourceAsStream("wake_client.html")) {
            return in.readAllBytes();
        }
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void hear(HttpExchange exchange, Transcript said) throws IOException {
        said.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    /** All of its processes have ended when this returns. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
        pages.stop(0);
    }
}
