package tinysync.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonObject;

import java.util.ArrayList;
import java.util.List;

/**
 * A request written out by hand, so that any part of it can be wrong. A char is a byte.
 *
 * @param headers whole lines, without their ends
 */
record RawRequest(String method, String target, String version, List<String> headers, String body) {
    RawRequest {
        headers = List.copyOf(headers);
    }

    static RawRequest of(String method, String target, String token) {
        List<String> headers = new ArrayList<>(List.of("Host: drive"));
        if (!token.isEmpty()) {
            headers.add("Authorization: Bearer " + token);
        }
        return new RawRequest(method, target, "HTTP/1.1", headers, "");
    }

    static RawRequest of(String method, String target, String token, JsonObject json) {
        return of(method, target, token).with("Content-Type: application/json").body(text(json.toString()));
    }

    /** The bytes of some text, as chars. */
    static String text(String unicode) {
        return bytes(unicode.getBytes(UTF_8));
    }

    static String bytes(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    RawRequest method(String other) {
        return new RawRequest(other, target, version, headers, body);
    }

    RawRequest target(String other) {
        return new RawRequest(method, other, version, headers, body);
    }

    RawRequest version(String other) {
        return new RawRequest(method, target, other, headers, body);
    }

    /** With one more line in its head. */
    RawRequest with(String line) {
        List<String> more = new ArrayList<>(headers);
        more.add(line);
        return new RawRequest(method, target, version, more, body);
    }

    /** Without any header of this name. */
    RawRequest without(String name) {
        return new RawRequest(
                method, target, version, headers.stream().filter(line -> !line.startsWith(name + ":")).toList(), body);
    }

    RawRequest body(String other) {
        RawRequest request = new RawRequest(method, target, version, headers, other).without("Content-Length");
        return other.isEmpty() ? request : request.with("Content-Length: " + other.length());
    }

    /** The body as it is, with nothing in the head that tells its end. */
    RawRequest unframed(String other) {
        return new RawRequest(method, target, version, headers, other).without("Content-Length");
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder(method + " " + target + " " + version + "\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return (head + "\r\n" + body).getBytes(ISO_8859_1);
    }
}
