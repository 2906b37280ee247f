package tinysync.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a request goes: path segments and query values, each decoded once. There is one spelling of each path: no empty
 * segments, no dots that mean folders, nothing encoded that could be a separator or a control character.
 */
record Target(List<String> segments, Map<String, String> query) {
    private static final int LENGTH_MAX = 4 << 10;

    Target {
        segments = List.copyOf(segments);
        query = Map.copyOf(query);
    }

    /**
     * @throws Refusal bad_request
     */
    static Target parse(URI uri) {
        if (uri.isAbsolute() || uri.getRawAuthority() != null || uri.getRawPath() == null) {
            throw bad("a request names a path");
        }
        String path = uri.getRawPath();
        if (path.length() > LENGTH_MAX || !path.startsWith("/") || uri.getRawFragment() != null) {
            throw bad("not a path of this server");
        }
        List<String> segments = new ArrayList<>();
        for (String raw : path.substring(1).split("/", -1)) {
            String segment = decode(raw);
            if (segment.equals(".")
                    || segment.equals("..")
                    || segment.indexOf('/') >= 0
                    || segment.indexOf('\\') >= 0) {
                throw bad("not a path of this server");
            }
            segments.add(segment);
        }
        return new Target(segments, query(Optional.ofNullable(uri.getRawQuery())));
    }

    private static Map<String, String> query(Optional<String> raw) {
        Map<String, String> query = new HashMap<>();
        if (raw.isEmpty() || raw.get().isEmpty()) {
            return query;
        }
        if (raw.get().length() > LENGTH_MAX) {
            throw bad("the query is too long");
        }
        for (String pair : raw.get().split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (query.putIfAbsent(name, value) != null) {
                throw bad("the query has '" + name + "' twice");
            }
        }
        return query;
    }

    private static String decode(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                String hex = raw.substring(i + 1, Math.min(raw.length(), i + 3));
                if (!hex.matches("[0-9A-Fa-f]{2}")) {
                    throw bad("half an escape in the address");
                }
                bytes.write(Integer.parseInt(hex, 16));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(c < 0x80 ? ISO_8859_1 : UTF_8));
            }
        }
        try {
            String decoded =
                    UTF_8.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes.toByteArray()))
                            .toString();
            if (decoded.chars().anyMatch(Character::isISOControl)) {
                throw bad("a control character in the address");
            }
            return decoded;
        } catch (CharacterCodingException malformed) {
            throw bad("the address is not UTF-8");
        }
    }

    private static Refusal bad(String message) {
        return new Refusal(ErrorCode.BAD_REQUEST, message);
    }
}
