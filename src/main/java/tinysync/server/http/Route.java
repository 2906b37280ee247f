package tinysync.server.http;

import tinysync.wire.Role;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One call: a method, a path such as {@code /v1/vaults/{v}/log}, who may make it at all, and what it does. What a path
 * has in braces is a parameter of one segment.
 *
 * @param role what the caller needs in the vault of the path before the call is made
 */
record Route(String method, String path, Need need, Optional<Role> role, Handler handler) {

    /** Who may make a call; what exactly is then for the rules to say. */
    enum Need {
        NOBODY,
        /** A token is looked at where there is one. */
        OPTIONAL,
        DEVICE,
        ADMIN,
        DEVICE_OR_ADMIN
    }

    /** Answers a call, or throws what the {@link Gate} makes an answer of. */
    interface Handler {
        void handle(Call call) throws IOException;
    }

    Route {
        Objects.requireNonNull(need);
        Objects.requireNonNull(role);
        Objects.requireNonNull(handler);
    }

    Route(String method, String path, Need need, Handler handler) {
        this(method, path, need, Optional.empty(), handler);
    }

    Route(String method, String path, Need need, Role role, Handler handler) {
        this(method, path, need, Optional.of(role), handler);
    }

    /** The parameters, where the path is one of this route's. */
    Optional<Map<String, String>> match(List<String> segments) {
        String[] pattern = path.substring(1).split("/", -1);
        if (pattern.length != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) {
                if (segments.get(i).isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(pattern[i].substring(1, pattern[i].length() - 1), segments.get(i));
            } else if (!pattern[i].equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
