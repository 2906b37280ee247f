package tinysync.server.http;

import com.eclipsesource.json.JsonObject;

import java.util.Optional;
import java.util.Set;

/**
 * A good request of one call, to be spoiled in all ways.
 *
 * @param path the path of the route, with its parameters in braces
 * @param json the body, where that is JSON
 * @param free names of members that may be absent, or hold anything
 */
record Example(String path, RawRequest request, Optional<JsonObject> json, Set<String> free) {
    Example {
        free = Set.copyOf(free);
    }

    /** As a route is named here: method and path. */
    String route() {
        return request.method() + " " + path;
    }

    boolean isRead() {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** The same call with another body. */
    RawRequest with(JsonObject other) {
        return request.body(RawRequest.text(other.toString()));
    }
}
