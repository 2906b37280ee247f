package tinysync.interop;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import tinysync.server.tls.Handshakes;
import tinysync.wire.WakeCodec;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code java.net.http}, as an application would use it. */
record JdkPeer(HttpClient http, Transcript said) implements Peer {

    static JdkPeer open(List<Connection> connections) {
        JdkPeer peer = new JdkPeer(HttpClient.newBuilder().sslContext(Handshakes.trusting()).build(), new Transcript());
        connections.forEach(peer::open);
        return peer;
    }

    private void open(Connection connection) {
        WebSocket socket =
                http.newWebSocketBuilder()
                        .subprotocols(WakeCodec.SUBPROTOCOL)
                        .buildAsync(connection.url(), new Follower(connection.label(), said))
                        .join();
        said.add(connection.label() + " protocol " + socket.getSubprotocol());
        socket.sendText(connection.auth().toString(), true).join();
    }

    private record Follower(String label, Transcript said) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            JsonObject frame = Json.parse(text.toString()).asObject();
            String type = frame.getString("type", "");
            String seq = type.equals("head") ? " " + frame.get("head").asObject().get("seq") : "";
            said.add(label + " " + type + seq);
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            said.add(label + " close " + code);
            return null;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
