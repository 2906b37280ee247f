package tinysync.client.transfer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Stands between a client and a server, writes down what is asked, and can spoil what is answered. */
final class Gateway implements AutoCloseable {
    private static final Set<String> NOT_PASSED = Set.of("connection", "content-length", "host", "transfer-encoding");

    private final URI target;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> spoiled = request -> false;
    private volatile UnaryOperator<byte[]> spoiler = UnaryOperator.identity();

    Gateway(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All requests so far as {@code METHOD PATH}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    long count(String method, String part) {
        return asked.stream().filter(line -> line.startsWith(method + " ") && line.contains(part)).count();
    }

    void forget() {
        asked.clear();
    }

    /** From now on good answers to these requests have other bodies; a shorter one breaks off. */
    void spoil(Predicate<String> requests, UnaryOperator<byte[]> bodies) {
        spoiled = requests;
        spoiler = bodies;
    }

    void heal() {
        spoiled = request -> false;
    }

    private void pass(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(request);
        try (exchange) {
            HttpResponse<byte[]> answer = client.send(forwarded(exchange), BodyHandlers.ofByteArray());
            answer.headers()
                    .map()
                    .forEach(
                            (name, values) -> {
                                if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                                    exchange.getResponseHeaders().put(name, values);
                                }
                            });
            byte[] body = answer.body();
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            boolean spoil = answer.statusCode() / 100 == 2 && spoiled.test(request);
            exchange.getResponseBody().write(spoil ? spoiler.apply(body.clone()) : body);
            exchange.getResponseBody().flush();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest forwarded(HttpExchange exchange) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI().toString()))
                        .method(
                                exchange.getRequestMethod(),
                                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                                values.forEach(value -> request.header(name, value));
                            }
                        });
        return request.build();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }
}
