package tinysync.hostile;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tinysync.server.RunningServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a real server and hands on what it says, until told to lie. Honest again, it is the server of before:
 * so a test sees whether a client finds back.
 */
final class LyingServer implements AutoCloseable {
    private static final Set<String> CARRIED = Set.of("content-type", "content-range", "retry-after");

    /** What a client asked for. */
    record Asked(String method, String path, byte[] body) {
        boolean is(String method, String part) {
            return this.method.equals(method) && path.contains(part);
        }
    }

    /** The bytes of an answer, however many there are. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    /**
     * An answer.
     *
     * @param length what {@code Content-Length} says; chunks where there is none
     */
    record Said(int status, Map<String, String> headers, Optional<Long> length, Body body) {
        static Said of(int status, String type, byte[] bytes) {
            return new Said(
                    status, Map.of("Content-Type", type), Optional.of((long) bytes.length), out -> out.write(bytes));
        }

        static Said of(int status, String type, String text) {
            return of(status, type, text.getBytes(StandardCharsets.UTF_8));
        }

        static Said json(JsonObject json) {
            return of(200, "application/json", json.toString());
        }
    }

    /** What the real server says, asked only when it matters. */
    @FunctionalInterface
    interface Truth {
        byte[] get() throws IOException;

        default JsonObject json() throws IOException {
            return Json.parse(new String(get(), StandardCharsets.UTF_8)).asObject();
        }
    }

    /** What is said instead; empty for the truth. */
    @FunctionalInterface
    interface Lie {
        Lie NONE = (asked, truth) -> Optional.empty();

        Optional<Said> about(Asked asked, Truth truth) throws IOException;
    }

    private final RunningServer real;
    private final HttpServer front;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger lies = new AtomicInteger();
    private volatile Lie lie = Lie.NONE;
    private volatile Optional<URI> wake = Optional.empty();
    private volatile Optional<RuntimeException> fault = Optional.empty();

    LyingServer(RunningServer real) throws IOException {
        this.real = real;
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.setExecutor(threads);
        front.createContext("/", this::serve);
        front.start();
    }

    String url() {
        return "http://127.0.0.1:" + front.getAddress().getPort();
    }

    /** Where clients are to be woken; nowhere at first. */
    void wakeAt(Optional<URI> address) {
        wake = address;
    }

    void lie(Lie told) {
        lies.set(0);
        fault = Optional.empty();
        lie = told;
    }

    void beHonest() {
        lie = Lie.NONE;
    }

    /** How often a client was lied to since {@link #lie}. */
    int liesTold() {
        return lies.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Asked asked = new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body);
            Optional<Said> said = said(asked, () -> forward(exchange, asked).body());
            if (said.isPresent()) {
                lies.incrementAndGet();
                answer(exchange, said.get());
            } else if (asked.path().equals("/v1/info")) {
                answer(exchange, Said.json(ourselves(forward(exchange, asked).body())));
            } else {
                answer(exchange, truth(forward(exchange, asked)));
            }
        }
    }

    private Optional<Said> said(Asked asked, Truth truth) throws IOException {
        try {
            return lie.about(asked, truth);
        } catch (RuntimeException slip) {
            fault = Optional.of(slip);
            throw slip;
        }
    }

    /** A fault of the liar's own, which no client is to blame for. */
    Optional<RuntimeException> fault() {
        return fault;
    }

    /** So that clients come here, not to the real server. */
    JsonObject ourselves(byte[] info) {
        JsonObject json = Json.parse(new String(info, StandardCharsets.UTF_8)).asObject();
        json.set("addresses", new JsonArray().add(url())).remove("wake");
        wake.ifPresent(address -> json.add("wake", address.toString()));
        return json;
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, Asked asked) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(real.uri(asked.path()))
                        .method(asked.method(), HttpRequest.BodyPublishers.ofByteArray(asked.body()));
        for (String name : new String[] {"Authorization", "Content-Type", "Range"}) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
                    .ifPresent(value -> request.header(name, value));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IOException(closing);
        }
    }

    private static Said truth(HttpResponse<byte[]> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (CARRIED.contains(name.toLowerCase(Locale.ROOT))) {
                                headers.put(name, values.getFirst());
                            }
                        });
        byte[] body = response.body();
        return new Said(response.statusCode(), headers, Optional.of((long) body.length), out -> out.write(body));
    }

    private static void answer(HttpExchange exchange, Said said) throws IOException {
        said.headers().forEach(exchange.getResponseHeaders()::set);
        long length = said.length().map(l -> l == 0 ? -1 : l).orElse(0L);
        exchange.sendResponseHeaders(said.status(), length);
        try (OutputStream out = exchange.getResponseBody()) {
            said.body().write(out);
        }
    }

    @Override
    public void close() {
        front.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
