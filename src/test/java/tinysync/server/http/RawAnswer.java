package tinysync.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/**
 * All that a server said to one request, and how it left the connection.
 *
 * @param head with its line ends; empty where the connection was closed without a word
 * @param after what became of the connection
 */
record RawAnswer(String head, String body, After after) {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String PROBE = "GET /healthz HTTP/1.1\r\nHost: drive\r\nConnection: close\r\n\r\n";

    /** How a connection is left behind an answer. */
    enum After {
        CLOSED,
        /** It took another request, and answered that one. */
        GOOD,
        /** It was kept, and what followed was not understood. */
        CONFUSED
    }

    /** Sends it over a connection of its own; with {@code ends} nothing can follow, and the server sees that. */
    static RawAnswer to(int port, byte[] request, boolean head, boolean ends) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            boolean sent = send(socket.getOutputStream(), request);
            if (ends && sent) {
                socket.shutdownOutput();
            }
            return read(socket, head, ends);
        }
    }

    /** Whether it took all of it; who does not like a request need not read it. */
    private static boolean send(OutputStream out, byte[] request) {
        try {
            out.write(request);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private static RawAnswer read(Socket socket, boolean toHead, boolean ends) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            String head = head(in);
            if (head.isEmpty()) {
                return new RawAnswer("", "", After.CLOSED);
            }
            String body = toHead || head.matches("HTTP/1.1 (204|304)(?s:.*)") ? "" : body(in, head);
            boolean closes = header(head, "Connection").equals(Optional.of("close"));
            return new RawAnswer(head, body, closes || ends ? After.CLOSED : probed(socket));
        } catch (IOException reset) {
            return new RawAnswer("", "", After.CLOSED);
        }
    }

    private static After probed(Socket socket) throws IOException {
        if (!send(socket.getOutputStream(), PROBE.getBytes(ISO_8859_1))) {
            return After.CLOSED;
        }
        String next = head(socket.getInputStream());
        if (next.isEmpty()) {
            return After.CLOSED;
        }
        return next.startsWith("HTTP/1.1 200 ") ? After.GOOD : After.CONFUSED;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
            text = b == '\n' ? head.toString(ISO_8859_1) : text;
        }
        return text;
    }

    private static String body(InputStream in, String head) throws IOException {
        Optional<String> length = header(head, "Content-Length");
        if (length.isPresent()) {
            return new String(in.readNBytes(Integer.parseInt(length.get())), UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size = Integer.parseInt(line(in), 16);
        while (size > 0) {
            body.writeBytes(in.readNBytes(size));
            line(in);
            size = Integer.parseInt(line(in), 16);
        }
        line(in);
        return body.toString(UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            line.append((char) b);
            b = in.read();
        }
        return line.toString().strip();
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    Optional<String> header(String name) {
        return header(head, name);
    }

    boolean closedSilently() {
        return head.isEmpty();
    }

    int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** The error code, where the body is an error of ours. */
    Optional<String> code() {
        if (!header("Content-Type").equals(Optional.of("application/json"))) {
            return Optional.empty();
        }
        JsonObject error = Json.parse(body).asObject().get("error").asObject();
        return Optional.of(error.getString("code", ""));
    }
}
