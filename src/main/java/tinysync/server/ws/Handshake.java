package tinysync.server.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import tinysync.server.live.Origins;
import tinysync.wire.WakeCodec;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The request head that opens a WebSocket, and its answer (RFC 6455, 4.2). */
final class Handshake {
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String HEADER_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String FORWARDED_FOR = Origins.HEADER.toLowerCase(Locale.ROOT);
    private static final String HOST = "[0-9A-Za-z.:_\\[\\]%-]+";

    /** A proxy may have a prefix in front; a query would be a place for secrets, and there is none. */
    private static final String TARGET = "(/[0-9A-Za-z._~%-]+)*" + WakeCodec.PATH;

    private static final String SUBPROTOCOLS = "sec-websocket-protocol";

    /** Those that mean one list when they come more than once (RFC 6455, 11.3); no other may be repeated. */
    private static final Set<String> LISTS =
            Set.of("connection", "upgrade", SUBPROTOCOLS, "sec-websocket-extensions", FORWARDED_FOR);

    /** What decides about this connection, and must not be said in two ways. */
    private static final Set<String> SINGLE =
            Set.of("host", "origin", "sec-websocket-key", "sec-websocket-version", "content-length");

    private Handshake() {}

    /**
     * What is to be sent back; only with {@code open} the connection is a WebSocket afterwards.
     *
     * @param forwardedFor what the request says of where it comes from
     */
    record Answer(boolean open, String head, List<String> forwardedFor) {
        byte[] bytes() {
            return head.getBytes(US_ASCII);
        }
    }

    /** Reads one head and not a byte more; empty where the peer said nothing at all. */
    static Optional<Answer> read(InputStream in) throws IOException {
        byte[] head = new byte[HEAD_BYTES_MAX];
        int length = 0;
        while (!endsHead(head, length)) {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            if (length == HEAD_BYTES_MAX) {
                return Optional.of(refused("431 Request Header Fields Too Large", ""));
            }
            head[length++] = (byte) b;
        }
        return Optional.of(answer(new String(head, 0, length, ISO_8859_1)));
    }

    private static boolean endsHead(byte[] head, int length) {
        return length >= 4 && Arrays.equals(head, length - 4, length, new byte[] {'\r', '\n', '\r', '\n'}, 0, 4);
    }

    static Answer answer(String head) {
        String[] lines = head.split("\r\n");
        // Nothing but line ends splits into no line at all.
        String[] request = lines.length == 0 ? lines : lines[0].split(" ", -1);
        if (request.length != 3 || !request[2].equals("HTTP/1.1")) {
            return refused("400 Bad Request", "");
        }
        Optional<Map<String, String>> headers = headers(lines);
        if (headers.isEmpty() || !headers.get().getOrDefault("host", "").matches(HOST) || hasBody(headers.get())) {
            return refused("400 Bad Request", "");
        }
        if (!request[1].matches(TARGET)) {
            return refused("404 Not Found", "");
        }
        return request[0].equals("GET") ? upgrade(headers.get()) : refused("405 Method Not Allowed", "Allow: GET\r\n");
    }

    private static Optional<Map<String, String>> headers(String[] lines) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? "" : lines[i].substring(0, colon);
            String value = lines[i].substring(colon + 1).strip();
            if (!name.matches(HEADER_NAME) || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
                return Optional.empty();
            }
            String key = name.toLowerCase(Locale.ROOT);
            String before = headers.putIfAbsent(key, value);
            if (before != null && LISTS.contains(key)) {
                headers.put(key, before + "," + value);
            } else if (before != null && SINGLE.contains(key)) {
                return Optional.empty();
            }
        }
        return Optional.of(headers);
    }

    /** Its bytes would be taken for frames. */
    private static boolean hasBody(Map<String, String> headers) {
        return headers.containsKey("transfer-encoding") || !headers.getOrDefault("content-length", "0").equals("0");
    }

    private static Answer upgrade(Map<String, String> headers) {
        boolean asked =
                lists(headers.getOrDefault("upgrade", "").toLowerCase(Locale.ROOT), "websocket")
                        && lists(headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT), "upgrade");
        if (!asked) {
            return refused("426 Upgrade Required", "Upgrade: websocket\r\n");
        }
        if (!headers.getOrDefault("sec-websocket-version", "").equals("13")) {
            return refused("426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        }
        if (headers.containsKey("origin") && !sameHost(headers.get("origin"), headers.get("host"))) {
            return refused("403 Forbidden", "");
        }
        String key = headers.getOrDefault("sec-websocket-key", "");
        boolean offered = headers.containsKey(SUBPROTOCOLS);
        boolean understood = !offered || lists(headers.get(SUBPROTOCOLS), WakeCodec.SUBPROTOCOL);
        if (!isKey(key) || !understood) {
            return refused("400 Bad Request", "");
        }
        return new Answer(
                true,
                "HTTP/1.1 101 Switching Protocols\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: "
                        + accept(key)
                        + "\r\n"
                        + (offered ? "Sec-WebSocket-Protocol: " + WakeCodec.SUBPROTOCOL + "\r\n" : "")
                        + "\r\n",
                Optional.ofNullable(headers.get(FORWARDED_FOR)).stream().toList());
    }

    private static boolean lists(String value, String wanted) {
        return Arrays.stream(value.split(",")).map(String::strip).anyMatch(wanted::equals);
    }

    /** Ports differ between the pages of a server and its wake socket. */
    private static boolean sameHost(String origin, String host) {
        try {
            String page = new URI(origin).getHost();
            return page != null && page.equalsIgnoreCase(new URI("ws://" + host).getHost());
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What proves that the key was read by someone who speaks this protocol. */
    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_GUID).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-1", e);
        }
    }

    private static Answer refused(String status, String headers) {
        return new Answer(
                false,
                "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n",
                List.of());
    }
}
