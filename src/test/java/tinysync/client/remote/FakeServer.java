package tinysync.client.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;
import tinysync.wire.Samples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers every request in the one way a test wants, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    static final DeviceToken TOKEN = new DeviceToken(new DeviceId(new Samples(0).uuid()), "ab".repeat(32));

    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String asked = "";
    private volatile String authorization = "";
    private volatile byte[] body = new byte[0];

    FakeServer(Answer answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
                    authorization =
                            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
                    body = exchange.getRequestBody().readAllBytes();
                    answer.to(exchange);
                });
        server.start();
    }

    /** A server whose every answer is this. */
    static FakeServer saying(int status, String type, String text) throws IOException {
        return new FakeServer(exchange -> answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8)));
    }

    static void answer(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Waits until the server is closed, as one that hangs. */
    void hang() {
        try {
            closed.await();
        } catch (InterruptedException ended) {
            throw new UncheckedIOException(new IOException(ended));
        }
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    ServerApi api() {
        return new ServerApi(new ServerConnection(base(), TOKEN, Optional.empty()));
    }

    /** As a client whose heap is so small that no answer may take more than this of it. */
    ServerApi api(long answerHeapMax) {
        ServerConnection connection = new ServerConnection(base(), TOKEN, Optional.empty());
        return new ServerApi(connection, Traffic.FREE, answerHeapMax);
    }

    String asked() {
        return asked;
    }

    String authorization() {
        return authorization;
    }

    byte[] body() {
        return body.clone();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
