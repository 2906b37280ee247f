package tinysync.client;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.server.HostPort;
import tinysync.server.ServerOptions;
import tinysync.server.TinySyncServer;
import tinysync.wire.AdminToken;
import tinysync.wire.InviteText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A home, and a server in this process that it can join. */
abstract class AtServer {
    @TempDir Path temp;

    TinySyncServer server;
    Home home;

    @BeforeEach
    void serve() throws Exception {
        temp = temp.toRealPath();
        server = TinySyncServer.start(ServerOptions.on(temp.resolve("server"), new HostPort("127.0.0.1", 0), "test"));
        home = Home.open(temp.resolve("home"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Makes the home a device of the server, and shows vault {@code main} in the folder. */
    void join(Path folder, Optional<String> as) throws Exception {
        InviteText invite = InviteText.parse(server.firstInvite().orElseThrow());
        Membership membership = new Membership(home, new SystemRandom());
        Identity identity =
                membership.register(
                        new Membership.Registering(
                                invite.base(), invite.pin(), Optional.of(invite.code()), Optional.empty(), "laptop"));
        try (ServerApi api = new ServerApi(Membership.connection(identity))) {
            membership.attach(home.account(identity.serverId()), api.me(), Optional.empty(), folder, as);
        }
    }

    /** How the operator asks the server. */
    ServerApi operator() throws IOException {
        String token = Files.readString(temp.resolve("server/admin.token")).strip();
        return new ServerApi(
                new ServerConnection(server.url(), AdminToken.tryParse(token).orElseThrow(), Optional.empty()));
    }

    JsonObject admin(String method, String path, JsonObject body) throws Exception {
        try (ServerApi api = operator()) {
            return api.call(method, path, Optional.of(body));
        }
    }
}
