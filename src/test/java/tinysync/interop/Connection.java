package tinysync.interop;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.UUID;

/** A wake connection that a peer is to open, and how it is called when the peer speaks of it. */
record Connection(String label, URI url, String token) {

    JsonObject auth() {
        return new JsonObject()
                .add("type", "auth")
                .add("token", token)
                .add("instance", UUID.nameUUIDFromBytes(new byte[0]).toString());
    }

    static JsonArray json(List<Connection> connections) {
        JsonArray all = new JsonArray();
        for (Connection one : connections) {
            all.add(
                    new JsonObject()
                            .add("label", one.label())
                            .add("url", one.url().toString())
                            .add("auth", one.auth()));
        }
        return all;
    }
}
